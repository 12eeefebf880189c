"""Spaces, what they are made of and what is fixed in them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shareloc.web.addresses import path_of
from shareloc.web.choices import word_of

from .school import School

DAY = 24 * 60


class Feature(models.Model):
    """Something fixed in a space, that people search for: projector, stage, piano, showers."""

    slug = models.SlugField(_("identifiant"), unique=True)
    name = models.CharField(_("nom"), max_length=80)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("aménagement")
        verbose_name_plural = _("aménagements")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """The smallest thing that only one booking can occupy at a time.

    A room is one unit, a divisible gymnasium has one a part, a pool of twelve projectors has twelve.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="units", verbose_name=_("lycée"))
    pool = models.ForeignKey(
        "venues.EquipmentPool",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("matériel"),
        help_text=_("Vide pour une salle ou une partie de salle."),
    )
    name = models.CharField(_("nom"), max_length=120)
    # A retired unit keeps its past claims and takes no new one.
    retired_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("unité")
        verbose_name_plural = _("unités")
        ordering = ["pk"]
        # What the claims' own school refers to.
        constraints = [models.UniqueConstraint(fields=["id", "school"], name="unit_and_school")]

    def __str__(self) -> str:
        return self.name


# The slugs of a space's features, in the vocabulary's order.
FEATURES = """
  FROM venues_space_features has JOIN venues_feature feature ON feature.id = has.feature_id
 WHERE has.space_id = venues_space.id"""
SLUGS = {
    "sqlite": f"(SELECT group_concat(slug) FROM (SELECT slug {FEATURES} ORDER BY position, name))",
    "postgresql": f"(SELECT string_agg(slug, ',' ORDER BY position, name) {FEATURES})",
}


class SpaceQuerySet(models.QuerySet["Space"]):
    def published(self) -> SpaceQuerySet:
        """What the public sees: published spaces of open schools."""
        return self.filter(published=True, school__closed_on__isnull=True)

    def counted_by_school(self) -> Coalesce:
        """How many of these each lycée of a list has: an annotation, counted for the lycées shown alone."""
        of_each = self.filter(school=models.OuterRef("pk")).order_by().values("school")
        return Coalesce(models.Subquery(of_each.annotate(n=models.Count("pk")).values("n")), 0)

    def for_school(self, school: School) -> SpaceQuerySet:
        return self.filter(school=school)

    def with_page_details(self) -> SpaceQuerySet:
        """School, features and cover loaded with the spaces: two statements whatever their number."""
        return self.select_related("school").prefetch_related("features").with_cover()

    def with_cover(self) -> SpaceQuerySet:
        """As `cover` what a list shows of each space's first photo (token, alt, width, height), or None."""
        # Photos are of spaces: their module needs this one.
        from .photo import cover

        return self.annotate(cover=cover())

    def listed(self, *, features: bool = True) -> SpaceQuerySet:
        """School, cover, and as `feature_slugs` what is fixed in each space ("piano,stage"): one statement."""
        found = self.select_related("school").with_cover()
        if not features:
            return found
        slugs = RawSQL(SLUGS[connection.vendor], (), output_field=models.CharField())
        return found.annotate(feature_slugs=slugs)


class Space(models.Model):
    """What a user books. Occupies all its units at once."""

    class Kind(models.TextChoices):
        CLASSROOM = "classroom", _("Salle de classe")
        AMPHITHEATRE = "amphitheatre", _("Amphithéâtre")
        GYMNASIUM = "gymnasium", _("Gymnase")
        HALL = "hall", _("Salle polyvalente")
        LIBRARY = "library", _("CDI")
        CANTEEN = "canteen", _("Restaurant scolaire")
        KITCHEN = "kitchen", _("Cuisine")
        WORKSHOP = "workshop", _("Atelier")
        LABORATORY = "laboratory", _("Laboratoire")
        COMPUTER_ROOM = "computer_room", _("Salle informatique")
        SPORTS_GROUND = "sports_ground", _("Terrain de sport")
        CAR_PARK = "car_park", _("Parc de stationnement")
        BOARDING_ROOM = "boarding_room", _("Chambre d’internat")

    school = models.ForeignKey(School, models.PROTECT, related_name="spaces", verbose_name=_("lycée"))
    name = models.CharField(_("nom"), max_length=120)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    capacity = models.PositiveIntegerField(
        _("capacité (personnes)"),
        validators=[MinValueValidator(1)],
        help_text=_("Déclarée par le lycée, jamais calculée."),
    )
    area = models.PositiveIntegerField(_("surface (m²)"), null=True, blank=True)
    location = models.CharField(_("bâtiment et étage"), max_length=120, blank=True)
    step_free = models.BooleanField(_("accessible de plain-pied"), default=False)
    features: models.ManyToManyField[Feature, Any] = models.ManyToManyField(
        Feature, blank=True, related_name="spaces", verbose_name=_("aménagements")
    )
    units: models.ManyToManyField[Unit, SpaceUnit] = models.ManyToManyField(
        Unit, through="SpaceUnit", related_name="spaces"
    )
    published = models.BooleanField(_("proposée au prêt"), default=False)
    is_demo = models.BooleanField(_("donnée de démonstration"), default=False, editable=False)

    # How it is lent. Minutes, hours and days are whole numbers.
    min_minutes = models.PositiveIntegerField(
        _("durée minimale (min)"), default=60, validators=[MinValueValidator(5)]
    )
    max_minutes = models.PositiveIntegerField(
        _("durée maximale (min)"), default=12 * 60, validators=[MaxValueValidator(60 * DAY)]
    )
    step_minutes = models.PositiveSmallIntegerField(
        _("début possible toutes les (min)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(DAY)],
        help_text=_("Compté depuis minuit, heure de Paris."),
    )
    setup_minutes = models.PositiveSmallIntegerField(
        _("préparation avant (min)"), default=0, validators=[MaxValueValidator(DAY)]
    )
    cleanup_minutes = models.PositiveSmallIntegerField(
        _("remise en état après (min)"), default=0, validators=[MaxValueValidator(DAY)]
    )
    notice_hours = models.PositiveIntegerField(_("demande au plus tard (heures avant)"), default=48)
    horizon_days = models.PositiveIntegerField(_("demande au plus tôt (jours avant)"), default=548)
    cancellation_hours = models.PositiveIntegerField(_("annulation sans reproche (heures avant)"), default=48)
    hourly_rate = models.DecimalField(
        _("tarif horaire (€)"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Zéro : prêt gratuit."),
    )
    hourly_value = models.DecimalField(
        _("valeur horaire du prêt (€)"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_(
            "Ce que vaut une heure, même prêtée gratuitement : l’association l’inscrit dans ses comptes."
        ),
    )
    deposit = models.DecimalField(
        _("caution (€)"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Par demande ; zéro : aucune."),
    )
    needs_insurance = models.BooleanField(_("attestation d’assurance exigée"), default=True)
    needs_verified = models.BooleanField(_("organisme vérifié exigé"), default=False)
    open_to = models.JSONField(
        _("ouverte à"),
        default=list,
        blank=True,
        help_text=_("Natures d’organismes admises ; liste vide : toutes."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("salle")
        verbose_name_plural = _("salles")
        ordering = ["school", "name", "pk"]
        indexes = [
            models.Index(fields=["school", "published"], name="space_school_published"),
            # The longest buffers of all spaces, which bound what a search reads.
            models.Index(fields=["setup_minutes"], name="space_setup"),
            models.Index(fields=["cleanup_minutes"], name="space_cleanup"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_minutes__gte=models.F("min_minutes")),
                name="space_max_not_under_min",
                violation_error_message=_("La durée maximale est plus courte que la durée minimale."),
            ),
            # What the busy times' own school refers to.
            models.UniqueConstraint(fields=["id", "school"], name="space_and_school"),
            models.UniqueConstraint(
                fields=["school", "name"],
                name="space_name_once_a_school",
                violation_error_message=_("Ce lycée a déjà une salle de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new space gets a unit of its own; it is cut into parts afterwards (`rooms.divide`)."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            unit = Unit.objects.create(school=self.school, name=self.name)
            SpaceUnit.objects.create(space=self, unit=unit)

    get_kind_display = word_of("kind", Kind)

    def get_absolute_url(self) -> str:
        return path_of("bookings:space", self.pk)

    @property
    def is_free_of_charge(self) -> bool:
        return self.hourly_rate == 0

    @property
    def is_public(self) -> bool:
        return self.published and self.school.is_open


class SpaceUnitQuerySet(models.QuerySet["SpaceUnit"]):
    def by_space(self, spaces: Iterable[int]) -> dict[int, frozenset[int]]:
        """The units of each of these spaces: one statement."""
        units: dict[int, set[int]] = {space: set() for space in spaces}
        for space, unit in self.filter(space__in=list(units)).order_by().values_list("space", "unit"):
            units[space].add(unit)
        return {space: frozenset(found) for space, found in units.items()}


class SpaceUnit(models.Model):
    """That a space occupies a unit. The halves of a gymnasium and the whole of it share units."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="space_units", verbose_name=_("salle"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="space_units", verbose_name=_("unité"))

    objects = SpaceUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unité occupée")
        verbose_name_plural = _("unités occupées")
        constraints = [models.UniqueConstraint(fields=["space", "unit"], name="space_unit_once")]

    def __str__(self) -> str:
        return f"{self.space} – {self.unit}"

    def clean(self) -> None:
        if self.unit_id is None:
            return  # the field itself says that it is missing
        if self.unit.school_id != self.space.school_id:
            raise ValidationError({"unit": _("Cette unité est celle d’un autre lycée.")}, code="other_school")
        if self.unit.pool_id is not None:
            raise ValidationError(
                {"unit": _("Cette unité est du matériel, pas une salle.")}, code="equipment"
            )
