"""How widgets become HTML: Django's templates for each type of input only include another, which is taken at once."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting

WIDGETS = "django/forms/widgets/"
INPUTS = frozenset(
    f"{WIDGETS}{kind}.html"
    for kind in ("text", "number", "email", "url", "password", "hidden", "date", "time", "checkbox")
)


class Renderer(TemplatesSetting):
    """Templates of the project before Django's own; an include less for each input of a long form."""

    def get_template(self, template_name: str) -> Any:
        """The template of a widget, or the one that it would only include."""
        return super().get_template(f"{WIDGETS}input.html" if template_name in INPUTS else template_name)
