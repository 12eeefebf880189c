"""What is said of another date or place: offered, wished for, taken, declined, lapsed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import Journal, Proposal
from .mail import News, names


def _offer(line: Journal) -> News:
    proposal = _proposal(line)
    return News(
        _("autre date proposée"),
        [
            _("%(school)s vous propose une autre date pour « %(purpose)s ».") % names(line),
            _("Demandé : %(was)s.") % {"was": _was(proposal)},
            _("Proposé :"),
        ],
        _("Répondre à la proposition"),
        _("Mot du lycée"),
        line.reason,
        after=_(
            "La salle vous est gardée jusqu’au %(moment)s. Acceptez ou déclinez sur la page de la demande ; "
            "sans réponse, la proposition tombe."
        )
        % {"moment": formats.until(proposal.expires_at)},
    )


def _offer_taken(line: Journal) -> News:
    return News(
        _("proposition acceptée"),
        [_("C’est entendu : %(school)s vous attend.") % names(line)],
        _("Voir la demande"),
    )


def _offer_accepted(line: Journal) -> News:
    return News(
        _("proposition acceptée"),
        [_("%(organisation)s accepte votre proposition. La salle est réservée :") % names(line)],
        _("Voir la demande"),
        contact="organisation",
    )


def _offer_declined(line: Journal) -> News:
    return News(
        _("proposition déclinée"),
        [_("%(organisation)s décline votre proposition. La salle est de nouveau libre :") % names(line)],
        _("Voir la demande"),
        _("Motif"),
        line.reason,
        contact="organisation",
    )


def _lapsed(line: Journal) -> News:
    if line.data.get("moves"):
        sentence = _(
            "Le déplacement demandé n’a pas eu de réponse à temps : la date reste où elle est, à moins d’un nouvel accord."
        )
    else:
        sentence = _(
            "La proposition du lycée n’a pas eu de réponse à temps : la salle n’est plus gardée. "
            "Une nouvelle demande reste possible."
        )
    return News(_("proposition échue"), [sentence], _("Voir la demande"))


def _move_asked(line: Journal) -> News:
    proposal = _proposal(line)
    return News(
        _("déplacement demandé"),
        [
            _("%(organisation)s demande à déplacer une date acceptée.") % names(line),
            _("Actuellement : %(was)s.") % {"was": _was(proposal)},
            _("Souhaité : %(wanted)s.")
            % {"wanted": _place(proposal.start_at, proposal.end_at, [s.name for s in proposal.spaces.all()])},
            _("D’ici votre réponse, la date reste où elle est."),
        ],
        _("Voir et décider"),
        _("Mot de l’organisme"),
        line.reason,
        dates=False,
        contact="organisation",
    )


def _move_approved(line: Journal) -> News:
    return News(
        _("date déplacée"),
        [
            _("%(school)s accepte le déplacement demandé.") % names(line),
            _("La date du %(was)s devient :") % {"was": _was(_proposal(line))},
        ],
        _("Voir la demande"),
    )


def _move_refused(line: Journal) -> News:
    return News(
        _("déplacement refusé"),
        [
            _("%(school)s ne peut pas déplacer la date. Elle vous reste réservée où elle était :")
            % names(line)
        ],
        _("Voir la demande"),
        _("Motif"),
        line.reason,
    )


WORDS: dict[str, Callable[[Journal], News]] = {
    "offer": _offer,
    "offer_taken": _offer_taken,
    "offer_accepted": _offer_accepted,
    "offer_declined": _offer_declined,
    "lapsed": _lapsed,
    "move_asked": _move_asked,
    "move_approved": _move_approved,
    "move_refused": _move_refused,
}


def _proposal(line: Journal) -> Proposal:
    return Proposal.objects.get(pk=line.data["proposal"])


def _was(proposal: Proposal) -> str:
    """What the date was before the proposal: when, and in which rooms."""
    was: dict[str, Any] = proposal.was
    start, end = (dt.datetime.fromisoformat(was[name]) for name in ("start", "end"))
    return _place(start, end, was["spaces"])


def _place(start: dt.datetime, end: dt.datetime, spaces: list[str]) -> str:
    return ", ".join([formats.period(start, end), *spaces])
