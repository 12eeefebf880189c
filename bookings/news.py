"""What the shorter mails about a request say: a subject, a few sentences, what to do next.

They share one template (`bookings/mail/news`): only their words differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shareloc.web import formats

from . import happened
from .models import Incident, Journal, Message, Occurrence, Proposal


@dataclass(frozen=True)
class News:
    """The words of one mail: sentences, the dates concerned if `dates`, what comes after them.

    `quote` is somebody's own words, under the title `quoted`.
    """

    # After “Demande R-…”.
    subject: str
    sentences: list[str]
    # On the button; the link leads to the request's page.
    link: str
    quoted: str = ""
    quote: str = ""
    dates: bool = True
    after: str = ""
    # Whose address ends the mail: the school's, or the organisation's.
    contact: str = "school"
    # Where the link leads within the site, if not to the request's page.
    path: str = ""
    # (title, text) of what the school lets its guests know.
    notes: list[tuple[str, str]] = field(default_factory=list)


def news(template: str, line: Journal) -> News:
    """The words of that mail of a journal line."""
    return WORDS[template](line)


# -- other dates --------------------------------------------------------------------------------


def _offer(line: Journal) -> News:
    proposal = _proposal(line)
    return News(
        _("autre date proposée"),
        [
            _("%(school)s vous propose une autre date pour « %(purpose)s ».") % _names(line),
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
        % {"moment": formats.moment(proposal.expires_at)},
    )


def _offer_taken(line: Journal) -> News:
    return News(
        _("proposition acceptée"),
        [_("C’est entendu : %(school)s vous attend.") % _names(line)],
        _("Voir la demande"),
    )


def _offer_accepted(line: Journal) -> News:
    return News(
        _("proposition acceptée"),
        [_("%(organisation)s accepte votre proposition. La salle est réservée :") % _names(line)],
        _("Voir la demande"),
        contact="organisation",
    )


def _offer_declined(line: Journal) -> News:
    return News(
        _("proposition déclinée"),
        [_("%(organisation)s décline votre proposition. La salle est de nouveau libre :") % _names(line)],
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
            _("%(organisation)s demande à déplacer une date acceptée.") % _names(line),
            _("Aujourd’hui : %(was)s.") % {"was": _was(proposal)},
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
            _("%(school)s accepte le déplacement demandé.") % _names(line),
            _("La date du %(was)s devient :") % {"was": _was(_proposal(line))},
        ],
        _("Voir la demande"),
    )


def _move_refused(line: Journal) -> News:
    return News(
        _("déplacement refusé"),
        [
            _("%(school)s ne peut pas déplacer la date. Elle vous reste réservée où elle était :")
            % _names(line)
        ],
        _("Voir la demande"),
        _("Motif"),
        line.reason,
    )


# -- words --------------------------------------------------------------------------------------


def _information_asked(line: Journal) -> News:
    return News(
        _("précisions demandées"),
        [
            _("%(school)s a besoin d’une précision avant de répondre à votre demande.") % _names(line),
            _("Répondez sur la page de la demande : le délai de réponse du lycée ne court plus d’ici là."),
        ],
        _("Répondre au lycée"),
        _("Sa question"),
        _said(line),
        dates=False,
    )


def _information_given(line: Journal) -> News:
    return News(
        _("précisions reçues"),
        [
            _("%(organisation)s a répondu à votre question.") % _names(line),
            _("Réponse promise avant le %(day)s.") % {"day": formats.day(line.request.answer_due_on)},
        ],
        _("Voir et décider"),
        _("Sa réponse"),
        _said(line),
        dates=False,
        contact="organisation",
    )


def _message(line: Journal) -> News:
    of_school = line.data.get("side") == Message.Side.SCHOOL
    sentence = (
        _("%(school)s vous écrit au sujet de « %(purpose)s ».")
        if of_school
        else _("%(organisation)s vous écrit au sujet de « %(purpose)s ».")
    )
    return News(
        _("nouveau message"),
        [sentence % _names(line), _("Répondez sur la page de la demande : chacun y retrouve l’échange.")],
        _("Lire et répondre"),
        _("Message"),
        _said(line),
        dates=False,
        contact="school" if of_school else "organisation",
    )


# -- time ---------------------------------------------------------------------------------------


def _reminder(line: Journal) -> News:
    return News(
        _("réponse attendue"),
        [
            _("%(organisation)s attend votre réponse, promise avant le %(day)s.")
            % {**_names(line), "day": formats.day(line.request.answer_due_on)},
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
            % {**_names(line), "day": formats.day(line.request.answer_due_on)},
        ],
        _("Voir la demande"),
    )


def _expired(line: Journal) -> News:
    return News(
        _("restée sans réponse"),
        [_("%(school)s n’a pas répondu à temps. Ces dates ne sont pas réservées :") % _names(line)],
        _("Voir la demande"),
        after=_(
            "La Région suit les demandes restées sans réponse. D’autres lycées prêtent peut-être une salle."
        ),
    )


def _missed(line: Journal) -> News:
    return News(
        _("restée sans réponse"),
        [_("Vous n’avez pas répondu à temps à %(organisation)s. Ces dates sont closes :") % _names(line)],
        _("Voir la demande"),
        contact="organisation",
    )


def _standing(line: Journal) -> News:
    return News(
        _("acceptée d’office"),
        [
            _("%(organisation)s vient chez vous : vos accords d’office ont réservé la salle.") % _names(line),
        ],
        _("Voir la demande"),
        contact="organisation",
    )


def _blocked(line: Journal) -> News:
    return News(
        _("date touchée"),
        [
            _("Le lycée occupe ou ferme une salle gardée pour %(organisation)s :") % _names(line),
        ],
        _("Voir et décider"),
        contact="organisation",
        after=_("Proposez une autre date, ou annulez avec un mot d’excuse."),
    )


# -- the day ------------------------------------------------------------------------------------


def _prepare(line: Journal) -> News:
    school, first = line.request.school, _first_date(line)
    notes = [
        (_("Accès le soir et le week-end :"), school.access_notes),
        (_("En cas d’urgence :"), school.emergency_instructions),
    ]
    return News(
        _("rappel pour %(day)s") % {"day": formats.day(first.start_at)},
        [_("%(school)s vous attend pour « %(purpose)s » :") % _names(line)],
        _("Voir la page du jour"),
        after=_(
            "La page du jour se lit au téléphone et s’imprime ; vous y dites que vous êtes là, ou qu’il y a un problème. "
            "Vous ne venez pas ? Annulez la date : la place servira à d’autres."
        ),
        path=_day_path(first),
        notes=[(title, text) for title, text in notes if text],
    )


def _afterwards(line: Journal) -> News:
    return News(
        _("comment c’était ?"),
        [_("%(school)s vous attendait :") % _names(line)],
        _("Donner mon avis"),
        after=_(
            "En moins d’une minute, dites au lycée dans quel état vous avez laissé les lieux et si tout s’est bien passé. "
            "Vous n’êtes pas venus ? Dites-le sur la même page."
        ),
        path=_day_path(_first_date(line)),
    )


def _not_used(line: Journal) -> News:
    return News(
        _("date non utilisée"),
        [_("%(organisation)s dit ne pas être venue :") % _names(line)],
        _("Voir la demande"),
        _("Motif"),
        line.reason,
        contact="organisation",
    )


def _no_show(line: Journal) -> News:
    return News(
        _("absence constatée"),
        [_("%(school)s n’a vu personne à cette date :") % _names(line)],
        _("Voir la demande"),
        _("Mot du lycée"),
        line.reason,
        after=_("C’est une erreur ? Écrivez au lycée sur la page de la demande."),
    )


def _reported(line: Journal) -> News:
    incident = Incident.objects.filter(pk=line.data["incident"]).first()
    by_school = line.data["side"] == Message.Side.SCHOOL
    sentence = (
        _("%(school)s signale un problème :") if by_school else _("%(organisation)s signale un problème :")
    )
    return News(
        _("problème signalé"),
        [sentence % _names(line)],
        _("Voir la page du jour"),
        _("Ce qui s’est passé"),
        incident.text if incident else "",
        after=_("Une photo est jointe, sur la page du jour.") if incident and incident.photo else "",
        path=_day_path(_first_date(line)),
    )


def _taken_back(line: Journal) -> News:
    return News(
        _("matériel rendu, avec une réserve"),
        [
            _("%(school)s a repris le matériel prêté : %(what)s.")
            % {**_names(line), "what": happened.equipment(line)}
        ],
        _("Voir la demande"),
        _("Son état"),
        line.reason,
        after=_("Vous n’êtes pas d’accord ? Écrivez au lycée sur la page de la demande."),
    )


# -- the agreement ------------------------------------------------------------------------------


def _to_sign(line: Journal) -> News:
    return News(
        _("convention à signer"),
        _called_to_sign(line),
        _("Lire et signer"),
        dates=False,
        after=_(
            "Une personne membre de l’organisme signe à l’écran : son nom, sa qualité, une case à cocher."
        ),
    )


def _to_sign_for_school(line: Journal) -> News:
    return News(
        _("convention à signer"),
        [_("Pour l’accueil de %(organisation)s :") % _names(line), *_called_to_sign(line)],
        _("Lire et signer"),
        dates=False,
        after=_(
            "Le chef d’établissement signe à l’écran ; à défaut de compte à son nom, le gestionnaire "
            "qui en a reçu délégation."
        ),
        contact="organisation",
    )


def _called_to_sign(line: Journal) -> list[str]:
    version = line.data["version"]
    if version == 1:
        return [_("La convention du prêt est établie. Relisez-la, puis signez-la.")]
    return [
        _(
            "Les dates ont changé : la version %(version)s de la convention remplace la précédente. "
            "Relisez-la, puis signez-la, même si vous aviez signé."
        )
        % {"version": version}
    ]


def _signed(line: Journal) -> News:
    return News(
        _("convention signée"),
        [
            _("L’organisme, le lycée et la Région ont signé la convention, version %(version)s.")
            % {"version": line.data["version"]},
            _("Téléchargez-la sur la page de la demande, avec sa feuille de signatures."),
        ],
        _("Voir la demande"),
        dates=False,
    )


def _signed_by_all(line: Journal) -> News:
    return replace(_signed(line), contact="organisation")


WORDS: dict[str, Callable[[Journal], News]] = {
    "offer": _offer,
    "offer_taken": _offer_taken,
    "offer_accepted": _offer_accepted,
    "offer_declined": _offer_declined,
    "lapsed": _lapsed,
    "move_asked": _move_asked,
    "move_approved": _move_approved,
    "move_refused": _move_refused,
    "information_asked": _information_asked,
    "information_given": _information_given,
    "message": _message,
    "reminder": _reminder,
    "escalated": _escalated,
    "expired": _expired,
    "missed": _missed,
    "standing": _standing,
    "blocked": _blocked,
    "prepare": _prepare,
    "afterwards": _afterwards,
    "not_used": _not_used,
    "no_show": _no_show,
    "reported": _reported,
    "taken_back": _taken_back,
    "agreement_to_sign": _to_sign,
    "agreement_to_sign_for_school": _to_sign_for_school,
    "agreement_signed": _signed,
    "agreement_signed_by_all": _signed_by_all,
}


# -- facts --------------------------------------------------------------------------------------


def _names(line: Journal) -> dict[str, str]:
    request = line.request
    return {
        "school": request.school.name,
        "organisation": request.organisation.name,
        "purpose": request.purpose,
    }


def _first_date(line: Journal) -> Occurrence:
    dates = line.request.occurrences.filter(pk__in=line.data["occurrences"]).order_by("start_at", "pk")
    return dates.select_related("request")[0]


def _day_path(date: Occurrence) -> str:
    return reverse("bookings:day", args=[date.request.reference, date.pk])


def _proposal(line: Journal) -> Proposal:
    return Proposal.objects.get(pk=line.data["proposal"])


def _was(proposal: Proposal) -> str:
    """What the date was before the proposal: when, and in which rooms."""
    was: dict[str, Any] = proposal.was
    start, end = (dt.datetime.fromisoformat(was[name]) for name in ("start", "end"))
    return _place(start, end, was["spaces"])


def _place(start: dt.datetime, end: dt.datetime, spaces: list[str]) -> str:
    return ", ".join([formats.period(start, end), *spaces])


def _said(line: Journal) -> str:
    message = Message.objects.filter(pk=line.data.get("message")).first()
    return message.text if message else ""
