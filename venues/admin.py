"""The catalogue in Django's admin: schools, what they lend, when they lend it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shareloc.accounts.models import Organisation
from shareloc.web.admin_site import Careful, Labels, ReadOnly
from shareloc.web.widgets import clock_input

from .models import (
    BusyTime,
    Closure,
    EquipmentKind,
    Feature,
    OpeningHours,
    PriceRule,
    School,
    SchoolRole,
    Space,
    SpacePhoto,
    StandingApproval,
    Unit,
)
from .models.columns import ClockField
from .places import fold

CLOCK: Any = {ClockField: {"widget": clock_input()}}
HOURS = ("weekday", "starts_at", "minutes", "season", "valid_from", "valid_until")
CLOSURE = ("first_on", "last_on", "reason")


def named(prefix: str, text: str) -> Q:
    """Rows whose school has every word of `text` in its name, commune, postcode or UAI."""
    found = Q()
    for word in fold(text).split():
        found &= Q(**{f"{prefix}search_text__contains": word})
    return found


# -- hours and closures -------------------------------------------------------------------------


class OfSchool(BaseInlineFormSet):
    """Hours or closures of a whole school: those of its spaces are on the spaces' pages."""

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(space__isnull=True)


class OfSpace(BaseInlineFormSet):
    """Hours or closures of one space; their school is the space's."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.school_id = self.instance.school_id
        return form


class SchoolHoursInline(admin.TabularInline):
    model = OpeningHours
    formset: type[BaseInlineFormSet] = OfSchool
    fields = HOURS
    extra = 0
    formfield_overrides = CLOCK
    verbose_name_plural = _("horaires d’ouverture du lycée")


class SpaceHoursInline(SchoolHoursInline):
    formset = OfSpace
    fk_name = "space"
    verbose_name_plural = _("horaires propres à la salle (ils remplacent ceux du lycée)")


class StandingApprovalInline(admin.TabularInline):
    model = StandingApproval
    fields = HOURS
    extra = 0
    formfield_overrides = CLOCK
    verbose_name_plural = _("accords d’office aux organismes vérifiés, dans ces horaires")


class SchoolClosureInline(admin.TabularInline):
    model = Closure
    formset: type[BaseInlineFormSet] = OfSchool
    fields = CLOSURE
    extra = 0
    verbose_name_plural = _("fermetures du lycée")


class SpaceClosureInline(SchoolClosureInline):
    formset = OfSpace
    fk_name = "space"
    verbose_name_plural = _("fermetures de la salle")


@admin.register(OpeningHours)
class OpeningHoursAdmin(Careful):
    list_display = ("school", "space", *HOURS)
    formfield_overrides = CLOCK
    list_display_links = ("school", "weekday")
    list_filter = ("season", "weekday", "school__department")
    list_select_related = ("school", "space")
    autocomplete_fields = ("school", "space")
    search_fields = ("school__search_text",)
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(named("school__", term) | Q(space__name__icontains=term)), False


@admin.register(Closure)
class ClosureAdmin(Careful):
    list_display = ("school", "space", *CLOSURE)
    list_filter = ("school__department",)
    list_select_related = ("school", "space")
    autocomplete_fields = ("school", "space")
    search_fields = ("school__search_text",)
    date_hierarchy = "first_on"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(named("school__", term) | Q(reason__icontains=term)), False


@admin.register(BusyTime)
class BusyTimeAdmin(Careful):
    list_display = ("space", "school", "start_at", "end_at", "reason")
    list_select_related = ("space", "school")
    list_filter = ("school__department",)
    autocomplete_fields = ("space",)
    search_fields = ("space__name",)
    date_hierarchy = "start_at"
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(named("school__", term) | Q(space__name__icontains=term)), False


# -- schools ------------------------------------------------------------------------------------


class OpenFilter(admin.SimpleListFilter):
    title = _("ouverture")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("ouverts")), ("no", _("fermés"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(closed_on__isnull=self.value() == "yes")


class SchoolRoleInline(Labels, admin.TabularInline):
    model = SchoolRole
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(School)
class SchoolAdmin(Careful):
    """Facts are the annuaire's and come by `import_schools`; a school is never made or deleted here."""

    list_display = ("name", "commune", "department", "uai", "kind", "spaces_link", "is_open")
    list_filter = ("department", OpenFilter, "kind")
    ordering = ("commune", "name", "uai")
    search_fields = ("search_text",)
    inlines = (SchoolRoleInline, SchoolHoursInline, SchoolClosureInline)
    rules = ("answer_days", "access_notes", "emergency_instructions", "lending_contact", "refusal_reasons")
    agreement = ("board_decided_on", "agreement_clauses", "region_signature", "region_delegation")
    place = (
        "address", "postcode", "commune", "insee_code", "department", "department_name",
        "latitude", "longitude", "precision",
    )  # fmt: skip
    identity = ("uai", "name", "kind", "siret", "pupils", "phone", "email", "website", "closed_on")
    readonly_fields = (*identity, *place, "spaces_link")
    fieldsets = (
        (_("Règles du lycée"), {"fields": ("spaces_link", *rules)}),
        (_("Convention"), {"fields": agreement}),
        (_("D’après l’annuaire"), {"fields": identity}),
        (_("Lieu, d’après l’annuaire"), {"fields": place, "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(space_count=Count("spaces"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(named("", term)), False

    def option_label(self, school: School) -> str:
        return f"{school.name} – {school.commune} ({school.uai})"

    @admin.display(description=_("ouvert"), boolean=True)
    def is_open(self, school: School) -> bool:
        return school.is_open

    @admin.display(description=_("salles"), ordering="space_count")
    def spaces_link(self, school: Any) -> str:
        url = f"{reverse('admin:venues_space_changelist')}?school__id__exact={school.pk}"
        said = ngettext("%(n)s salle", "%(n)s salles", school.space_count) % {"n": school.space_count}
        return format_html('<a href="{}">{}</a>', url, said)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# -- spaces -------------------------------------------------------------------------------------


class SpaceForm(forms.ModelForm):
    """`open_to` is a list of kinds of organisations: chosen, not typed."""

    open_to = forms.MultipleChoiceField(
        label=_("Ouverte à"),
        choices=Organisation.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : à tous."),
    )


class PriceRuleInline(admin.TabularInline):
    model = PriceRule
    fields = ("organisation_kind", "basis", "amount", "free_ground")
    extra = 0


class PhotoInline(admin.TabularInline):
    """Photos come by the pages of “Mon lycée”; here they are reworded, put in order or taken away."""

    model = SpacePhoto
    fields = ("alt", "position")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Space)
class SpaceAdmin(Careful):
    form = SpaceForm
    list_display = ("name", "school", "commune", "kind", "capacity", "hourly_rate", "published", "is_demo")
    list_filter = ("published", "kind", "step_free", "school__department", "is_demo")
    list_select_related = ("school",)
    search_fields = ("name",)
    autocomplete_fields = ("school",)
    inlines = (SpaceHoursInline, SpaceClosureInline, StandingApprovalInline, PriceRuleInline, PhotoInline)
    actions = ("publish", "unpublish")
    readonly_fields = ("is_demo",)
    show_full_result_count = False
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "school", "name", "kind", "capacity", "published", "description", "area", "location",
                    "step_free", "features", "is_demo",
                )
            },
        ),
        (_("Durées, en minutes"), {"fields": ("min_minutes", "max_minutes", "step_minutes", "setup_minutes", "cleanup_minutes")}),
        (_("Délais"), {"fields": ("notice_hours", "horizon_days", "cancellation_hours")}),
        (_("Conditions"), {"fields": ("hourly_rate", "hourly_value", "deposit", "needs_insurance", "needs_verified", "open_to")}),
    )  # fmt: skip

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A space stays at its school: its hours, units and dates are there."""
        return (*self.readonly_fields, "school") if obj else self.readonly_fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        """Every word in the space's name or in its school's."""
        for word in term.split():
            queryset = queryset.filter(Q(name__icontains=word) | named("school__", word))
        return queryset.select_related("school"), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Spaces are deleted one by one: what stands against it is shown for each."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def option_label(self, space: Space) -> str:
        return f"{space.name} – {space.school.name}, {space.school.commune}"

    @admin.display(description=_("commune"), ordering="school__commune")
    def commune(self, space: Space) -> str:
        return space.school.commune

    @admin.action(description=_("Proposer au prêt"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._said(request, queryset.update(published=True))

    @admin.action(description=_("Retirer du prêt"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._said(request, queryset.update(published=False))

    def _said(self, request: HttpRequest, count: int) -> None:
        said = ngettext("%(n)s salle modifiée.", "%(n)s salles modifiées.", count) % {"n": count}
        self.message_user(request, said, messages.SUCCESS)


class EquipmentFilter(admin.SimpleListFilter):
    title = _("nature")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("room", _("salles")), ("equipment", _("matériel"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(pool__isnull=self.value() == "room")


@admin.register(Unit)
class UnitAdmin(ReadOnly, admin.ModelAdmin):
    """Units come with spaces and with quantities of equipment; here they are only looked at."""

    list_display = ("name", "school", "pool", "retired_at")
    list_filter = (EquipmentFilter, ("retired_at", admin.EmptyFieldListFilter))
    list_select_related = ("school", "pool__kind")
    search_fields = ("name",)
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(named("school__", term) | Q(name__icontains=term)), False


# -- vocabulary ---------------------------------------------------------------------------------


@admin.register(Feature, EquipmentKind)
class VocabularyAdmin(Careful):
    list_display = ("name", "slug", "position")
    list_editable = ("position",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
