"""A request and its dates."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Document, Organisation
from shareloc.web import formats
from shareloc.web.addresses import path_of
from shareloc.web.choices import word_of
from venues.models import EquipmentPool, School, Space
from venues.models.columns import is_long
from venues.periods import Period
from venues.places import fold

from ..states import AWAITING, GIVEN_UP, OPEN, TO_COME, WITH_A_DAY, OccurrenceState, RequestState

DAY = dt.timedelta(days=1)
# Letters and digits that nobody confuses when reading aloud (Crockford's base 32): 40 random bits.
REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A reference like R-7K2M-9QXD, which can be neither guessed nor counted."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"R-{letters[:4]}-{letters[4:]}"


class BookingRequestQuerySet(models.QuerySet["BookingRequest"]):
    def awaiting(self) -> BookingRequestQuerySet:
        """Requests the school has to answer: what it offered elsewhere waits for somebody else."""
        pending = Occurrence.objects.filter(request=models.OuterRef("pk"), state=OccurrenceState.PENDING)
        return self.filter(models.Exists(pending), state__in=AWAITING)

    def oldest_first(self) -> BookingRequestQuerySet:
        return self.order_by("submitted_at", "pk")

    def newest_first(self) -> BookingRequestQuerySet:
        return self.order_by("-submitted_at", "-pk")

    def for_school(self, school: School) -> BookingRequestQuerySet:
        return self.filter(school=school)

    def of_organisations_of(self, user: Any) -> BookingRequestQuerySet:
        return self.filter(organisation__memberships__user=user)

    def upcoming_first(self, *, at: dt.datetime) -> BookingRequestQuerySet:
        """By the next date still to come (`next_start_at`), then those that have none, newest first."""
        to_come = models.Q(occurrences__end_at__gt=at, occurrences__state__in=TO_COME)
        return self.annotate(next_start_at=models.Min("occurrences__start_at", filter=to_come)).order_by(
            models.F("next_start_at").asc(nulls_last=True), "-submitted_at", "-pk"
        )

    def named_like(self, text: str) -> BookingRequestQuerySet:
        """Every word stands in the activity, the organisation, the lycée or the reference."""
        found = self
        for word in text.split():
            named = models.Q(purpose__icontains=word) | models.Q(organisation__name__icontains=word)
            named |= models.Q(reference__iexact=word)
            if folded := fold(word):
                named |= models.Q(school__search_text__contains=folded)
            found = found.filter(named)
        return found

    def with_summary(self) -> BookingRequestQuerySet:
        """Who and where, and counts of dates: what a line of a list shows, in one statement."""

        def dates(**filters: Any) -> models.Count:
            return models.Count("occurrences", filter=models.Q(**filters), distinct=True)

        return (
            self.select_related("organisation", "school")
            .annotate(
                dates=dates(),
                first_start_at=models.Min("occurrences__start_at"),
                dates_pending=dates(occurrences__state=OccurrenceState.PENDING),
                dates_approved=dates(occurrences__state=OccurrenceState.APPROVED),
                dates_open=dates(occurrences__state__in=OPEN),
            )
            .outcomes()
        )

    def outcomes(self) -> BookingRequestQuerySet:
        """`outcome`: what `states.outcome_of` says of the dates, by one aggregate."""
        given_up = list(enumerate(reversed(GIVEN_UP)))
        weight = models.Case(
            models.When(occurrences__state__in=WITH_A_DAY, then=models.Value(len(GIVEN_UP))),
            *(models.When(occurrences__state=state, then=models.Value(n)) for n, state in given_up),
        )
        said = (models.When(weight=n, then=models.Value(str(state))) for n, state in given_up)
        return self.alias(weight=models.Max(weight)).annotate(
            outcome=models.Case(*said, default=models.Value(""))
        )

    def with_insurance(self, day: dt.date) -> BookingRequestQuerySet:
        """`is_insured`: whether a certificate of the organisation covers that day."""
        certificates = Document.objects.insurance().covering(day)
        return self.annotate(
            is_insured=models.Exists(certificates.filter(organisation=models.OuterRef("organisation")))
        )

    def with_dates(self) -> BookingRequestQuerySet:
        """Everything a request's page shows: constant number of statements."""
        related = self.select_related("organisation", "school")
        return related._with_dates_in(Space.objects.select_related("school"))

    def with_plain_dates(self) -> BookingRequestQuerySet:
        """As `with_dates`, without the lycées: whoever reads these has them at hand (`know_school`)."""
        return self.select_related("organisation")._with_dates_in(Space.objects.order_by("name", "pk"))

    def _with_dates_in(self, spaces: models.QuerySet[Space]) -> BookingRequestQuerySet:
        equipment = OccurrenceEquipment.objects.select_related("pool__kind")
        return self.prefetch_related(
            models.Prefetch("occurrences__spaces", spaces),
            models.Prefetch("occurrences__equipment", equipment),
        )


class BookingRequest(models.Model):
    """One ask: who, what for, which spaces and equipment, on one or many dates.

    State changes only in `bookings.workflow`.
    """

    State = RequestState

    reference = models.CharField(
        _("référence"), max_length=11, unique=True, default=new_reference, editable=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="requests", verbose_name=_("organisme")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="requests", verbose_name=_("lycée"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="booking_requests",
        verbose_name=_("demandée par"),
    )
    purpose = models.CharField(_("activité"), max_length=200)
    attendees = models.PositiveIntegerField(_("nombre de personnes"), validators=[MinValueValidator(1)])
    message = models.TextField(_("message au lycée"), blank=True, max_length=4000)
    contact_name = models.CharField(_("responsable sur place"), max_length=150, blank=True)
    contact_phone = models.CharField(_("téléphone du responsable"), max_length=30, blank=True)
    # The rule a series was made from (RFC 5545 RRULE), empty for picked dates. The dates are the truth.
    rule = models.CharField(max_length=500, blank=True, editable=False)
    state = models.CharField(
        _("état"), max_length=20, choices=RequestState, default=RequestState.SUBMITTED, editable=False
    )
    submitted_at = models.DateTimeField(_("envoyée le"), editable=False)
    answer_due_on = models.DateField(_("réponse promise avant le"), editable=False)
    # Since when the promised answer's clock stands still, while information is awaited.
    information_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # For how many days it stood still: the promised answer is that much later.
    paused_days = models.PositiveSmallIntegerField(default=0, editable=False)
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True, editable=False)
    # The highest deposit of its spaces when a date was first approved; empty before.
    deposit = models.DecimalField(
        _("caution (€)"), max_digits=7, decimal_places=2, null=True, blank=True, editable=False
    )
    # The same form, or the same API call, sent twice gives one request.
    idempotency_key = models.CharField(max_length=100, blank=True, default="", editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = BookingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande")
        verbose_name_plural = _("demandes")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "state", "submitted_at"], name="request_queue"),
            models.Index(fields=["organisation", "-submitted_at"], name="request_of_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="request_sent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.purpose}"

    get_state_display = word_of("state", RequestState)

    def get_absolute_url(self) -> str:
        return path_of("bookings:request", self.reference)

    def know_school(self, school: School) -> None:
        """Take this for its lycée and that of its dates' rooms, which need not be read again for each."""
        self.school = school
        for date in self.occurrences.all():
            for space in date.spaces.all():
                space.school = school


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def in_state(self, *states: str) -> OccurrenceQuerySet:
        return self.filter(state__in=states)

    def overlapping(self, period: Period) -> OccurrenceQuerySet:
        return self.filter(start_at__lt=period.end, end_at__gt=period.start)

    def during(self, period: Period) -> OccurrenceQuerySet:
        """The same, where there may be years of dates: those not long are looked for from a day before on.

        Two subqueries of their own, each made for the index of `is_long`: in one statement with other
        conditions SQLite may prefer an index on those, and read everything since the beginning.
        """
        # `in`, not `=`: Django writes the latter as a condition of its own, which SQLite has no index for.
        going_on = Occurrence.objects.overlapping(period).order_by().values("pk")
        short = going_on.filter(is_long__in=[False], start_at__gt=period.start - DAY)
        return self.filter(pk__in=short.union(going_on.filter(is_long__in=[True])))


class Occurrence(models.Model):
    """One date of a request: one period, its spaces and equipment, all or nothing."""

    State = OccurrenceState

    request = models.ForeignKey(
        BookingRequest, models.CASCADE, related_name="occurrences", verbose_name=_("demande")
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    start_at = models.DateTimeField(_("début"))
    end_at = models.DateTimeField(_("fin"))
    state = models.CharField(
        _("état"), max_length=20, choices=OccurrenceState, default=OccurrenceState.PENDING, editable=False
    )
    # Why it was refused or cancelled, in the words shown to the organisation.
    reason = models.CharField(_("motif"), max_length=500, blank=True, editable=False)
    spaces: models.ManyToManyField[Space, OccurrenceSpace] = models.ManyToManyField(
        Space, through="OccurrenceSpace", related_name="occurrences", blank=True, verbose_name=_("salles")
    )
    # Frozen at approval, in euros; empty before.
    price = models.DecimalField(
        _("prix (€)"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    # How the price was reached, or the ground on which there is none, in words.
    price_ground = models.CharField(_("calcul du prix"), max_length=1000, blank=True, editable=False)
    # What it was worth: the organisation enters it in its accounts.
    value = models.DecimalField(
        _("valeur du prêt (€)"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    # When the reminder of the day before went out; empty again once the date is moved.
    prepared_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when the school's own use or a closure lies over an approved date, as `run_due` found.
    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # For calendars: what changed last and how often (RFC 5545 LAST-MODIFIED and SEQUENCE).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(editable=False)
    is_long = is_long("start_at", "end_at")

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        ordering = ["start_at", "pk"]
        indexes = [
            models.Index(fields=["state", "start_at"], name="occurrence_state_start"),
            models.Index(fields=["start_at", "end_at"], name="occurrence_period"),
            models.Index(fields=["is_long", "start_at", "end_at"], name="occurrence_is_long_period"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_at__gt=models.F("start_at")), name="occurrence_not_backwards"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request.reference} – {self.start_at:%d/%m/%Y %H:%M}"

    get_state_display = word_of("state", OccurrenceState)

    @property
    def period(self) -> Period:
        return Period(self.start_at, self.end_at)

    @property
    def has_equipment_out(self) -> bool:
        """Whether something handed over for it has not come back; its equipment is best loaded before."""
        return any(line.is_out for line in self.equipment.all())


class OccurrenceSpace(models.Model):
    """A space a date asks for. A space once asked for is never deleted: the date would lose its place."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="+")
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", verbose_name=_("salle"))

    class Meta:
        verbose_name = _("salle demandée")
        verbose_name_plural = _("salles demandées")
        constraints = [models.UniqueConstraint(fields=["occurrence", "space"], name="space_once_a_date")]

    def __str__(self) -> str:
        return str(self.space)


class OccurrenceEquipment(models.Model):
    """How many of a pool a date asks for."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="equipment")
    pool = models.ForeignKey(EquipmentPool, models.PROTECT, related_name="asked", verbose_name=_("matériel"))
    quantity = models.PositiveIntegerField(_("quantité"), validators=[MinValueValidator(1)])
    collected_at = models.DateTimeField(_("remis le"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("rendu le"), null=True, blank=True, editable=False)
    # How many came back, and how many of those damaged; what is missing is the difference.
    returned_quantity = models.PositiveIntegerField(
        _("quantité rendue"), null=True, blank=True, editable=False
    )
    damaged_quantity = models.PositiveIntegerField(_("dont abîmés"), default=0, editable=False)
    condition = models.CharField(_("état au retour"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("matériel demandé")
        verbose_name_plural = _("matériel demandé")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "pool"], name="equipment_once_a_date"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="equipment_some"),
            models.CheckConstraint(
                condition=models.Q(returned_at=None, returned_quantity=None, damaged_quantity=0)
                | models.Q(
                    returned_at__isnull=False,
                    returned_quantity__lte=models.F("quantity"),
                    damaged_quantity__lte=models.F("returned_quantity"),
                ),
                name="equipment_returned_of_what_was_lent",
            ),
        ]

    def __str__(self) -> str:
        return formats.counted(self.quantity, self.pool)

    @property
    def is_out(self) -> bool:
        """Whether it was handed over and its return is not noted."""
        return self.collected_at is not None and self.returned_at is None

    @property
    def missing(self) -> int:
        """How many did not come back; none before the return is noted."""
        return 0 if self.returned_quantity is None else self.quantity - self.returned_quantity
