"""Template tags and filters used everywhere; loaded in every template."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shareloc.web import formats, looks
from shareloc.web.renderer import attributes

register = template.Library()

for name in (
    "day", "short_day", "hour", "moment", "until", "km", "euros", "rate", "duration", "number", "places",
):  # fmt: skip
    register.filter(name, getattr(formats, name))
# `date` is Django's own filter.
register.filter("long_date", formats.date)
register.simple_tag(formats.period, name="period")
register.simple_tag(formats.hours, name="hours")


@register.filter
def period_of(thing: Any) -> str:
    """The period of anything with `start_at` and `end_at`, or `start` and `end`."""
    return formats.period(*_bounds(thing))


@register.filter
def hours_of(thing: Any) -> str:
    return formats.hours(*_bounds(thing))


def _bounds(thing: Any) -> tuple[Any, Any]:
    if hasattr(thing, "start_at"):
        return thing.start_at, thing.end_at
    return thing.start, thing.end


@register.simple_tag(takes_context=True)
def again(context: Context, block: str) -> SafeString:
    """What a block of the page says, said once more: the title for who shares the page."""
    blocks = context.render_context[BLOCK_CONTEXT_KEY]
    return SafeString(blocks.get_block(block).render(context).strip())


@register.simple_tag
def contact() -> str:
    """The address to write to, also where no context says it: on the pages of a broken server."""
    return settings.CONTACT_EMAIL


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (names: shareloc.web.icons); decorative unless it has a label."""
    return _icon(_sprite("npm/icons.svg"), name, str(label))


@lru_cache
def _sprite(path: str) -> str:
    # Where the collected file is does not change while the program runs; asking costs as much as writing an icon.
    return static(path)


@lru_cache(maxsize=1000)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    # A planner's month has seven hundred.
    href = f"{sprite}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href
    )


@register.simple_tag
def pictogram(kind: str) -> SafeString:
    """The drawing of a kind of space, decorative; an unknown kind gets a plain door."""
    return _pictogram(_sprite("web/kinds.svg"), kind if kind in looks.KINDS else "other")


@lru_cache(maxsize=100)
def _pictogram(sprite: str, kind: str) -> SafeString:
    return format_html(
        '<svg class="pictogram" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        sprite,
        kind,
    )


@register.simple_tag
def demo_tag() -> SafeString:
    """What marks a made-up room at a real lycée."""
    return _demo_tag(get_language())


@lru_cache(maxsize=10)
def _demo_tag(_language: str | None) -> SafeString:
    return SafeString(render_to_string("web/demo_tag.html").strip())


@register.inclusion_tag("web/state_badge.html")
def state_badge(thing: Any) -> dict[str, Any]:
    """The state of a request or of a date: a word, an icon and a colour."""
    return {"label": thing.get_state_display(), "look": looks.of_state(thing.state)}


@register.inclusion_tag("web/strip.html")
def day_strip(segments: Any, first: int = 7, last: int = 23, label: str = "") -> dict[str, Any]:
    """A day in one line: `segments` are (start minute, end minute, kind), hours `first` to `last` shown.

    Kinds are those of looks.SLOTS. The strip is an image: say in `label` what it shows.
    """
    return {
        "bars": list(_bars(segments, first * 60, last * 60)),
        "width": (last - first) * 60,
        "ticks": _ticks(last - first),
        "label": label,
    }


@lru_cache(maxsize=24)
def _ticks(hours: int) -> str:
    """A mark at each full hour inside, as one path of SVG's own language."""
    return "".join(f"M{hour * 60} 30h2v10h-2z" for hour in range(1, hours))


def _bars(segments: Any, first: int, last: int) -> Iterator[dict[str, Any]]:
    for start, end, kind in segments:
        left, right = max(start, first), min(end, last)
        if left < right:
            yield {"x": left - first, "width": right - left, "kind": kind}


@register.filter
def elided(page: Page) -> list[Any]:
    """Page numbers around the current one, with None where some are left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


# --- Forms -------------------------------------------------------------------------------------


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in Bootstrap's clothes; Django itself links help and errors to it."""
    return field.as_widget(attrs={"class": _clothes(field)})


def _clothes(field: BoundField) -> str:
    widget = field.field.widget
    clothes = "form-control"
    if isinstance(widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect)):
        clothes = "form-check-input"
    elif isinstance(widget, Select):
        clothes = "form-select"
    invalid = " is-invalid" if field.errors else ""
    return f"{widget.attrs.get('class', '')} {clothes}{invalid}".strip()


@register.filter
def boxes(field: BoundField) -> SafeString:
    """A list of boxes, each with its label: a search has fifty, and a template for each would cost more than the search."""
    return SafeString("".join(f'<div class="choice">{box(option)}</div>' for option in field))


@register.filter
def box(option: BoundWidget) -> SafeString:
    """One box of a list, with its label."""
    data = option.data
    return format_html(
        '<input type="{}" name="{}" value="{}"{}><label for="{}">{}</label>',
        *(data["type"], data["name"], data["value"], attributes(data["attrs"])),
        *(option.id_for_label, option.choice_label),
    )


@register.simple_tag
def plain_field(field: BoundField, label: str) -> SafeString:
    """A line of `web/field.html`, plain, under another label: for grids of a hundred fields."""
    notes = (
        render_to_string("web/field_notes.html", {"field": field}) if field.errors or field.help_text else ""
    )
    return format_html(
        '<div class="field{}"><label class="form-label" for="{}">{}</label>{}{}</div>',
        *(" has-error" if field.errors else "", field.id_for_label, label, notes, control(field)),
    )


@register.filter
def shape(field: BoundField) -> str:
    """How a field is laid out: `hidden`, `list` (of boxes), `box` or `line`."""
    if field.is_hidden:
        return "hidden"
    if is_choice_list(field):
        return "list"
    return "box" if is_single_checkbox(field) else "line"


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Radio buttons or several checkboxes: a fieldset with a legend."""
    return isinstance(field.field.widget, (CheckboxSelectMultiple, RadioSelect))


@register.filter
def focus_id(field: BoundField) -> str:
    """The id an error summary leads to: of the first choice where the field is a list of them."""
    if is_choice_list(field):
        return next((option.id_for_label for option in field), field.auto_id)
    return field.id_for_label
