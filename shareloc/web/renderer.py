"""How form controls become HTML: inputs and lists to choose from are written here, everything else by Django's templates.

A long form has a hundred of them, and a template for each costs more than all the rest of its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets/"
INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "time", "checkbox")
# What Django knows of a widget: `name`, `type`, `value`, `attrs`; for a list `optgroups`, its choices in their groups.
Widget = Mapping[str, Any]


class Renderer(TemplatesSetting):
    """Templates of the project before Django's own; none for the controls that forms are made of."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        if write := WRITTEN.get(template_name):
            return write(context["widget"])
        return super().render(template_name, dict(context), request)


def written_input(widget: Widget) -> SafeString:
    """An input of any type."""
    value = widget["value"]
    valued = "" if value is None else f' value="{conditional_escape(str(value))}"'
    head = f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"'
    return SafeString(f"{head}{valued}{attributes(widget['attrs'])}>")


def written_select(widget: Widget) -> SafeString:
    """A list to choose from."""
    groups = "".join(_group(name, choices) for name, choices, _index in widget["optgroups"])
    head = f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>'
    return SafeString(f"{head}\n{groups}\n</select>")


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """A control's attributes, in their order; True is an attribute without a value, False is none."""
    written = (
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return SafeString("".join(written))


def _group(name: str | None, choices: Iterable[Widget]) -> SafeString:
    inside = SafeString("\n".join(map(_option, choices)))
    return format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside


def _option(choice: Widget) -> str:
    value, label = conditional_escape(choice["value"]), conditional_escape(choice["label"])
    return f'<option value="{value}"{attributes(choice["attrs"])}>{label}</option>'


WRITTEN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{WIDGETS}{kind}.html": written_input for kind in INPUTS},
    f"{WIDGETS}select.html": written_select,
}
