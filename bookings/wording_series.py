"""What the form of a request says of its series: the rule, the count of its dates, what was changed of them."""

from __future__ import annotations

from collections.abc import Sequence, Sized

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats

from .models import BookingRequest
from .moments import Weekday
from .series import Recurrence
from .states import OccurrenceState
from .wording import clock, listed, rhythm


def rule(asked: Recurrence) -> str:
    """`Chaque mardi de 18:00 à 20:00, du 8 septembre 2026 au 30 juin 2027, sans les vacances ni les jours fériés`."""
    weekly = asked.weekly
    weekdays = [Weekday.values[n] for n in weekly.weekdays]
    said = f"{rhythm(weekdays, weekly.every)} {clock(asked.start, asked.end)}"
    between = _("du %(first)s au %(last)s") % {
        "first": formats.date(weekly.first),
        "last": formats.date(weekly.until),
    }
    parts = [said[:1].upper() + said[1:], between, _skipped(asked)]
    return ", ".join(part for part in parts if part)


def _skipped(asked: Recurrence) -> str:
    if asked.skip_holidays and asked.skip_public_holidays:
        return _("sans les vacances ni les jours fériés")
    if asked.skip_holidays:
        return _("sans les vacances")
    return _("sans les jours fériés") if asked.skip_public_holidays else ""


def dates_counted(*, free: int, stuck: int, indulged: int, wanted: int, dropped: int) -> str:
    """`32 dates : 29 libres, 2 en conflit, 1 demandée par autrui` and, left out of them, `3 écartées`."""
    count = free + stuck + indulged + wanted
    parts = [
        ngettext("%(n)s libre", "%(n)s libres", free) % {"n": free} if free else "",
        ngettext("%(n)s en conflit", "%(n)s en conflit", stuck) % {"n": stuck} if stuck else "",
        _("%(n)s à l’appréciation du lycée") % {"n": indulged} if indulged else "",
        ngettext("%(n)s demandée par autrui", "%(n)s demandées par autrui", wanted) % {"n": wanted}
        if wanted
        else "",
    ]
    said = ngettext("%(n)s date", "%(n)s dates", count) % {"n": count}
    # That all are free is said beside it.
    if free < count:
        said = _("%(dates)s : %(parts)s") % {
            "dates": said,
            "parts": ", ".join(part for part in parts if part),
        }
    if not dropped:
        return said
    left_out = ngettext("%(n)s écartée", "%(n)s écartées", dropped) % {"n": dropped}
    return _("%(dates)s (et %(dropped)s)") % {"dates": said, "dropped": left_out}


def sent(asked: BookingRequest, states: Sequence[str]) -> str:
    """What is said once a request is sent, some of whose dates the school may have accepted beforehand."""
    promised = states.count(OccurrenceState.APPROVED)
    told = {"reference": asked.reference, "day": formats.day(asked.answer_due_on), "n": promised}
    if promised == len(states):
        return (
            _(
                "Votre demande %(reference)s est acceptée : le lycée avait donné son accord d’avance. Vous recevrez un courriel."
            )
            % told
        )
    if promised:
        return (
            ngettext(
                "Votre demande %(reference)s est envoyée. %(n)s date est déjà acceptée ; le lycée répond pour le reste avant le %(day)s : vous recevrez un courriel.",
                "Votre demande %(reference)s est envoyée. %(n)s dates sont déjà acceptées ; le lycée répond pour le reste avant le %(day)s : vous recevrez un courriel.",
                promised,
            )
            % told
        )
    return (
        _(
            "Votre demande %(reference)s est envoyée. Le lycée répond avant le %(day)s : vous recevrez un courriel."
        )
        % told
    )


def changes(dropped: Sized, moved: Sized, swapped: Sized) -> str:
    """`2 écartées, 1 déplacée et 1 dans une autre salle`; empty where nothing was changed."""
    parts = [
        ngettext("%(n)s écartée", "%(n)s écartées", len(dropped)) % {"n": len(dropped)} if dropped else "",
        ngettext("%(n)s déplacée", "%(n)s déplacées", len(moved)) % {"n": len(moved)} if moved else "",
        ngettext("%(n)s dans une autre salle", "%(n)s dans d’autres salles", len(swapped))
        % {"n": len(swapped)}
        if swapped
        else "",
    ]
    return listed([part for part in parts if part])
