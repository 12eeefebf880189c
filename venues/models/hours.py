"""When a school's spaces may be lent: weekly hours, closures, and the school's own use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .columns import ClockField, is_long
from .constraints import OfSchoolQuerySet, SameSchool
from .school import School
from .space import Space

WEEK = 7 * 24 * 60


class Season(models.TextChoices):
    """Which days a weekly window is for. A day's season is that of the day the window starts on."""

    ALWAYS = "always", _("Toute l’année")
    TERM = "term", _("Période scolaire")
    HOLIDAYS = "holidays", _("Vacances scolaires")


def _check_space_of_school(space: Space | None, school_id: int | None) -> None:
    if space is not None and space.school_id != school_id:
        raise ValidationError({"space": _("Cette salle est celle d’un autre lycée.")}, code="other_school")


class WeeklyWindow(models.Model):
    """A weekly window, local time: weekday, start and length, in a season, between two dates."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Lundi")
        TUESDAY = 1, _("Mardi")
        WEDNESDAY = 2, _("Mercredi")
        THURSDAY = 3, _("Jeudi")
        FRIDAY = 4, _("Vendredi")
        SATURDAY = 5, _("Samedi")
        SUNDAY = 6, _("Dimanche")

    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday)
    starts_at = ClockField(_("début"))
    minutes = models.PositiveIntegerField(
        _("durée (min)"),
        validators=[MinValueValidator(5), MaxValueValidator(WEEK)],
        help_text=_("La fin peut tomber le lendemain."),
    )
    season = models.CharField(_("période"), max_length=10, choices=Season, default=Season.ALWAYS)
    valid_from = models.DateField(_("à partir du"), null=True, blank=True)
    valid_until = models.DateField(_("jusqu’au (inclus)"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}"


class OpeningHours(WeeklyWindow):
    """When a school or a space is lent. A space with windows of its own ignores those of its school."""

    school = models.ForeignKey(School, models.CASCADE, related_name="opening_hours", verbose_name=_("lycée"))
    space = models.ForeignKey(
        Space,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="opening_hours",
        verbose_name=_("salle"),
        help_text=_("Vide : pour tout le lycée. Une salle qui a ses propres horaires ignore ceux du lycée."),
    )

    class Meta:
        verbose_name = _("horaire d’ouverture")
        verbose_name_plural = _("horaires d’ouverture")
        ordering = ["school", "space", "weekday", "starts_at"]
        indexes = [
            # All that a search reads of the windows of some schools, and who has hours of its own.
            models.Index(
                fields=[
                    "school",
                    "weekday",
                    "starts_at",
                    "minutes",
                    "season",
                    "space",
                    "valid_from",
                    "valid_until",
                ],
                name="hours_of_schools",
            ),
            models.Index(
                fields=["school", "space"], condition=models.Q(space__isnull=False), name="hours_own"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=WEEK), name="hours_up_to_a_week"
            ),
        ]

    def clean(self) -> None:
        _check_space_of_school(self.space, self.school_id)


class StandingApproval(WeeklyWindow):
    """When a space is promised at once to a verified organisation, if nothing stands against the date."""

    space = models.ForeignKey(
        Space, models.CASCADE, related_name="standing_approvals", verbose_name=_("salle")
    )

    class Meta:
        verbose_name = _("accord d’office")
        verbose_name_plural = _("accords d’office")
        ordering = ["space", "weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=WEEK), name="standing_up_to_a_week"
            ),
        ]


class Closure(models.Model):
    """Days on which a school, or one of its spaces and all that shares its units, is not lent."""

    school = models.ForeignKey(School, models.CASCADE, related_name="closures", verbose_name=_("lycée"))
    space = models.ForeignKey(
        Space,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("salle"),
        help_text=_("Vide : tout le lycée."),
    )
    first_on = models.DateField(_("du"))
    last_on = models.DateField(_("au (inclus)"))
    reason = models.CharField(
        _("motif"), max_length=200, blank=True, help_text=_("Montré au public : examens, travaux…")
    )

    class Meta:
        verbose_name = _("fermeture")
        verbose_name_plural = _("fermetures")
        ordering = ["-first_on", "school"]
        indexes = [models.Index(fields=["first_on", "last_on"], name="closure_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="closure_not_backwards",
                violation_error_message=_("La fermeture finit avant de commencer."),
            )
        ]

    def __str__(self) -> str:
        return self.reason or f"{self.first_on:%d/%m/%Y} – {self.last_on:%d/%m/%Y}"

    def clean(self) -> None:
        _check_space_of_school(self.space, self.school_id)


class BusyTime(models.Model):
    """A period in which the school itself uses a space, and with it all that shares its units."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="busy_times", verbose_name=_("salle"))
    # That of the space: a search over some schools asks for theirs alone.
    school = models.ForeignKey(
        School, models.CASCADE, related_name="+", editable=False, verbose_name=_("lycée")
    )
    start_at = models.DateTimeField(_("début"))
    end_at = models.DateTimeField(_("fin"))
    reason = models.CharField(_("motif (privé)"), max_length=200, blank=True)
    # Those blocked together in the planner; none for what came otherwise.
    series = models.UUIDField(_("série"), null=True, blank=True, editable=False)
    is_long = is_long("start_at", "end_at")

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupation par le lycée")
        verbose_name_plural = _("occupations par le lycée")
        ordering = ["start_at", "pk"]
        indexes = [
            models.Index(
                fields=["school", "is_long", "start_at", "end_at", "space"], name="busy_school_period"
            ),
            models.Index(fields=["start_at", "end_at"], condition=models.Q(is_long=True), name="busy_long"),
            models.Index(fields=["space", "start_at"], name="busy_space_start"),
            models.Index(fields=["series"], condition=models.Q(series__isnull=False), name="busy_series"),
        ]
        constraints = [
            SameSchool(name="busy_of_its_school", of="space"),
            models.CheckConstraint(
                condition=models.Q(end_at__gt=models.F("start_at")),
                name="busy_not_backwards",
                violation_error_message=_("L’occupation finit avant de commencer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} – {self.start_at:%d/%m/%Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_school()
        super().save(*args, **kwargs)

    def take_school(self) -> None:
        self.school_id = self.space.school_id
