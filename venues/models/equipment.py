"""Equipment that a school lends in quantities."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .school import School
from .space import Unit


class EquipmentKind(models.Model):
    """Chairs, projectors, a PA, a marquee: the Région's common vocabulary."""

    slug = models.SlugField(_("identifiant"), unique=True)
    name = models.CharField(_("nom"), max_length=80)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("type de matériel")
        verbose_name_plural = _("types de matériel")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class EquipmentPoolQuerySet(models.QuerySet["EquipmentPool"]):
    def published(self) -> EquipmentPoolQuerySet:
        return self.filter(published=True, school__closed_on__isnull=True)

    def of_school(self, school: School | int) -> EquipmentPoolQuerySet:
        """What one school owns, with kind and `quantity`, in the order of the kinds."""
        pools = self.filter(school=school).select_related("kind").with_quantity()
        return pools.order_by("kind__position", "kind__name", "pk")

    def with_quantity(self) -> EquipmentPoolQuerySet:
        """Pools with `quantity`: how many units are not retired; counted for the pools shown alone."""
        in_use = self._units_in_use().values("pool")
        count = models.Subquery(in_use.annotate(n=models.Count("pk")).values("n"))
        return self.annotate(quantity=Coalesce(count, 0))

    def with_at_least(self, quantity: int) -> EquipmentPoolQuerySet:
        """Those that have so many: one is found without counting."""
        if quantity > 1:
            return self.with_quantity().filter(quantity__gte=quantity)  # type: ignore[misc]
        return self.filter(models.Exists(self._units_in_use()))

    def _units_in_use(self) -> models.QuerySet[Unit]:
        return Unit.objects.filter(pool=models.OuterRef("pk"), retired_at=None).order_by()


class EquipmentPool(models.Model):
    """What one school lends of one kind. Its quantity is the number of its units not retired."""

    school = models.ForeignKey(School, models.PROTECT, related_name="pools", verbose_name=_("lycée"))
    kind = models.ForeignKey(EquipmentKind, models.PROTECT, related_name="pools", verbose_name=_("type"))
    description = models.CharField(_("précisions"), max_length=200, blank=True)
    # Of a loan without a room; with one, the room's own notice is what people know of.
    notice_hours = models.PositiveIntegerField(
        _("demande au plus tard (heures avant)"),
        default=48,
        validators=[MaxValueValidator(365 * 24)],
        help_text=_("Pour un prêt de matériel seul ; avec une salle, le délai de la salle compte."),
    )
    published = models.BooleanField(_("proposé au prêt"), default=True)
    is_demo = models.BooleanField(_("donnée de démonstration"), default=False, editable=False)

    objects = EquipmentPoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("matériel")
        verbose_name_plural = _("matériel")
        ordering = ["school", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "kind", "description"],
                name="pool_once_a_school",
                violation_error_message=_(
                    "Ce lycée a déjà ce matériel : changez sa quantité ou précisez-le."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.description})" if self.description else str(self.kind)
