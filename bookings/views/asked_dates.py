"""The dates of a request not sent yet, each with what stands against it and what is free instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .. import alternatives, problems
from .. import wording_series as wording
from ..alternatives import Instead
from ..forms import AskForms
from ..forms.changes import AskedDate
from ..problems import Asked
from .lines import Line


@dataclass
class AskedLine(Line):
    """A date as asked for, still to be sent."""

    date: AskedDate = None  # type: ignore[assignment]
    instead: Instead | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether somebody else asks for it too."""
        return any(problem.code == "competing" for problem in self.problems)


@dataclass(frozen=True)
class Checked:
    """All dates, those left out included, and a count of the others."""

    lines: list[AskedLine]

    @property
    def kept(self) -> list[AskedLine]:
        return [line for line in self.lines if not line.date.is_dropped]

    @property
    def stuck(self) -> int:
        return sum(line.is_stuck for line in self.kept)

    @property
    def blocked(self) -> int:
        return sum(line.is_blocked for line in self.kept)

    @property
    def count(self) -> str:
        """`32 dates : 29 libres, 2 en conflit, 1 demandée par autrui`."""
        kept = self.kept
        wanted = sum(line.is_wanted and line.is_free for line in kept)
        return wording.dates_counted(
            free=len(kept) - self.blocked - wanted,
            stuck=self.stuck,
            indulged=self.blocked - self.stuck,
            wanted=wanted,
            dropped=len(self.lines) - len(kept),
        )


def check(forms: AskForms, *, now: dt.datetime) -> Checked:
    """Judge the dates of valid forms: a constant number of statements, whatever theirs."""
    said, dates = forms.who.cleaned_data, forms.asked_dates
    lines = forms.quantities.lines()
    kept = [date for date in dates if not date.is_dropped]
    asked = [
        Asked(date.period, date.spaces, said["organisation"], said["attendees"], now, lines) for date in kept
    ]
    against = dict(zip((date.key for date in kept), _against(asked, now), strict=True))
    return Checked(
        [
            AskedLine(date.period, found, date=date, instead=instead)
            for date in dates
            for found, instead in [against.get(date.key, ([], None))]
        ]
    )


def _against(asked: list[Asked], now: dt.datetime) -> list[tuple[list[problems.Problem], Instead]]:
    """What stands against each date, and what is free in its place."""
    if not asked:
        return []
    known = problems.read(asked, now=now, suggest=True, rivals=True)
    found = problems.judge(asked, known)
    return list(zip(found, alternatives.of_dates(asked, found, known), strict=True))
