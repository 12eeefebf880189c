"""Another place in time or space for one date: offered by the school, or asked for by the organisation."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from venues.models import Space
from venues.periods import Period

from .request import Occurrence


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> ProposalQuerySet:
        """Those nobody has answered yet, run out or not."""
        return self.filter(outcome="")

    def wished(self, *, at: dt.datetime) -> ProposalQuerySet:
        """What organisations wish and may still be agreed to."""
        return self.open().filter(side=Proposal.Side.ORGANISATION, expires_at__gt=at)


class Proposal(models.Model):
    """Other hours, spaces or equipment for a date.

    The school's offer takes the date's place at once, so that a date always lies where its claims
    are; the organisation's wish to move does so when the school agrees. `was` keeps what the date
    was before: {"start", "end", "spaces": [names], "equipment": [words]}.
    """

    class Side(models.TextChoices):
        SCHOOL = "school", _("Proposée par le lycée")
        ORGANISATION = "organisation", _("Demandée par l’organisme")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Acceptée")
        DECLINED = "declined", _("Déclinée")
        LAPSED = "lapsed", _("Échue")
        # The date itself ended first: refused, withdrawn, cancelled.
        DROPPED = "dropped", _("Sans objet")

    occurrence = models.ForeignKey(
        Occurrence, models.CASCADE, related_name="proposals", verbose_name=_("date")
    )
    side = models.CharField(_("de qui"), max_length=12, choices=Side)
    start_at = models.DateTimeField(_("début"))
    end_at = models.DateTimeField(_("fin"))
    spaces: models.ManyToManyField[Space, ProposalSpace] = models.ManyToManyField(
        Space, through="ProposalSpace", related_name="+", verbose_name=_("salles")
    )
    # How many of which pool: {"pool id": quantity}.
    equipment = models.JSONField(_("matériel"), default=dict)
    was = models.JSONField(_("date d’avant"), default=dict)
    message = models.CharField(_("message"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    made_at = models.DateTimeField(_("le"))
    # An offer holds its claims until then; a wish to move, until the date itself.
    expires_at = models.DateTimeField(_("échéance"))
    outcome = models.CharField(_("issue"), max_length=10, choices=Outcome, blank=True, default="")
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["outcome", "expires_at"], name="proposal_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence"], condition=models.Q(outcome=""), name="proposal_one_open_a_date"
            ),
            models.CheckConstraint(
                condition=models.Q(end_at__gt=models.F("start_at")), name="proposal_not_backwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} – {self.start_at:%d/%m/%Y %H:%M}"

    @property
    def period(self) -> Period:
        return Period(self.start_at, self.end_at)

    @property
    def is_open(self) -> bool:
        return self.outcome == ""


class ProposalSpace(models.Model):
    """A space a proposal wants; protected as those of dates are."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="+")
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", verbose_name=_("salle"))

    class Meta:
        verbose_name = _("salle proposée")
        verbose_name_plural = _("salles proposées")
        constraints = [models.UniqueConstraint(fields=["proposal", "space"], name="space_once_a_proposal")]

    def __str__(self) -> str:
        return str(self.space)
