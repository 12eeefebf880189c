"""Who is told of what happened, by which mail, and what of it a person may do without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Membership, User
from venues.models import SchoolRole

from . import happened, mails
from .models import BookingRequest, Journal, Message
from .sending import reachable
from .states import OccurrenceState, Verb


class Told(NamedTuple):
    """The mails a verb calls for: to the organisation, to the school, to the Région; empty, none."""

    organisation: str = ""
    school: str = ""
    region: str = ""


# Verbs that call for no mail are not here.
MAILS: dict[str, Told] = {
    Verb.SUBMIT: Told("submitted", "to_decide"),
    Verb.APPROVE: Told("approved"),
    Verb.REFUSE: Told("refused"),
    Verb.WITHDRAW: Told("withdrawn", "withdrawn"),
    Verb.OFFER: Told("offer"),
    Verb.ACCEPT_OFFER: Told("offer_taken", "offer_accepted"),
    Verb.DECLINE_OFFER: Told("offer_declined", "offer_declined"),
    Verb.LAPSE: Told("lapsed", "lapsed"),
    Verb.ASK_MOVE: Told("", "move_asked"),
    Verb.APPROVE_MOVE: Told("move_approved"),
    Verb.REFUSE_MOVE: Told("move_refused"),
    Verb.ASK_INFORMATION: Told("information_asked"),
    Verb.ANSWER_INFORMATION: Told("", "information_given"),
    Verb.REMIND: Told("", "reminder"),
    Verb.ESCALATE: Told("", "", "escalated"),
    Verb.EXPIRE: Told("expired", "missed"),
    Verb.BLOCK: Told("", "blocked"),
    Verb.TAKE_PLACE: Told("afterwards"),
    Verb.PREPARE: Told("prepare"),
    Verb.REPORT: Told("reported", "reported"),
    Verb.NOT_USED: Told("", "not_used"),
    Verb.NO_SHOW: Told("no_show"),
    Verb.DRAW_UP: Told("agreement_to_sign", "agreement_to_sign_for_school"),
}
# Mails that also go to whoever did it: a receipt to keep.
RECEIPTS = frozenset({"submitted", "offer_taken", "agreement_signed", "agreement_signed_by_all"})

# What a person may do without, and the mails that are of that kind. Decisions always come.
KINDS: dict[str, tuple[object, frozenset[str]]] = {
    "receipts": (
        _("Accusés de réception de mes demandes et de mes accords"),
        frozenset({"submitted", "offer_taken"}),
    ),
    "messages": (_("Messages échangés sur une demande"), frozenset({"message"})),
    "to_decide": (_("Nouvelles demandes faites à mon lycée"), frozenset({"to_decide", "standing"})),
    "answers": (
        _("Réponses des organismes à mes propositions et questions"),
        frozenset({"offer_accepted", "offer_declined", "information_given", "not_used"}),
    ),
    "agreements": (
        _("Conventions à signer, et signées par tous"),
        frozenset(
            {
                "agreement_to_sign",
                "agreement_to_sign_for_school",
                "agreement_signed",
                "agreement_signed_by_all",
            }
        ),
    ),
    "reminders": (_("Rappels et échéances"), frozenset({"reminder", "lapsed", "missed"})),
    "day_before": (_("La veille d’une date : accès, contact, consignes"), frozenset({"prepare"})),
    "afterwards": (_("Après une date : comment c’était ?"), frozenset({"afterwards"})),
    "certificates": (_("Attestation d’assurance qui expire bientôt"), frozenset({"expiring"})),
    "escalations": (_("Demandes restées sans réponse, pour la Région"), frozenset({"escalated"})),
}


def recipients(line: Journal) -> list[tuple[User, str]]:
    """(person, template) for each mail of a journal line; a person is told once.

    Each side learns what the other did, and who asked also what a colleague did. Only active people
    whose address is verified are written to, and not of what they said they can do without.
    """
    told: dict[int, tuple[User, str]] = {}
    for person, template in _everybody(line):
        if not is_muted(person, template):
            told.setdefault(person.pk, (person, template))
    return list(told.values())


def is_muted(person: User, template: str) -> bool:
    """Whether this person chose to do without such mails."""
    return any(template in KINDS[kind][1] for kind in person.muted_mails if kind in KINDS)


def _everybody(line: Journal) -> Iterable[tuple[User, str]]:
    mail = _mails(line)
    if mail.organisation:
        yield from _but_the_actor(line, _organisation(line.request), mail.organisation)
    if mail.school:
        yield from _but_the_actor(line, _school(line.request), mail.school)
    if mail.region:
        yield from ((person, mail.region) for person in reachable().filter(is_region_officer=True))


def _mails(line: Journal) -> Told:
    if line.verb == Verb.CANCEL:
        return Told("cancelled", "" if mails.by_school(line) else "cancelled")
    if line.verb == Verb.MESSAGE:
        return Told("message") if line.data["side"] == Message.Side.SCHOOL else Told("", "message")
    if line.verb == Verb.APPROVE and line.actor_id is None:
        return Told("approved", "standing")
    if line.verb == Verb.SIGN and line.data["complete"]:
        return Told("agreement_signed", "agreement_signed_by_all")
    if line.verb == Verb.SUBMIT and _was_promised_at_once(line.request):
        return Told("submitted")
    if line.verb == Verb.TAKE_BACK and happened.is_worse(line):
        return Told("taken_back")
    return MAILS.get(line.verb, Told())


def _was_promised_at_once(request: BookingRequest) -> bool:
    """Whether standing approvals left the school nothing to decide."""
    at_once = request.journal.filter(verb=Verb.APPROVE, actor=None, at=request.submitted_at)
    pending = request.occurrences.filter(state=OccurrenceState.PENDING)
    return at_once.exists() and not pending.exists()


def _but_the_actor(line: Journal, people: list[User], template: str) -> Iterable[tuple[User, str]]:
    told = people if template in RECEIPTS else [p for p in people if p.pk != line.actor_id]
    yield from ((person, template) for person in told)


def _organisation(request: BookingRequest) -> list[User]:
    """Who asked, or the organisation's administrators where that person cannot be told any more."""
    members = Membership.objects.filter(organisation=request.organisation_id)
    asker = reachable().filter(booking_requests=request, memberships__in=members).first()
    administrators = members.filter(role=Membership.Role.ADMIN)
    return [asker] if asker else list(reachable().filter(memberships__in=administrators))


def _school(request: BookingRequest) -> list[User]:
    deciding = SchoolRole.objects.filter(school=request.school_id, role__in=SchoolRole.DECIDING)
    return list(reachable().filter(school_roles__in=deciding).distinct())
