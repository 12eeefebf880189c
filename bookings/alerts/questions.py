"""A question as it is kept: the filters in one spelling, in words, and until when it makes sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats
from venues.models import School, Space

from .. import wording
from ..filters import SpaceFilter
from ..models import Alert

LONGEST_LABEL: int = Alert._meta.get_field("label").max_length or 0


def asked_by(query: str) -> SpaceFilter:
    """The filters of a stored question; a feature may be gone since, so ask whether they are valid."""
    return SpaceFilter(QueryDict(query), queryset=Space.objects.published())


def canonical(filters: SpaceFilter) -> str:
    """The valid filters in use, in their own order and one spelling: the same question is the same text."""
    place = filters.question().place
    somewhere = bool(place.text or place.near)
    pairs: list[tuple[str, str]] = []
    for name, value in filters.form.cleaned_data.items():
        if name != "within_km":
            pairs += [(name, text) for text in _spelled(value)]
        elif somewhere:
            # Said even where it is none: the page would put its own.
            pairs.append((name, next(_spelled(value), "")))
    return urlencode(pairs)


def _spelled(value: Any) -> Iterator[str]:
    """The value of a filter as the filter reads it."""
    if value in (None, "", False) or value == []:
        return
    match value:
        case dict():
            yield from sorted(f"{slug}:{quantity}" for slug, quantity in value.items())
        case list():
            yield from sorted(value)
        case tuple():
            yield ",".join(map(str, value))
        case dt.time():
            yield f"{value:%H:%M}"
        case Decimal():
            yield f"{value.normalize():f}"
        case True:
            yield "true"
        case _:
            yield str(value)


def label(filters: SpaceFilter) -> str:
    """`Salle libre jeudi 22 octobre 2026 de 18:30 à 20:30 à moins de 10 km de Lille, 25 personnes, Piano`."""
    question = filters.question()
    parts = [_("Salle libre") if question.when else _("Salle")]
    if question.when:
        parts.append(wording.when(question.when))
    if place := wording.where(question.place):
        parts.append(place)
    return Truncator(", ".join([" ".join(parts), *_wishes(filters)])).chars(LONGEST_LABEL)


def _wishes(filters: SpaceFilter) -> Iterator[str]:
    cleaned, vocabulary = filters.form.cleaned_data, filters.vocabulary
    if cleaned["school"]:
        school = School.objects.filter(uai__iexact=cleaned["school"]).first()
        yield school.name if school else cleaned["school"]
    if count := cleaned["capacity"]:
        yield ngettext("%(n)s personne", "%(n)s personnes", int(count)) % {"n": formats.number(count)}
    yield from (str(Space.Kind(kind).label) for kind in cleaned["kind"])
    names = dict(vocabulary.features)
    yield from (names[slug] for slug in cleaned["features"])
    names = dict(vocabulary.equipment)
    yield from (formats.counted(quantity, names[slug]) for slug, quantity in cleaned["equipment"].items())
    if cleaned["step_free"]:
        yield _("de plain-pied")
    if cleaned["free_of_charge"]:
        yield _("gratuite")


def expiry(filters: SpaceFilter, *, now: dt.datetime) -> dt.datetime:
    """When nothing can answer any more: the hours asked have begun, the days are over, or it is long ago."""
    when = filters.question().when
    if when is None:
        return now + dt.timedelta(days=settings.ALERT_DAYS)
    return when.fixed.start if when.fixed else when.bounds.end
