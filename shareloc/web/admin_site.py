"""Django's admin as Shareloc's: its name, and choices that can be told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db import IntegrityError, models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _


def option_label(site: admin.AdminSite | None, row: models.Model) -> str:
    """How a row reads among others to choose from: its admin's `option_label(row)`, or its name."""
    model_admin = site._registry.get(type(row)) if site else None
    return str(getattr(model_admin, "option_label", str)(row))


class Autocomplete(AutocompleteJsonView):
    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": option_label(self.admin_site, obj)}


class Site(admin.AdminSite):
    site_title = _("Administration de Shareloc")
    site_header = _("Shareloc – administration")
    index_title = _("Que voulez-vous voir ?")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Autocomplete.as_view(admin_site=self)(request)


class Labels:
    """For admins and inlines: what is already chosen reads like the choices."""

    admin_site: admin.AdminSite

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.label_from_instance = lambda row: option_label(self.admin_site, row)
        return field


class Careful(Labels, admin.ModelAdmin):
    """An admin in which what somebody else changed at the same instant is a message, not an error page."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._told(request, lambda: super(Careful, self).changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._told(request, lambda: super(Careful, self).delete_view(request, *args, **kwargs))

    def _told(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        try:
            return view()
        except (IntegrityError, ProtectedError):
            said = _(
                "Rien n’a été changé : quelqu’un a modifié la même chose au même instant. Relisez, puis recommencez."
            )
            messages.error(request, said)
            return HttpResponseRedirect(request.path)


class ReadOnly:
    """For admins and inlines: to be read, never written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
