"""Finds the objections to dates: reads what is needed in a few statements, then judges without the database."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.accounts.models import Document, Organisation
from shareloc.web import formats
from venues import sql
from venues.local_time import days
from venues.models import Space, SpaceUnit
from venues.periods import Period

from .. import availability, equipment
from ..availability import ONE_DAY, SpaceTime
from ..states import OccurrenceState
from . import timing
from .asked import Asked
from .codes import Problem


@dataclass(frozen=True)
class Rival:
    """Another date asked for in a space, not yet decided or already promised."""

    period: Period
    organisation_id: int
    request_id: int
    state: str


class Rivals:
    """The rivals of one space, found by time: a popular room has thousands."""

    def __init__(self, rivals: Iterable[Rival] = ()) -> None:
        self._by_start = sorted(rivals, key=_start)
        self._longest = max((rival.period.length for rival in self._by_start), default=dt.timedelta())

    def during(self, period: Period) -> list[Rival]:
        first = bisect_left(self._by_start, period.start - self._longest, key=_start)
        last = bisect_left(self._by_start, period.end, key=_start)
        return [rival for rival in self._by_start[first:last] if rival.period.overlaps(period)]


def _start(rival: Rival) -> dt.datetime:
    return rival.period.start


@dataclass(frozen=True)
class Known:
    """Everything the judgement needs, read beforehand."""

    now: dt.datetime
    times: dict[int, SpaceTime]
    stock: equipment.Stock
    certificates: dict[int, list[Document]]
    rivals: dict[int, Rivals]
    # What the spaces of dates with several of them are made of.
    units: dict[int, frozenset[int]]
    suggest: bool


def for_dates(
    dates: Sequence[Asked], *, now: dt.datetime, suggest: bool = True, rivals: bool = True
) -> list[list[Problem]]:
    """The objections to each date, in the order asked: at most eight statements whatever their number.

    `suggest` adds the next free date to those that are taken; `rivals` looks for competing and
    repeated asks.
    """
    (found,) = for_groups([dates], now=now, suggest=suggest, rivals=rivals)
    return found


def for_groups(
    groups: Sequence[Sequence[Asked]], *, now: dt.datetime, suggest: bool = True, rivals: bool = True
) -> list[list[list[Problem]]]:
    """As `for_dates`, for groups of dates that are each judged by themselves but read at once."""
    dates = [asked for group in groups for asked in group]
    if not dates:
        return [[] for _group in groups]
    known = read(dates, now=now, suggest=suggest, rivals=rivals)
    return [judge(group, known) for group in groups]


def judge(dates: Sequence[Asked], known: Known) -> list[list[Problem]]:
    """The objections to each date, given what was read."""
    crowded = _crowding_each_other(dates)
    return [list(_objections(asked, known, crowded=n in crowded)) for n, asked in enumerate(dates)]


# -- reading ------------------------------------------------------------------------------------


def read(dates: Sequence[Asked], *, now: dt.datetime, suggest: bool, rivals: bool) -> Known:
    """Everything the objections to these dates depend on."""
    spaces = {space.pk: space for asked in dates for space in asked.spaces}
    pools = {line.pool.pk for asked in dates for line in asked.equipment}
    # Other hours are looked for on the day of the first date too, other days after the last one.
    before, ahead = (ONE_DAY, timing.LOOK_AHEAD) if suggest else (dt.timedelta(), dt.timedelta())
    held = [equipment.claim_period(asked.period, asked.spaces) for asked in dates]
    span = Period(min(period.start for period in held) - before, max(period.end for period in held) + ahead)
    return Known(
        now=now,
        times=availability.load(list(spaces.values()), span) if spaces else {},
        stock=equipment.of_pools(pools, span),
        certificates=_certificates(dates, spaces.values()),
        rivals=_rivals(list(spaces), span) if rivals and spaces else {},
        units=_units(dates),
        suggest=suggest,
    )


def _units(dates: Sequence[Asked]) -> dict[int, frozenset[int]]:
    together = {space.pk for asked in dates if len(asked.spaces) > 1 for space in asked.spaces}
    return SpaceUnit.objects.by_space(together) if together else {}


def _certificates(dates: Sequence[Asked], spaces: Iterable[Space]) -> dict[int, list[Document]]:
    """Insurance certificates by organisation, read only if some space demands them."""
    if not any(space.needs_insurance for space in spaces):
        return {}
    found: dict[int, list[Document]] = defaultdict(list)
    for document in Document.objects.insurance().filter(
        organisation__in={asked.organisation.pk for asked in dates}
    ):
        found[document.organisation_id].append(document)
    return found


# Whoever asks for a space or holds it, or another that shares a unit with it.
RIVALS = """
SELECT DISTINCT felt.space_id, date.start_at, date.end_at, asked.organisation_id, date.request_id, date.state
  FROM venues_spaceunit felt
  JOIN venues_spaceunit own ON own.unit_id = felt.unit_id
  JOIN bookings_occurrencespace wanted ON wanted.space_id = own.space_id
  JOIN bookings_occurrence date ON date.id = wanted.occurrence_id
  JOIN bookings_bookingrequest asked ON asked.id = date.request_id
 WHERE {space_among} AND {in_state} AND date.end_at > %(start)s AND date.start_at < %(end)s
"""
RIVAL_STATES = (OccurrenceState.PENDING, OccurrenceState.OFFERED, OccurrenceState.APPROVED)


def _rivals(space_ids: list[int], span: Period) -> dict[int, Rivals]:
    rows = sql.rows(
        RIVALS.format(
            space_among=sql.among("felt.space_id", "spaces"), in_state=sql.one_of("date.state", "states")
        ),
        {
            "spaces": sql.ids(space_ids),
            "states": sql.ids(map(str, RIVAL_STATES)),
            "start": sql.moment(span.start),
            "end": sql.moment(span.end),
        },
    )
    found: dict[int, list[Rival]] = defaultdict(list)
    for space_id, start, end, organisation_id, request_id, state in rows:
        period = Period(sql.as_moment(start), sql.as_moment(end))
        found[space_id].append(Rival(period, organisation_id, request_id, state))
    return {space_id: Rivals(rivals) for space_id, rivals in found.items()}


def _crowding_each_other(dates: Sequence[Asked]) -> set[int]:
    """Positions of the dates that touch or overlap another date of the same request."""
    crowded: set[int] = set()
    order = sorted(range(len(dates)), key=lambda n: (dates[n].request_id or 0, dates[n].period))
    last = order[0] if order else 0  # of those before, the one that ends last
    for n in order[1:]:
        same = dates[last].request_id == dates[n].request_id
        if same and dates[n].period.start <= dates[last].period.end:
            crowded |= {last, n}
        if not same or dates[n].period.end > dates[last].period.end:
            last = n
    return crowded


# -- judging ------------------------------------------------------------------------------------


def _objections(asked: Asked, known: Known, *, crowded: bool) -> Iterator[Problem]:
    if asked.period.start <= known.now:
        yield Problem("past", _("Cette date est passée."))
    if crowded:
        yield Problem(
            "within_request",
            _("Cette date touche ou chevauche une autre date de la demande : réunissez-les ou écartez-les."),
        )
    yield from _of_capacity(asked)
    yield from _of_shared_units(asked, known)
    for space in asked.spaces:
        yield from _of_rules(asked, space)
        yield from _named(space, asked, _of_time(asked, space, known))
    yield from _of_organisation(asked, known)
    yield from _of_notice(asked)
    yield from _of_equipment(asked, known)


def _of_capacity(asked: Asked) -> Iterator[Problem]:
    """Several spaces hold together what each of them holds: nobody need be in the kitchen and the hall."""
    capacity = sum(space.capacity for space in asked.spaces)
    if not asked.spaces or asked.attendees <= capacity:
        return
    if len(asked.spaces) == 1:
        said = _("%(space)s accueille au plus %(capacity)s personnes.")
    else:
        said = _("Ensemble, ces salles accueillent au plus %(capacity)s personnes.")
    yield Problem("capacity", said % {"space": asked.spaces[0], "capacity": capacity})


def _of_shared_units(asked: Asked, known: Known) -> Iterator[Problem]:
    """A gymnasium and one of its halves are the same room: nobody needs both, and both would be paid for."""
    for one, other in combinations(asked.spaces, 2):
        if known.units[one.pk] & known.units[other.pk]:
            said = _("%(one)s et %(other)s sont en tout ou partie la même salle : gardez l’une des deux.")
            yield Problem("same_room", said % {"one": one, "other": other})


def _named(space: Space, asked: Asked, problems: Iterator[Problem]) -> Iterator[Problem]:
    """The same, saying of which of several spaces."""
    for problem in problems:
        if len(asked.spaces) == 1:
            yield problem
        else:
            said = _("%(space)s : %(reason)s") % {"space": space, "reason": problem.reason}
            yield problem._replace(reason=said)


def _of_time(asked: Asked, space: Space, known: Known) -> Iterator[Problem]:
    """Length and lead, hours, lessons, claims, and who else asks."""
    yield from timing.of_rules(asked.period, space, sent_at=asked.sent_at)
    yield from timing.of_time(
        asked.period,
        space,
        known.times[space.pk],
        ignoring=asked.occurrence_id,
        sent_at=asked.sent_at if known.suggest else None,
    )
    yield from _of_rivals(asked, known.rivals.get(space.pk, Rivals()))


def _of_rules(asked: Asked, space: Space) -> Iterator[Problem]:
    """What the space's own rules say, whatever else happens that day."""
    if not space.is_public:
        yield Problem("unavailable", _("%(space)s n’est plus proposée au prêt.") % {"space": space})
    if space.open_to and asked.organisation.kind not in space.open_to:
        kinds = [
            str(Organisation.Kind(kind).label) for kind in space.open_to if kind in Organisation.Kind.values
        ]
        yield Problem(
            "who_may_book",
            _("%(space)s est réservée à : %(kinds)s.") % {"space": space, "kinds": ", ".join(kinds)},
        )


def _of_rivals(asked: Asked, rivals: Rivals) -> Iterator[Problem]:
    others = [r for r in rivals.during(asked.period) if r.request_id != asked.request_id]
    if any(r.organisation_id == asked.organisation.pk for r in others):
        yield Problem("repeat", _("Votre organisme a déjà demandé cette salle à ces heures."))
    pending = {
        r.organisation_id
        for r in others
        if r.state == OccurrenceState.PENDING and r.organisation_id != asked.organisation.pk
    }
    if pending:
        yield Problem("competing", _("Un autre organisme demande aussi cette salle à ces heures."))


def _of_organisation(asked: Asked, known: Known) -> Iterator[Problem]:
    if any(space.needs_verified for space in asked.spaces) and not asked.organisation.is_verified:
        yield Problem(
            "organisation_unverified", _("La Région n’a pas encore vérifié cet organisme : écrivez-lui.")
        )
    if any(space.needs_insurance for space in asked.spaces):
        yield from _of_insurance(asked, known.certificates.get(asked.organisation.pk, []))


def _of_insurance(asked: Asked, certificates: list[Document]) -> Iterator[Problem]:
    if not certificates:
        yield Problem("insurance_missing", _("L’attestation d’assurance manque au dossier de l’organisme."))
        return
    for day in days(asked.period.start, asked.period.end, timezone.get_default_timezone()):
        if not any(certificate.covers(day) for certificate in certificates):
            yield Problem("insurance_expired", _("L’attestation d’assurance ne couvre pas cette date."))
            return


def _of_notice(asked: Asked) -> Iterator[Problem]:
    """Equipment lent alone has a notice of its own; with a room, the room's counts."""
    if asked.spaces or asked.period.start <= asked.sent_at:
        return
    for line in asked.equipment:
        if asked.period.start < asked.sent_at + dt.timedelta(hours=line.pool.notice_hours):
            yield Problem(
                "notice",
                _("%(pool)s : la demande doit arriver au moins %(notice)s avant.")
                % {"pool": line.pool, "notice": formats.duration(line.pool.notice_hours * 60)},
            )


def _of_equipment(asked: Asked, known: Known) -> Iterator[Problem]:
    ignoring = () if asked.occurrence_id is None else (asked.occurrence_id,)
    held = equipment.claim_period(asked.period, asked.spaces)
    for line in asked.equipment:
        free = known.stock.free(line.pool.pk, held, ignoring=ignoring)
        if line.quantity > free:
            yield Problem(
                "equipment",
                _("%(pool)s : %(free)s disponibles sur %(asked)s demandés.")
                % {"pool": line.pool, "free": max(free, 0), "asked": line.quantity},
            )
