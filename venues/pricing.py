"""What a space costs: the tariff of a kind of organisation, the price of a period, and both in words.

Without the database. Hours are elapsed time, to the minute: the night in which clocks are turned back has its hour more.
Days are turns of the local clock: from 18:00 to 18:00 is one day in every night of the year. A half-day is a
stay of up to HALF_DAY_HOURS; a half-day or day begun counts whole, and two half-days make a day.
Amounts are rounded to the cent, halves up, once for each space and date; several of them are added as rounded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats

from .models import PriceRule, Space
from .periods import Period

CENT = Decimal("0.01")
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)

Basis = PriceRule.Basis


@dataclass(frozen=True)
class Tariff:
    """So many euros for each of `basis`; where it is nothing, `ground` says why, if anybody wrote it."""

    amount: Decimal
    basis: str = Basis.HOUR
    ground: str = ""

    @property
    def is_free(self) -> bool:
        return not self.amount


def tariff(space: Space, rules: Iterable[PriceRule], kind: str) -> Tariff:
    """What that kind of organisation pays: its own rule, else the one for all, else the hourly rate.

    `rules` may be of other spaces too.
    """
    by_kind = {rule.organisation_kind: rule for rule in rules if rule.space_id == space.pk}
    rule = by_kind.get(kind) or by_kind.get("")
    if rule is None:
        return Tariff(space.hourly_rate)
    return Tariff(rule.amount, rule.basis, rule.free_ground)


def price(asked: Tariff, period: Period) -> Decimal:
    """What one space costs for that period."""
    return cents(asked.amount * _count(asked.basis, period))


def value(space: Space, period: Period) -> Decimal:
    """What the loan is worth, paid or not."""
    return cents(space.hourly_value * hours(period))


def hours(period: Period) -> Decimal:
    """Elapsed hours, not rounded."""
    return Decimal(period.length // MINUTE) / 60


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _count(basis: str, period: Period) -> Decimal:
    """How many of the tariff's units the period has: hours to the minute, half-days and days begun."""
    if basis == Basis.HOUR:
        return hours(period)
    if basis == Basis.HALF_DAY:
        return Decimal(_half_days(period))
    return Decimal(_days(period) if basis == Basis.DAY else 1)


def _clock_length(period: Period) -> dt.timedelta:
    """From what the clock on the wall shows first to what it shows last."""
    first, last = (moment.astimezone(formats.PARIS).replace(tzinfo=None) for moment in period)
    return max(last - first, MINUTE)


def _days(period: Period) -> int:
    return -(-_clock_length(period) // DAY)


def _half_days(period: Period) -> int:
    whole, rest = divmod(_clock_length(period), DAY)
    if not rest:
        return 2 * whole
    return 2 * whole + (1 if rest <= settings.HALF_DAY_HOURS * HOUR else 2)


# -- in words -----------------------------------------------------------------------------------


def reckoned(asked: Tariff, period: Period) -> str:
    """How a price is reached: `2 h à 8 €`, `2 demi-journées à 30 €`; or the ground on which there is none."""
    if asked.is_free:
        return asked.ground or _("par décision du lycée")
    each = formats.euros(asked.amount)
    if asked.basis == Basis.FLAT:
        return _("forfait de %(amount)s") % {"amount": each}
    return _("%(what)s à %(amount)s") % {"what": _units(asked.basis, period), "amount": each}


def _units(basis: str, period: Period) -> str:
    if basis == Basis.HOUR:
        return in_hours(period.length // MINUTE)
    count = int(_count(basis, period))
    if basis == Basis.DAY:
        return ngettext("%(n)s jour", "%(n)s jours", count) % {"n": count}
    return ngettext("%(n)s demi-journée", "%(n)s demi-journées", count) % {"n": count}


def in_hours(minutes: int) -> str:
    """`2 h`, `1 h 30`, `26 h`: never in days, since it is the hours that are paid."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return formats.duration(minutes)
    said = f"{formats.number(whole)}{formats.NO_BREAK}h"
    return f"{said}{formats.NO_BREAK}{rest:02}" if rest else said


def told(asked: Tariff) -> str:
    """A tariff by itself: `8 €/h`, `forfait de 20 € par date`, `gratuit (intérêt général)`."""
    if asked.is_free:
        return _("gratuit (%(ground)s)") % {"ground": asked.ground} if asked.ground else _("gratuit")
    if asked.basis == Basis.HOUR:
        return formats.rate(asked.amount)
    each = {"amount": formats.euros(asked.amount)}
    return {
        Basis.HALF_DAY: _("%(amount)s la demi-journée"),
        Basis.DAY: _("%(amount)s la journée"),
        Basis.FLAT: _("forfait de %(amount)s par date"),
    }[Basis(asked.basis)] % each


def price_list(space: Space, rules: Sequence[PriceRule]) -> list[tuple[str, str]]:
    """(who, tariff in words): each kind of organisation with a rule of its own, then all the others."""
    own = sorted(
        (str(rule.get_organisation_kind_display()), told(tariff(space, [rule], rule.organisation_kind)))
        for rule in rules
        if rule.space_id == space.pk and rule.organisation_kind
    )
    everybody = told(tariff(space, rules, ""))
    return [*own, (_("Tous les autres") if own else _("Tous"), everybody)]


def price_range(space: Space, rules: Sequence[PriceRule]) -> str:
    """`8 €/h`, or `0–8 €/h` where it depends on who asks; what is not by the hour is a lump sum."""
    kinds = {rule.organisation_kind for rule in rules if rule.space_id == space.pk} | {""}
    found = [tariff(space, rules, kind) for kind in kinds]
    by_hour = [one.amount for one in found if one.basis == Basis.HOUR]
    if not by_hour:
        return _("Au forfait")
    said = _between(min(by_hour), max(by_hour))
    return said if len(by_hour) == len(found) else _("%(price)s ou forfait") % {"price": said}


def _between(least: Decimal, most: Decimal) -> str:
    if least == most:
        return formats.rate(most)
    return f"{formats.euros(least).rstrip('€').strip()}–{formats.rate(most)}"
