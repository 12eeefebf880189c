"""The states of a request and of its dates, and the sets of states that mean something. Pure."""

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


class Verb(models.TextChoices):
    """What happened to a request: the journal's vocabulary."""

    SUBMIT = "submit", _("Demande envoyée")
    APPROVE = "approve", _("Dates acceptées")
    REFUSE = "refuse", _("Dates refusées")
    WITHDRAW = "withdraw", _("Demande retirée")
    CANCEL = "cancel", _("Dates annulées")
