"""The money of a request: estimated before it is sent, frozen when a date is approved.

What a space costs is `venues.pricing`; here the spaces of a date, and the dates of a request, are added up.
Equipment is lent free of charge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from shareloc.accounts.models import Organisation
from shareloc.web import formats
from venues.models import PriceRule, Space
from venues.periods import Period
from venues.pricing import price, price_range, reckoned, tariff, value

from .models import BookingRequest, Occurrence
from .problems import asked_of
from .states import HOSTED, OccurrenceState

ZERO = Decimal(0)
FROZEN = ("price", "price_ground", "value")


class Place(Protocol):
    """A date as it is asked: a `DraftDate`, or one of `problems.Asked`."""

    @property
    def period(self) -> Period: ...
    @property
    def spaces(self) -> Sequence[Space]: ...


@dataclass(frozen=True)
class Priced:
    """What one date costs, how that is reached or why it is free, and what it is worth."""

    price: Decimal
    ground: str
    value: Decimal


@dataclass(frozen=True)
class Estimate:
    """What all the dates of a request would cost."""

    dates: list[Priced]
    deposit: Decimal

    @property
    def price(self) -> Decimal:
        return sum((date.price for date in self.dates), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((date.value for date in self.dates), ZERO)

    @property
    def lines(self) -> list[tuple[int, Priced]]:
        """(how many dates, what each of them costs), in the order in which they come first."""
        counts: dict[Priced, int] = {}
        for date in self.dates:
            counts[date] = counts.get(date, 0) + 1
        return [(count, date) for date, count in counts.items()]


def estimate(dates: Sequence[Place], organisation: Organisation) -> Estimate:
    """What these dates would cost this organisation, were they approved now: one statement."""
    spaces = [space for date in dates for space in date.spaces]
    rules = _rules(spaces)
    priced = [priced_at(date.period, date.spaces, rules, organisation.kind) for date in dates]
    return Estimate(priced, _deposit(spaces))


def priced_at(period: Period, spaces: Sequence[Space], rules: Sequence[PriceRule], kind: str) -> Priced:
    """What one date costs that kind of organisation, all its spaces together."""
    tariffs = [(space, tariff(space, rules, kind)) for space in spaces]
    return Priced(
        price=sum((price(asked, period) for _space, asked in tariffs), ZERO),
        ground=_ground([(space.name, reckoned(asked, period)) for space, asked in tariffs]),
        value=sum((value(space, period) for space in spaces), ZERO),
    )


def _ground(said: list[tuple[str, str]]) -> str:
    """How the price of a date is reached, space by space where there are several."""
    if not said:
        return _("matériel prêté gratuitement")
    if len(said) == 1:
        return said[0][1]
    named = [_("%(space)s : %(ground)s") % {"space": name, "ground": ground} for name, ground in said]
    return f"{formats.NO_BREAK}; ".join(named)


def ranges(spaces: Iterable[Space]) -> dict[int, str]:
    """By space, its price as the lists of rooms show it: one statement."""
    spaces = list(spaces)
    rules: dict[int, list[PriceRule]] = defaultdict(list)
    for rule in _rules(spaces):
        rules[rule.space_id].append(rule)
    return {space.pk: price_range(space, rules[space.pk]) for space in spaces}


def _rules(spaces: Iterable[Space]) -> list[PriceRule]:
    ids = {space.pk for space in spaces}
    return list(PriceRule.objects.filter(space__in=ids).order_by()) if ids else []


def _deposit(spaces: Iterable[Space]) -> Decimal:
    return max((space.deposit for space in spaces), default=ZERO)


# -- of a stored request ------------------------------------------------------------------------


@dataclass(frozen=True)
class Money:
    """What a request costs: what was agreed for the dates accepted, what the others would cost."""

    agreed: Estimate | None
    awaited: Estimate | None


def of_request(request: BookingRequest, dates: Sequence[Occurrence]) -> Money:
    """Its dates come with their spaces. One statement where dates are still to decide, else none."""
    pending = [date for date in dates if date.state == OccurrenceState.PENDING]
    awaited = estimate(asked_of(request, pending), request.organisation) if pending else None
    return Money(agreed(request, dates), awaited)


def agreed(request: BookingRequest, dates: Iterable[Occurrence]) -> Estimate | None:
    """What was frozen for those of these dates that are accepted; None where none is."""
    frozen = [
        Priced(date.price, date.price_ground, date.value or ZERO)
        for date in dates
        if date.state in HOSTED and date.price is not None
    ]
    return Estimate(frozen, request.deposit or ZERO) if frozen else None


# -- at approval --------------------------------------------------------------------------------


def freeze(request: BookingRequest, dates: Sequence[Occurrence]) -> None:
    """Write down what these locked dates cost now; the deposit with the first of them.

    Two statements whatever their number; the request itself is saved by the verb. The words are French,
    as those of the agreement, whatever language the page of whoever approves is in.
    """
    spaces = [space for date in dates for space in date.spaces.all()]
    rules = _rules(spaces)
    with override(settings.LANGUAGE_CODE):
        _price_each(request, dates, rules)
    Occurrence.objects.bulk_update(dates, FROZEN)
    if request.deposit is None:
        request.deposit = _deposit(spaces)


def _price_each(request: BookingRequest, dates: Sequence[Occurrence], rules: Sequence[PriceRule]) -> None:
    for date in dates:
        priced = priced_at(date.period, list(date.spaces.all()), rules, request.organisation.kind)
        date.price, date.price_ground, date.value = priced.price, _cut(priced.ground), priced.value


def _cut(ground: str) -> str:
    return Truncator(ground).chars(Occurrence._meta.get_field("price_ground").max_length or 0)
