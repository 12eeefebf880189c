"""The signed document of a loan: its versions, and who signed which."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.web.uploads import RandomName

from ..states import AGREED, OccurrenceState
from .request import BookingRequest, Occurrence


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def current(self) -> AgreementQuerySet:
        """The last version of each request's agreement."""
        later = Agreement.objects.filter(
            request=models.OuterRef("request"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))

    def unsigned_by(self, side: str) -> AgreementQuerySet:
        """Those that this party has not signed."""
        signed = Signature.objects.filter(agreement=models.OuterRef("pk"), side=side)
        return self.filter(~models.Exists(signed))

    def waiting_for_region(self) -> AgreementQuerySet:
        """Current ones that the Région has not signed, where a promised date is left.

        A standing signature is made with its version: what has none was drawn up to be signed by its own
        step, whatever the school's setting has become since.
        """
        return self._waiting_for(Signature.Side.REGION, AGREED)

    def waiting_for_school(self) -> AgreementQuerySet:
        """Current ones that the school has not signed; once no date is left to come, it is not pressed any more."""
        return self._waiting_for(Signature.Side.SCHOOL, {OccurrenceState.APPROVED})

    def _waiting_for(self, side: str, states: Collection[str]) -> AgreementQuerySet:
        """Current ones that this party has not signed, where a date is in one of these states."""
        dates = Occurrence.objects.filter(request=models.OuterRef("request"), state__in=states)
        return self.current().unsigned_by(side).filter(models.Exists(dates))


class Agreement(models.Model):
    """One version of a request's agreement. A new version replaces the last; none is ever changed."""

    request = models.ForeignKey(
        BookingRequest, models.PROTECT, related_name="agreements", verbose_name=_("demande")
    )
    # The same for all versions of a request's agreement.
    number = models.CharField(_("numéro"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    generated_at = models.DateTimeField(_("établie le"))
    file = models.FileField(_("fichier"), upload_to=RandomName("agreements"))
    # SHA-256 of the file, in hexadecimal: what is signed, and what anybody may verify.
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    # The board's decision cited in it, as the school gave it then.
    board_decided_on = models.DateField(_("délibération du conseil d’administration"), null=True, blank=True)
    # SHA-256 of the dates it is about (`agreements.covering`): other dates call for another version.
    covers = models.CharField(max_length=64, default="", editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["-generated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="agreement_version_once"),
            models.UniqueConstraint(fields=["request", "version"], name="agreement_once_a_request"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    def replaced_by(self) -> int | None:
        """The newest version of this agreement, where it is a later one: one statement."""
        later = Agreement.objects.filter(request=self.request_id, version__gt=self.version)
        newest: int | None = later.aggregate(newest=models.Max("version"))["newest"]
        return newest


class Signature(models.Model):
    """One party's signature of one version."""

    class Side(models.TextChoices):
        ORGANISATION = "organisation", _("Organisme")
        SCHOOL = "school", _("Lycée")
        REGION = "region", _("Région")

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="signatures", verbose_name=_("convention")
    )
    side = models.CharField(_("partie"), max_length=12, choices=Side)
    # A contract names who signed it: the name stays when the account is erased.
    name = models.CharField(_("nom et qualité"), max_length=200)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("compte")
    )
    signed_at = models.DateTimeField(_("signée le"))
    # Cited by a standing signature; empty for one made on screen.
    delegation = models.CharField(_("délégation citée"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="signature_once_a_side"),
            models.CheckConstraint(
                condition=models.Q(side="region") | models.Q(delegation=""),
                name="signature_delegated_by_region",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} – {self.name}"
