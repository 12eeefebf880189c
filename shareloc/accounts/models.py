"""People, the organisations that ask for rooms, and what organisations keep on file."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shareloc.web.uploads import RandomName

from .identity import validate_rna, validate_siren_or_siret


class UserManager(BaseUserManager["User"]):
    """Makes accounts known by their e-mail address, always stored in lower case."""

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def at(self, email: str) -> User | None:
        """The active person who has proved this address to be theirs."""
        return self.filter(
            is_active=True, emailaddress__email__iexact=email.strip(), emailaddress__verified=True
        ).first()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person. What they may do follows from memberships, school roles and the Région's flag."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom et prénom"), max_length=150, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    is_region_officer = models.BooleanField(
        _("agent de la Région"),
        default=False,
        help_text=_("Suit l’ensemble des lycées, vérifie les associations."),
    )
    # Kinds of mail this person does without; the app that sends them knows the kinds.
    muted_mails = models.JSONField(_("courriels non souhaités"), default=list, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_whatever_the_case"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: Any) -> OrganisationQuerySet:
        """The organisations this person belongs to."""
        return self.filter(memberships__user=user)


class Organisation(models.Model):
    """Who asks: an association, a commune, a training body, another public body, another lycée."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Association")
        COMMUNE = "commune", _("Commune ou intercommunalité")
        TRAINING_BODY = "training_body", _("Organisme de formation")
        PUBLIC_BODY = "public_body", _("Autre organisme public")
        SCHOOL = "school", _("Lycée")
        COMPANY = "company", _("Entreprise")

    name = models.CharField(_("nom"), max_length=200)
    kind = models.CharField(_("nature"), max_length=20, choices=Kind, default=Kind.ASSOCIATION)
    rna = models.CharField(
        _("numéro RNA"),
        max_length=10,
        blank=True,
        validators=[validate_rna],
        help_text=_("W suivi de neuf caractères, par exemple W9T1002867."),
    )
    siret = models.CharField(
        _("numéro SIREN ou SIRET"), max_length=14, blank=True, validators=[validate_siren_or_siret]
    )
    # The lycée behind an organisation of kind SCHOOL. Its UAI, not a key: schools live above accounts.
    uai = models.CharField(_("UAI du lycée"), max_length=8, blank=True)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    purpose = models.TextField(_("objet"), blank=True, max_length=2000)
    commitment_signed_at = models.DateTimeField(
        _("contrat d’engagement républicain souscrit le"), null=True, blank=True
    )
    verified_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vérifiée par")
    )
    created_at = models.DateTimeField(_("inscrite le"), auto_now_add=True)
    changed_at = models.DateTimeField(_("modifiée le"), auto_now=True)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="organisations"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme")
        verbose_name_plural = _("organismes")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rna"],
                condition=~models.Q(rna=""),
                name="organisation_rna_once",
                violation_error_message=_(
                    "Une association porte déjà ce numéro RNA : demandez à ses membres de vous inviter."
                ),
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~models.Q(siret=""),
                name="organisation_siret_once",
                violation_error_message=_(
                    "Un organisme porte déjà ce numéro SIREN ou SIRET : demandez à ses membres de vous inviter."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.rna = self.rna.replace(" ", "").upper()
        self.siret = self.siret.replace(" ", "")
        if not (self.rna or self.siret or self.uai):
            raise ValidationError(
                {"rna": _("Indiquez le numéro RNA de l’association, ou son numéro SIREN ou SIRET.")},
                code="identity_missing",
            )

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class Membership(models.Model):
    """A person's place in an organisation."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Responsable")
        MEMBER = "member", _("Membre")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisme")
    )
    role = models.CharField(_("rôle"), max_length=10, choices=Role, default=Role.MEMBER)
    created_at = models.DateTimeField(_("depuis le"), auto_now_add=True)

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class Invitation(models.Model):
    """Somebody asked by mail to join an organisation. It is gone once taken up, taken back or out of date."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", verbose_name=_("organisme")
    )
    email = models.EmailField(_("adresse électronique"))
    role = models.CharField(_("rôle"), max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("par"))
    invited_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], name="invitation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.organisation}"

    @property
    def expires_at(self) -> dt.datetime:
        return self.invited_at + dt.timedelta(days=settings.INVITATION_DAYS)


class DocumentQuerySet(models.QuerySet["Document"]):
    def on_file(self) -> DocumentQuerySet:
        """What was not taken off, the one valid longest first."""
        return self.filter(removed_at=None).order_by(
            "kind", models.F("valid_until").desc(nulls_first=True), "-pk"
        )

    def insurance(self) -> DocumentQuerySet:
        """Certificates that count for dates to come."""
        return self.filter(kind=Document.Kind.INSURANCE, removed_at=None)

    def covering(self, day: dt.date) -> DocumentQuerySet:
        """What is valid on that day, as `Document.covers` says of one."""
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        return self.filter(begun, models.Q(valid_until=None) | models.Q(valid_until__gte=day))


class Document(models.Model):
    """What an organisation keeps on file, once for all schools: insurance certificate, statutes."""

    class Kind(models.TextChoices):
        INSURANCE = "insurance", _("Attestation d’assurance")
        STATUTES = "statutes", _("Statuts")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="documents", verbose_name=_("organisme")
    )
    kind = models.CharField(_("nature"), max_length=20, choices=Kind)
    insurer = models.CharField(_("assureur"), max_length=200, blank=True)
    policy_number = models.CharField(_("numéro de contrat"), max_length=100, blank=True)
    cover_amount = models.PositiveBigIntegerField(_("montant garanti (€)"), null=True, blank=True)
    valid_from = models.DateField(_("valable à partir du"), null=True, blank=True)
    valid_until = models.DateField(_("valable jusqu’au (inclus)"), null=True, blank=True)
    file = models.FileField(_("fichier"), upload_to=RandomName("documents"), blank=True)
    # What the file is by its content, not by its name, and its length in bytes.
    content_type = models.CharField(max_length=50, blank=True, editable=False)
    size = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # When its organisation was told that it runs out soon.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("déposé par")
    )
    # Replaced or taken off: it counts for nothing any more, but schools that relied on it may read it.
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce au dossier")
        verbose_name_plural = _("pièces au dossier")
        ordering = ["-valid_until", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.organisation}"

    def covers(self, day: dt.date) -> bool:
        """Whether this document is valid on that day (both bounds included, an empty bound is open)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
