"""What is said when time passes: reminders, answers that did not come, and what happens without anybody’s word."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import Journal
from .mail import News, names


def _reminder(line: Journal) -> News:
    return News(
        _("réponse attendue"),
        [
            _("%(organisation)s attend votre réponse, promise avant le %(day)s.")
            % {**names(line), "day": formats.day(line.request.answer_due_on)},
            *_asked_by_the_region(line),
        ],
        _("Voir et décider"),
        contact="organisation",
    )


def _asked_by_the_region(line: Journal) -> list[str]:
    """Nobody but the Région reminds in person."""
    return [_("La Région vous invite à répondre dès que possible.")] if line.actor_id else []


def _escalated(line: Journal) -> News:
    return News(
        _("sans réponse du lycée"),
        [
            _("%(school)s n’a pas répondu à %(organisation)s. La réponse était promise avant le %(day)s.")
            % {**names(line), "day": formats.day(line.request.answer_due_on)},
        ],
        _("Voir la demande"),
    )


def _expired(line: Journal) -> News:
    return News(
        _("restée sans réponse"),
        [_("%(school)s n’a pas répondu à temps. Ces dates ne sont pas réservées :") % names(line)],
        _("Voir la demande"),
        after=_(
            "La Région suit les demandes restées sans réponse. D’autres lycées prêtent peut-être une salle."
        ),
    )


def _missed(line: Journal) -> News:
    return News(
        _("restée sans réponse"),
        [_("Vous n’avez pas répondu à temps à %(organisation)s. Ces dates sont closes :") % names(line)],
        _("Voir la demande"),
        contact="organisation",
    )


def _standing(line: Journal) -> News:
    return News(
        _("acceptée d’office"),
        [
            _("%(organisation)s vient chez vous : vos accords d’office ont réservé la salle.") % names(line),
        ],
        _("Voir la demande"),
        contact="organisation",
    )


def _blocked(line: Journal) -> News:
    return News(
        _("date touchée"),
        [
            _("Le lycée occupe ou ferme une salle gardée pour %(organisation)s :") % names(line),
        ],
        _("Voir et décider"),
        contact="organisation",
        after=_("Proposez une autre date, ou annulez avec un mot d’excuse."),
    )


WORDS: dict[str, Callable[[Journal], News]] = {
    "reminder": _reminder,
    "escalated": _escalated,
    "expired": _expired,
    "missed": _missed,
    "standing": _standing,
    "blocked": _blocked,
}
