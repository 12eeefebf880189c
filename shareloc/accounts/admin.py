"""Administration of people, organisations and what they keep on file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import organisations
from .models import Document, Membership, Organisation, User

# Nobody's rights come from groups: they follow from memberships, school roles and the Région's flag.
admin.site.unregister(Group)


class UserCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "organisation")


class DocumentInline(admin.TabularInline):
    model = Document
    extra = 0
    fields = ("kind", "insurer", "policy_number", "cover_amount", "valid_from", "valid_until")


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    add_form = UserCreationForm
    list_display = ("email", "name", "phone", "is_region_officer", "is_staff", "is_active")
    list_filter = ("is_region_officer", "is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "phone")}),
        (_("Droits"), {"fields": ("is_active", "is_region_officer", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)


class VerifiedFilter(admin.SimpleListFilter):
    title = _("vérification")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("à vérifier")), ("yes", _("vérifiés"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        if self.value() is None:
            return queryset
        return queryset.filter(verified_at__isnull=self.value() == "no")


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "rna", "siret", "verified_at", "created_at")
    list_filter = (VerifiedFilter, "kind")
    search_fields = ("name", "rna", "siret", "email")
    date_hierarchy = "created_at"
    # Who verified and when is the action's word, not a form's.
    readonly_fields = ("verified_at", "verified_by", "created_at", "changed_at")
    inlines = (MembershipInline, DocumentInline)
    actions = ("verify",)

    @admin.action(description=_("Marquer comme vérifiée"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        """The first verification stays: verifying again changes nothing."""
        done = organisations.verify(queryset, by=request.user)
        message = ngettext("%(n)s organisme vérifié.", "%(n)s organismes vérifiés.", done) % {"n": done}
        self.message_user(request, message, messages.SUCCESS)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A certificate entered here says who entered it."""
        for document in formset.save(commit=False):
            if isinstance(document, Document) and document.pk is None:
                document.created_by = request.user
            document.save()
        for gone in formset.deleted_objects:
            gone.delete()
        formset.save_m2m()


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ("organisation", "kind", "insurer", "valid_from", "valid_until")
    list_filter = ("kind",)
    search_fields = ("organisation__name", "insurer", "policy_number")
    autocomplete_fields = ("organisation",)
    # Files come through the organisation's own page, which looks at what they are.
    readonly_fields = ("file", "content_type", "size", "created_at", "created_by")
    list_select_related = ("organisation",)
    date_hierarchy = "valid_until"

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
