"""Requests, dates, claims and equipment in Django's admin. States change in `workflow` alone: here they are read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shareloc.web import formats
from shareloc.web.admin_site import Careful, ReadOnly
from venues.admin import SpaceAdmin as VenuesSpaceAdmin
from venues.admin import named
from venues.models import EquipmentPool, Space, SpaceUnit, Unit

from . import notifications, stock
from .forms.stocking import PoolForm
from .models import (
    Agreement,
    Alert,
    BookingRequest,
    CalendarToken,
    Claim,
    Delivery,
    ExpiryNotice,
    Incident,
    Journal,
    Message,
    Occurrence,
    OccurrenceEquipment,
    Proposal,
    Signature,
    Visit,
)

# -- spaces, as far as promises bind them -------------------------------------------------------

admin.site.unregister(Space)


class UnitsFormSet(BaseInlineFormSet):
    """At least one unit, of the space's own school, and none changed under a promise."""

    def clean(self) -> None:
        super().clean()
        if not self.has_changed():
            return
        try:
            stock.check_can_be_recut(self.instance)
        except stock.StockError as error:
            raise ValidationError(str(error), code="promised") from error


class UnitForm(forms.ModelForm):
    def _post_clean(self) -> None:
        """The model's own check needs a unit to look at."""
        if self.cleaned_data.get("unit"):
            super()._post_clean()  # type: ignore[misc]


def _unit(units: dict[str, Unit], key: Any) -> Unit:
    """One of the choices; ValueError, which the form explains, for anything else."""
    if str(key) not in units:
        raise ValueError
    return units[str(key)]


class UnitsInline(admin.TabularInline):
    model = SpaceUnit
    form = UnitForm
    formset = UnitsFormSet
    extra = 0
    min_num = 1
    validate_min = True
    verbose_name_plural = _("unités occupées (deux moitiés et le gymnase entier partagent leurs unités)")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("space", "unit")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Units of this school's rooms to choose from, read once for all lines."""
        units = Unit.objects.filter(school=obj.school_id, pool__isnull=True, retired_at__isnull=True)
        by_key = {str(unit.pk): unit for unit in units.order_by("name", "pk")}
        formset = super().get_formset(request, obj, validate_min=True, **kwargs)
        formset.form.base_fields["unit"] = forms.TypedChoiceField(
            label=_("Unité"),
            choices=[("", "---------"), *((key, unit.name) for key, unit in by_key.items())],
            coerce=lambda key: _unit(by_key, key),
            empty_value=None,
        )
        return formset


@admin.register(Space)
class SpaceAdmin(VenuesSpaceAdmin):
    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """A new space gets a unit of its own; then it can share others'."""
        return [*([UnitsInline] if obj else []), *self.inlines]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A space that was ever asked for stays: take it off the list instead."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return listed, counts, lacking, [*protected, *map(str, stock.requests_of(list(objs)))]

    def delete_model(self, request: HttpRequest, obj: Space) -> None:
        """Its units go with it, unless other spaces or claims need them."""
        units = list(obj.units.values_list("pk", flat=True))
        super().delete_model(request, obj)
        stock.forget_units(units)


# -- equipment ----------------------------------------------------------------------------------


class SchoolPoolForm(PoolForm):
    """In the admin, the school is chosen too."""

    class Meta(PoolForm.Meta):
        fields = ("school", *PoolForm.Meta.fields)


@admin.register(EquipmentPool)
class EquipmentPoolAdmin(Careful):
    form = SchoolPoolForm
    fields = ("school", "kind", "description", "quantity", "notice_hours", "published")
    list_display = ("kind", "description", "school", "quantity", "published", "is_demo")
    list_filter = ("published", "kind", "school__department", "is_demo")
    list_select_related = ("kind", "school")
    ordering = ("school", "kind", "pk")
    autocomplete_fields = ("school",)
    search_fields = ("kind__name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        pools: Any = super().get_queryset(request)
        return pools.with_quantity()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        own = Q(kind__name__icontains=term) | Q(description__icontains=term)
        return queryset.filter(named("school__", term) | own), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("school",) if obj else ()

    @admin.display(description=_("quantité"), ordering="quantity")
    def quantity(self, pool: Any) -> int:
        return pool.quantity

    def save_model(self, request: HttpRequest, obj: EquipmentPool, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        try:
            stock.set_quantity(obj, form.cleaned_data["quantity"])
        except stock.StockError as error:  # promised between the form's check and now
            self.message_user(request, str(error), messages.ERROR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was lent once stays known: set the quantity to zero, or stop offering it."""
        return False


# -- requests -----------------------------------------------------------------------------------


class OccurrenceInline(ReadOnly, admin.TabularInline):
    model = Occurrence
    fields = readonly_fields = ("start_at", "end_at", "state", "what", "reason")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        dates = super().get_queryset(request).select_related("request")
        return dates.prefetch_related("spaces", "equipment__pool__kind")

    @admin.display(description=_("demandé"))
    def what(self, date: Occurrence) -> str:
        return ", ".join([*(space.name for space in date.spaces.all()), *map(str, date.equipment.all())])


class JournalInline(ReadOnly, admin.TabularInline):
    model = Journal
    fields = readonly_fields = ("at", "verb", "actor", "reason", "notified_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor", "request")


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    fields = readonly_fields = ("sent_at", "side", "author", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("author", "request")


@admin.register(BookingRequest)
class BookingRequestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "reference",
        "purpose",
        "organisation",
        "school",
        "state",
        "dates",
        "submitted_at",
        "answer_due_on",
    )
    list_filter = ("state", "school__department", "organisation__kind")
    list_select_related = ("organisation", "school")
    ordering = ("-submitted_at", "-pk")
    search_fields = ("reference", "purpose", "organisation__name")
    date_hierarchy = "submitted_at"
    inlines = (OccurrenceInline, MessageInline, JournalInline)
    show_full_result_count = False
    readonly_fields = ("deposit",)
    fields = (
        "reference", "state", "organisation", "school", "created_by", "purpose", "attendees", "message",
        "contact_name", "contact_phone", "submitted_at", "answer_due_on", "decided_at", "deposit",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(date_count=Count("occurrences"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        """Every word in the reference, the purpose, the organisation's name or the school's."""
        for word in term.split():
            own = (
                Q(reference__icontains=word)
                | Q(purpose__icontains=word)
                | Q(organisation__name__icontains=word)
            )
            queryset = queryset.filter(own | named("school__", word))
        return queryset, False

    @admin.display(description=_("dates"), ordering="date_count")
    def dates(self, request: Any) -> int:
        return request.date_count


class EquipmentInline(ReadOnly, admin.TabularInline):
    model = OccurrenceEquipment
    fields = readonly_fields = ("pool", "quantity", "collected_at", "returned_at", "condition")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("pool__kind")


class ClaimInline(ReadOnly, admin.TabularInline):
    model = Claim
    fields = ("unit", "start_at", "end_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("unit")


class ProposalInline(ReadOnly, admin.TabularInline):
    model = Proposal
    fields = ("side", "start_at", "end_at", "message", "made_at", "expires_at", "outcome")


class VisitInline(ReadOnly, admin.StackedInline):
    model = Visit


class IncidentInline(ReadOnly, admin.TabularInline):
    model = Incident
    fields = ("reported_at", "reported_by", "text", "photo")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("reported_by")


@admin.register(Occurrence)
class OccurrenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("start_at", "end_at", "request", "state", "school")
    list_filter = ("state", "request__school__department")
    list_select_related = ("request__school",)
    search_fields = ("request__reference", "request__purpose")
    date_hierarchy = "start_at"
    inlines = (EquipmentInline, ClaimInline, ProposalInline, VisitInline, IncidentInline)
    fields = (
        "request", "start_at", "end_at", "state", "reason", "places", "price", "price_ground", "value",
        "blocked_at", "uid", "sequence", "changed_at",
    )  # fmt: skip
    readonly_fields = ("places", "price", "price_ground", "value", "blocked_at")
    show_full_result_count = False

    @admin.display(description=_("lycée"), ordering="request__school__name")
    def school(self, date: Occurrence) -> str:
        return date.request.school.name

    @admin.display(description=_("salles"))
    def places(self, date: Occurrence) -> str:
        return ", ".join(space.name for space in date.spaces.all())


class SignatureInline(ReadOnly, admin.TabularInline):
    model = Signature
    fields = ("side", "name", "signed_at", "delegation")


@admin.register(Agreement)
class AgreementAdmin(ReadOnly, admin.ModelAdmin):
    """What was signed is read, never changed: a new version is drawn up instead."""

    list_display = ("number", "version", "request", "generated_at", "signed_by")
    list_select_related = ("request",)
    search_fields = ("number", "request__reference", "digest")
    date_hierarchy = "generated_at"
    inlines = (SignatureInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("signatures")

    @admin.display(description=_("signée par"))
    def signed_by(self, agreement: Agreement) -> str:
        return ", ".join(str(signature.get_side_display()) for signature in agreement.signatures.all())


@admin.register(Claim)
class ClaimAdmin(ReadOnly, admin.ModelAdmin):
    """Claims follow from decisions: whoever wants one decides a date."""

    list_display = ("unit", "school", "start_at", "end_at", "request")
    list_select_related = ("unit", "school", "occurrence__request")
    list_filter = ("school__department",)
    search_fields = ("unit__name", "occurrence__request__reference")
    date_hierarchy = "start_at"
    show_full_result_count = False

    @admin.display(description=_("demande"))
    def request(self, claim: Claim) -> str:
        return claim.occurrence.request.reference


# -- what happened, and who was told ------------------------------------------------------------


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fields = readonly_fields = ("recipient", "template", "created_at", "sent_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("recipient")


@admin.register(Journal)
class JournalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "request", "verb", "actor", "reason", "told")
    list_filter = ("verb",)
    list_select_related = ("request", "actor")
    search_fields = ("request__reference", "reason")
    date_hierarchy = "at"
    inlines = (DeliveryInline,)
    fields = ("request", "verb", "actor", "at", "reason", "data", "notified_at")
    show_full_result_count = False

    @admin.display(description=_("courriels partis"), boolean=True)
    def told(self, line: Journal) -> bool:
        return line.notified_at is not None


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("to", "template", "request", "written_at", "left_at")
    list_filter = ("template", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient", "journal__request")
    search_fields = ("recipient__email", "journal__request__reference")
    fields = ("to", "template", "request", "written_at", "left_at")
    actions = ("send_again",)
    show_full_result_count = False

    @admin.display(description=_("à"), ordering="recipient__email")
    def to(self, delivery: Delivery) -> str:
        return delivery.recipient.email

    @admin.display(description=_("demande"))
    def request(self, delivery: Delivery) -> str:
        return delivery.journal.request.reference

    @admin.display(description=_("écrit le"), ordering="created_at")
    def written_at(self, delivery: Delivery) -> str:
        return formats.moment(delivery.created_at)

    @admin.display(description=_("parti le"), ordering="sent_at", empty_value="–")
    def left_at(self, delivery: Delivery) -> str | None:
        return formats.moment(delivery.sent_at) if delivery.sent_at else None

    def has_send_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("bookings.change_delivery"))

    @admin.action(description=_("Essayer encore d’envoyer ceux qui ne sont pas partis"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = notifications.send_again(queryset)
        said = ngettext("%(n)s courriel sera retenté.", "%(n)s courriels seront retentés.", count) % {
            "n": count
        }
        self.message_user(request, said, messages.SUCCESS)


@admin.register(ExpiryNotice)
class ExpiryNoticeAdmin(ReadOnly, admin.ModelAdmin):
    """Who was told that a certificate runs out."""

    list_display = ("document", "recipient", "created_at", "sent_at")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)
    list_select_related = ("document__organisation", "recipient")
    search_fields = ("document__organisation__name", "recipient__email")
    date_hierarchy = "created_at"
    fields = ("document", "recipient", "created_at", "sent_at")
    show_full_result_count = False


@admin.register(CalendarToken)
class CalendarTokenAdmin(admin.ModelAdmin):
    """The secret is nowhere; all one can do for a lost address is to take it away."""

    list_display = ("holder", "scope", "subject", "created_at", "last_access_at")
    list_filter = ("scope",)
    list_select_related = ("user", "space__school", "school")
    search_fields = ("user__email", "space__name", "school__search_text")
    fields = ("holder", "scope", "subject", "created_at", "last_access_at")
    readonly_fields = ("holder", "scope", "subject", "created_at", "last_access_at")

    @admin.display(description=_("personne"), ordering="user__email")
    def holder(self, token: CalendarToken) -> str:
        return token.user.email

    @admin.display(description=_("calendrier de"), empty_value="–")
    def subject(self, token: CalendarToken) -> str | None:
        if token.space:
            return f"{token.space.name} – {token.space.school.name}"
        return token.school.name if token.school else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(ReadOnly, admin.ModelAdmin):
    """Who waits for what, to see what is lacking where; each person takes back their own."""

    list_display = ("label", "holder", "created_at", "expires_at", "fired_at", "revoked_at")
    list_filter = (("fired_at", admin.EmptyFieldListFilter), ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("label", "user__email")
    date_hierarchy = "created_at"
    fields = (
        "label", "query", "holder", "created_at", "expires_at", "checked_at", "fired_at", "sent_at", "revoked_at",
    )  # fmt: skip
    show_full_result_count = False

    @admin.display(description=_("personne"), ordering="user__email")
    def holder(self, alert: Alert) -> str:
        return alert.user.email
