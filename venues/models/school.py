"""Schools and the people who answer for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.web.addresses import path_of

from ..places import fold
from ..uai import validate_uai
from .trigrams import TrigramIndex


class SchoolQuerySet(models.QuerySet["School"]):
    def open(self) -> SchoolQuerySet:
        return self.filter(closed_on__isnull=True)

    def named_like(self, text: str) -> SchoolQuerySet:
        """Schools whose name or commune holds every word of `text`, accents and case forgiven."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def for_map(self) -> SchoolQuerySet:
        """No more of each than its marker tells: a map shows them all, a page of the list a few."""
        return self.only("uai", "name", "commune", "latitude", "longitude")

    def lending(self) -> SchoolQuerySet:
        """Schools that published a room or equipment."""
        published = models.Q(spaces__published=True) | models.Q(pools__published=True)
        return self.filter(published).distinct()

    def run_by(self, user: Any) -> SchoolQuerySet:
        """Schools in which this person has a role."""
        return self.filter(roles__user=user).distinct()


class School(models.Model):
    """A lycée. Its facts come from the annuaire; its rules are set by its managers."""

    class Kind(models.TextChoices):
        GENERAL_TECHNOLOGICAL = "general_technological", _("Lycée général et technologique")
        VOCATIONAL = "vocational", _("Lycée professionnel")
        POLYVALENT = "polyvalent", _("Lycée polyvalent")
        AGRICULTURAL = "agricultural", _("Lycée agricole")
        MARITIME = "maritime", _("Lycée maritime")
        SECTION = "section", _("Section d’un lycée")
        MICRO_LYCEE = "micro_lycee", _("Micro-lycée")
        OTHER = "other", _("Autre établissement")

    class Precision(models.TextChoices):
        """How well a position is known, best first."""

        SITE = "site", _("Adresse de l’établissement")
        HOST_SITE = "host_site", _("Lycée d’accueil")
        STREET = "street", _("Rue")
        COMMUNE = "commune", _("Centre de la commune")
        UNKNOWN = "", _("Inconnue")

    class RegionSignature(models.TextChoices):
        """How the Région, party to every agreement, signs those of this school."""

        STANDING = "standing", _("Permanente, par délégation")
        STEP = "step", _("À chaque convention")

    # Facts, from the annuaire.
    uai = models.CharField(_("UAI"), max_length=8, unique=True, validators=[validate_uai])
    name = models.CharField(_("nom"), max_length=200)
    kind = models.CharField(_("type"), max_length=30, choices=Kind, default=Kind.OTHER)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    commune = models.CharField(_("commune"), max_length=100, blank=True)
    insee_code = models.CharField(_("code commune (Insee)"), max_length=5, blank=True)
    department = models.CharField(
        _("code du département"),
        max_length=3,
        db_index=True,
        help_text=_("Deux caractères : 59, 2A ; 971 outre-mer."),
    )
    department_name = models.CharField(_("département"), max_length=60, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    website = models.URLField(_("site"), blank=True, max_length=300)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    pupils = models.PositiveIntegerField(_("élèves"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    precision = models.CharField(
        _("précision de la position"), max_length=10, choices=Precision, blank=True, default=""
    )
    closed_on = models.DateField(
        _("fermé le"),
        null=True,
        blank=True,
        help_text=_("Un lycée absent de l’annuaire est fermé, jamais supprimé."),
    )

    # Rules, from the school.
    answer_days = models.PositiveSmallIntegerField(
        _("réponse promise sous (jours)"), default=7, help_text=_("Affichée sur chaque demande.")
    )
    access_notes = models.TextField(_("accès le soir et le week-end"), blank=True)
    emergency_instructions = models.TextField(
        _("consignes d’urgence"),
        blank=True,
        help_text=_(
            "Alarme, issues, point de rassemblement, numéro d’astreinte : rappelées la veille de chaque accueil."
        ),
    )
    lending_contact = models.CharField(
        _("contact pour les prêts"),
        max_length=200,
        blank=True,
        help_text=_("Un service plutôt qu’une personne."),
    )

    refusal_reasons = models.TextField(
        _("motifs de refus proposés"),
        blank=True,
        help_text=_("Un par ligne ; vide : ceux de la Région."),
    )
    agreement_clauses = models.TextField(
        _("clauses du lycée dans la convention"), blank=True, help_text=_("Un paragraphe par clause.")
    )
    board_decided_on = models.DateField(
        _("délibération du conseil d’administration"),
        null=True,
        blank=True,
        help_text=_("Date de l’avis sur le prêt des locaux, citée dans la convention."),
    )
    region_signature = models.CharField(
        _("signature de la Région"), max_length=10, choices=RegionSignature, default=RegionSignature.STEP
    )
    region_delegation = models.CharField(
        _("délégation citée"),
        max_length=300,
        blank=True,
        help_text=_("Acte par lequel la Région a délégué sa signature, pour une signature permanente."),
    )

    # What a search for a place compares with: name, commune and postcode without accents or case.
    search_text = models.CharField(max_length=400, editable=False, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("lycée")
        verbose_name_plural = _("lycées")
        ordering = ["commune", "name", "uai"]
        indexes = [TrigramIndex(fields=["search_text"], name="venues_school_trigrams")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(region_signature="standing", region_delegation=""),
                name="school_standing_signature_cites",
                violation_error_message=_("Une signature permanente cite l’acte de délégation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refresh_search_text()
        super().save(*args, **kwargs)

    def refresh_search_text(self) -> None:
        """Keep the words a search compares with in step with the name; bulk writers call it themselves."""
        self.search_text = fold(f"{self.name} {self.commune} {self.postcode} {self.uai}")[:400]

    def get_absolute_url(self) -> str:
        return path_of("venues:school", self.uai)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def refusals(self) -> list[str]:
        """The reasons a manager picks from: the school's own, or the Région's."""
        own = [line.strip() for line in self.refusal_reasons.splitlines() if line.strip()]
        return own or list(settings.REFUSAL_REASONS)

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees, WGS 84."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def full_address(self) -> str:
        town = " ".join(part for part in (self.postcode, self.commune) if part)
        return ", ".join(part for part in (self.address, town) if part)


class SchoolRole(models.Model):
    """A person's place in a school."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("Gestionnaire")
        HEAD = "head", _("Chef d’établissement")
        CARETAKER = "caretaker", _("Loge")

    DECIDING = frozenset({Role.MANAGER, Role.HEAD})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="school_roles", verbose_name=_("personne")
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="roles", verbose_name=_("lycée"))
    role = models.CharField(_("rôle"), max_length=10, choices=Role)
    created_at = models.DateTimeField(_("depuis le"), auto_now_add=True)

    class Meta:
        verbose_name = _("personne habilitée")
        verbose_name_plural = _("personnes habilitées")
        ordering = ["school", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "school", "role"], name="school_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}, {self.school}"
