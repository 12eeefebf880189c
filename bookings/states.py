"""The states of a request and of its dates, and the sets of states that mean something. Pure."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    SUBMITTED = "submitted", _("Envoyée")
    INFORMATION_ASKED = "information_asked", _("Précisions demandées")
    DECIDED = "decided", _("Décidée")
    WITHDRAWN = "withdrawn", _("Retirée")
    EXPIRED = "expired", _("Restée sans réponse")
    CLOSED = "closed", _("Clôturée")


class OccurrenceState(models.TextChoices):
    PENDING = "pending", _("En attente")
    OFFERED = "offered", _("Autre proposition")
    APPROVED = "approved", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    DECLINED = "declined", _("Proposition déclinée")
    WITHDRAWN = "withdrawn", _("Retirée")
    CANCELLED = "cancelled", _("Annulée")
    EXPIRED = "expired", _("Restée sans réponse")
    TOOK_PLACE = "took_place", _("A eu lieu")
    NOT_USED = "not_used", _("Non utilisée")


# Requests somebody at the school has to decide.
AWAITING = frozenset({RequestState.SUBMITTED})
# Requests the organisation may still withdraw.
UNDECIDED = frozenset({RequestState.SUBMITTED, RequestState.INFORMATION_ASKED})
# Dates that hold claims.
HOLDING = frozenset({OccurrenceState.APPROVED, OccurrenceState.OFFERED})
# Dates still open to a decision.
OPEN = frozenset({OccurrenceState.PENDING, OccurrenceState.OFFERED})
# Dates on which somebody is, or was, in the house.
HOSTED = frozenset({OccurrenceState.APPROVED, OccurrenceState.TOOK_PLACE})
# Dates that may still take place.
TO_COME = HOLDING | {OccurrenceState.PENDING}
# Dates an agreement is about.
AGREED = HOSTED | {OccurrenceState.NOT_USED}
# Dates a school's planner shows.
PLANNED = HOLDING | HOSTED | {OccurrenceState.PENDING}
# Dates that were once promised: a calendar that showed them must learn what became of them.
ONCE_APPROVED = frozenset(
    {
        OccurrenceState.APPROVED,
        OccurrenceState.CANCELLED,
        OccurrenceState.TOOK_PLACE,
        OccurrenceState.NOT_USED,
    }
)
# Dates with a day to speak of: promised, and not given up since.
WITH_A_DAY = ONCE_APPROVED - {OccurrenceState.CANCELLED}
# What a decision came to where no date is left of it: the first of these that one of its dates has.
GIVEN_UP = (OccurrenceState.CANCELLED, OccurrenceState.REFUSED, OccurrenceState.DECLINED)


def outcome_of(dates: Collection[str]) -> str:
    """What a request came to whose dates have these states; "" while one of them has a day.

    `BookingRequestQuerySet.outcomes` says the same in SQL.
    """
    if WITH_A_DAY.intersection(dates):
        return ""
    return next((state for state in GIVEN_UP if state in dates), "")


class Verb(models.TextChoices):
    """What happened to a request: the journal's vocabulary. Lines without an actor are the program's own."""

    SUBMIT = "submit", _("Demande envoyée")
    APPROVE = "approve", _("Dates acceptées")
    REFUSE = "refuse", _("Dates refusées")
    WITHDRAW = "withdraw", _("Demande retirée")
    CANCEL = "cancel", _("Dates annulées")
    # Other times and places.
    OFFER = "offer", _("Autre date proposée")
    ACCEPT_OFFER = "accept_offer", _("Proposition acceptée")
    DECLINE_OFFER = "decline_offer", _("Proposition déclinée")
    LAPSE = "lapse", _("Proposition échue")
    ASK_MOVE = "ask_move", _("Déplacement demandé")
    APPROVE_MOVE = "approve_move", _("Déplacement accepté")
    REFUSE_MOVE = "refuse_move", _("Déplacement refusé")
    # Words.
    ASK_INFORMATION = "ask_information", _("Précisions demandées")
    ANSWER_INFORMATION = "answer_information", _("Précisions données")
    MESSAGE = "message", _("Message écrit")
    # Time.
    REMIND = "remind", _("Rappel au lycée")
    ESCALATE = "escalate", _("Signalée à la Région")
    EXPIRE = "expire", _("Restée sans réponse")
    TAKE_PLACE = "take_place", _("Dates passées")
    BLOCK = "block", _("Dates touchées par le lycée")
    # The agreement.
    DRAW_UP = "draw_up", _("Convention établie")
    SIGN = "sign", _("Convention signée")
    # The day.
    PREPARE = "prepare", _("Rappel de la veille")
    ARRIVE = "arrive", _("Arrivée")
    REPORT = "report", _("Problème signalé")
    REVIEW = "review", _("Retour sur la séance")
    NOT_USED = "not_used", _("Date non utilisée")
    NO_SHOW = "no_show", _("Absence constatée")
    HAND_OVER = "hand_over", _("Matériel remis")
    TAKE_BACK = "take_back", _("Matériel rendu")
