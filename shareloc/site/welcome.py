"""What the home page tells whoever is signed in: what waits for them, what comes next, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import concerns
from shareloc.web import formats

from . import navigation


class Line(NamedTuple):
    """Something that concerns somebody, and the page it leads to. `is_urgent`: it waits for them."""

    icon: str
    said: str
    url: str
    is_urgent: bool = False


def lines(user: Any, *, now: dt.datetime) -> list[Line]:
    """For each part somebody plays, what matters first; nothing for visitors."""
    found: list[Line] = []
    if navigation.decides(user):
        found += _to_decide(user)
    if navigation.works(user):
        found += _guests(user)
    if navigation.belongs(user):
        found += [*_to_answer(user), *_next_date(user, now)]
    if navigation.watches(user):
        found += _to_follow(now)
    return found


def _to_decide(user: Any) -> Iterator[Line]:
    """What waits in their lycées; where nothing does, that, or that there is nothing to ask for yet."""
    found = concerns.to_decide(user)
    waiting = [*_blocked(found), *_requests(found), *_wishes(found), *_to_sign(found)]
    if waiting:
        yield from waiting
    elif found.lends:
        yield Line("check2-all", _("Aucune demande n’attend votre réponse"), reverse("bookings:queue"))
    else:
        said = _("Votre lycée ne propose encore ni salle ni matériel : préparez-le")
        yield Line("building", said, reverse("venues:my_schools"))


def _urgent(count: int, icon: str, said: str, url: str) -> Iterator[Line]:
    """So many things (`%(n)s`) that wait, where any do."""
    if count:
        yield Line(icon, said % {"n": count}, url, is_urgent=True)


def _blocked(found: concerns.ToDecide) -> Iterator[Line]:
    said = ngettext(
        "%(n)s date promise est touchée par un blocage ou une fermeture",
        "%(n)s dates promises sont touchées par un blocage ou une fermeture",
        found.blocked,
    )
    return _urgent(found.blocked, "calendar-x", said, reverse("bookings:conflicts"))


def _requests(found: concerns.ToDecide) -> Iterator[Line]:
    said = ngettext(
        "%(n)s demande attend votre réponse", "%(n)s demandes attendent votre réponse", found.waiting
    )
    if found.late:
        said += _(", dont %(late)s en retard") % {"late": found.late}
    return _urgent(found.waiting, "clipboard-check", said, reverse("bookings:queue"))


def _wishes(found: concerns.ToDecide) -> Iterator[Line]:
    said = ngettext(
        "%(n)s déplacement souhaité attend votre réponse",
        "%(n)s déplacements souhaités attendent votre réponse",
        found.wishes,
    )
    return _urgent(found.wishes, "arrow-left-right", said, reverse("bookings:moves"))


def _to_sign(found: concerns.ToDecide) -> Iterator[Line]:
    said = ngettext(
        "%(n)s convention à signer pour votre lycée",
        "%(n)s conventions à signer pour votre lycée",
        found.to_sign,
    )
    return _urgent(found.to_sign, "pencil", said, reverse("bookings:queue") + "#conventions")


def _guests(user: Any) -> Iterator[Line]:
    if count := concerns.guests_today(user):
        said = ngettext("Aujourd’hui : %(n)s accueil", "Aujourd’hui : %(n)s accueils", count)
        yield Line("door-open", said % {"n": count}, reverse("bookings:my_lodge"))


def _to_answer(user: Any) -> Iterator[Line]:
    count = concerns.to_answer(user)
    said = ngettext(
        "%(n)s de vos demandes attend votre réponse ou votre signature",
        "%(n)s de vos demandes attendent votre réponse ou votre signature",
        count,
    )
    return _urgent(count, "hourglass-split", said, reverse("bookings:requests"))


def _next_date(user: Any, now: dt.datetime) -> Iterator[Line]:
    date = concerns.next_date(user, at=now)
    if date is None:
        return
    told = {
        "when": formats.period(date.start_at, date.end_at),
        "purpose": date.request.purpose,
        "school": date.request.school.name,
    }
    if date.start_at <= now:
        said = _("En ce moment : %(when)s, « %(purpose)s », %(school)s")
    else:
        said = _("Prochaine date : %(when)s, « %(purpose)s », %(school)s")
    yield Line("calendar-check", said % told, reverse("bookings:day", args=[date.request.reference, date.pk]))


def _to_follow(now: dt.datetime) -> Iterator[Line]:
    waiting = concerns.to_follow(at=now)
    if waiting.unanswered:
        said = ngettext(
            "%(n)s demande sans réponse depuis trop longtemps",
            "%(n)s demandes sans réponse depuis trop longtemps",
            waiting.unanswered,
        )
        yield Line("compass", said % {"n": waiting.unanswered}, reverse("bookings:region"), is_urgent=True)
    if waiting.unverified:
        said = ngettext("%(n)s organisme à vérifier", "%(n)s organismes à vérifier", waiting.unverified)
        url = reverse("bookings:region_organisations")
        yield Line("patch-check-fill", said % {"n": waiting.unverified}, url, is_urgent=True)
