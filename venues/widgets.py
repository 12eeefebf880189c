"""Form controls that know places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PlaceInput(forms.TextInput):
    """A place, typed; with `venues/place_scripts.html` on the page, places are offered meanwhile."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        known = {
            "maxlength": 100,
            "autocomplete": "address-level2",
            "data-places": _("Lieux proposés"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#lieux-liste",
            # An answer to letters that were typed over comes too late.
            "hx-sync": "this:replace",
        }
        super().__init__({**known, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, {**attrs, "hx-get": reverse("venues:places")})
