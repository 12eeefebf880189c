"""Makers of valid rows for tests. What a test is about, it says; the rest is plausible."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.models import (
    Agreement,
    BookingRequest,
    Claim,
    Incident,
    Message,
    Occurrence,
    OccurrenceEquipment,
    Proposal,
    ProposalSpace,
    Signature,
    Visit,
)
from shareloc.accounts.models import Document, Membership, Organisation, User
from venues.models import (
    BusyTime,
    Closure,
    EquipmentKind,
    EquipmentPool,
    Feature,
    OpeningHours,
    PriceRule,
    School,
    SchoolRole,
    Space,
    SpaceUnit,
    StandingApproval,
    Unit,
)
from venues.uai import CHECK_LETTERS

PASSWORD = "un-mot-de-passe-de-test"
PARIS = ZoneInfo("Europe/Paris")


def valid_uai(number: int) -> str:
    """The UAI of these seven digits: 590123 → `0590123…` with its check letter."""
    return f"{number:07d}{CHECK_LETTERS[number % 23]}"


def next_week(hour: int = 18) -> dt.datetime:
    """A week from today at that hour in Paris."""
    day = timezone.localdate() + dt.timedelta(days=7)
    return dt.datetime.combine(day, dt.time(hour), tzinfo=PARIS)


class UserFactory(DjangoModelFactory[User]):
    """A person whose address is verified; `verified=False` leaves it unverified. Password: PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    name = factory.Sequence(lambda n: f"Personne {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)

    @factory.post_generation
    def verified(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        EmailAddress.objects.create(
            user=self, email=self.email, primary=True, verified=extracted is not False
        )


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A verified association with a valid RNA; `verified_at=None` for one the Région has not seen."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Association {n}")
    kind = Organisation.Kind.ASSOCIATION
    rna = factory.Sequence(lambda n: f"W59{n:07d}")
    email = factory.Sequence(lambda n: f"association{n}@example.org")
    verified_at = factory.LazyFunction(timezone.now)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.MEMBER


class InsuranceFactory(DjangoModelFactory[Document]):
    """A certificate valid from a month ago for a year."""

    class Meta:
        model = Document

    organisation = factory.SubFactory(OrganisationFactory)
    kind = Document.Kind.INSURANCE
    insurer = "Mutuelle d’essai"
    policy_number = factory.Sequence(lambda n: f"POLICE-{n}")
    valid_from = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=335))


class SchoolFactory(DjangoModelFactory[School]):
    """An open lycée of Lille with a valid UAI."""

    class Meta:
        model = School

    uai = factory.Sequence(lambda n: valid_uai(590_000 + n))
    name = factory.Sequence(lambda n: f"Lycée d’essai {n}")
    kind = School.Kind.GENERAL_TECHNOLOGICAL
    address = "1 rue de l’Essai"
    postcode = "59000"
    commune = "Lille"
    insee_code = "59350"
    department = "59"
    department_name = "Nord"
    latitude = 50.6333
    longitude = 3.0667
    precision = School.Precision.SITE


class SchoolRoleFactory(DjangoModelFactory[SchoolRole]):
    class Meta:
        model = SchoolRole

    user = factory.SubFactory(UserFactory)
    school = factory.SubFactory(SchoolFactory)
    role = SchoolRole.Role.MANAGER


class FeatureFactory(DjangoModelFactory[Feature]):
    class Meta:
        model = Feature
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"amenagement-{n}")
    name = factory.LazyAttribute(lambda feature: feature.slug.capitalize())


class SpaceFactory(DjangoModelFactory[Space]):
    """A published classroom for 30 with its own unit; asks for no insurance and no notice.

    `features=[…]` puts features in; `units=[…]` replaces its unit (a divisible gymnasium).
    """

    class Meta:
        model = Space
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    name = factory.Sequence(lambda n: f"Salle {n}")
    kind = Space.Kind.CLASSROOM
    capacity = 30
    published = True
    notice_hours = 0
    needs_insurance = False

    @factory.post_generation
    def features(self: Space, create: bool, extracted: list[Feature] | None, **kwargs: Any) -> None:
        if extracted:
            self.features.set(extracted)

    @factory.post_generation
    def units(self: Space, create: bool, extracted: list[Unit] | None, **kwargs: Any) -> None:
        if extracted is not None:
            own = list(self.units.all())
            self.space_units.all().delete()
            for unit in own:
                unit.delete()
            SpaceUnit.objects.bulk_create(SpaceUnit(space=self, unit=unit) for unit in extracted)


class EquipmentKindFactory(DjangoModelFactory[EquipmentKind]):
    class Meta:
        model = EquipmentKind
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"materiel-{n}")
    name = factory.LazyAttribute(lambda kind: kind.slug.capitalize())


class EquipmentPoolFactory(DjangoModelFactory[EquipmentPool]):
    """A pool of `quantity` units (10 unless told)."""

    class Meta:
        model = EquipmentPool
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    kind = factory.SubFactory(EquipmentKindFactory)

    @factory.post_generation
    def quantity(self: EquipmentPool, create: bool, extracted: int | None, **kwargs: Any) -> None:
        count = 10 if extracted is None else extracted
        Unit.objects.bulk_create(
            Unit(school=self.school, pool=self, name=f"{self.kind} {number}")
            for number in range(1, count + 1)
        )


class OpeningHoursFactory(DjangoModelFactory[OpeningHours]):
    """Mondays from 18:00 to 22:00 all year, for the whole school."""

    class Meta:
        model = OpeningHours

    school = factory.SubFactory(SchoolFactory)
    weekday = OpeningHours.Weekday.MONDAY
    starts_at = dt.time(18)
    minutes = 4 * 60


def open_always(school: School, *, space: Space | None = None) -> list[OpeningHours]:
    """Open a school, or one space, day and night all year: for tests that are about something else."""
    return [
        OpeningHoursFactory.create(
            school=school, space=space, weekday=weekday, starts_at=dt.time(0), minutes=24 * 60
        )
        for weekday in OpeningHours.Weekday.values
    ]


class StandingApprovalFactory(DjangoModelFactory[StandingApproval]):
    """Mondays from 18:00 to 22:00 all year, promised at once."""

    class Meta:
        model = StandingApproval

    space = factory.SubFactory(SpaceFactory)
    weekday = StandingApproval.Weekday.MONDAY
    starts_at = dt.time(18)
    minutes = 4 * 60


class PriceRuleFactory(DjangoModelFactory[PriceRule]):
    """Ten euros an hour, whoever asks."""

    class Meta:
        model = PriceRule

    space = factory.SubFactory(SpaceFactory)
    amount = 10


class ClosureFactory(DjangoModelFactory[Closure]):
    """A week from today, the whole school, one day."""

    class Meta:
        model = Closure

    school = factory.SubFactory(SchoolFactory)
    first_on = factory.LazyFunction(lambda: next_week().date())
    last_on = factory.LazyAttribute(lambda closure: closure.first_on)
    reason = "Travaux"


class BusyTimeFactory(DjangoModelFactory[BusyTime]):
    """A lesson of two hours, a week from today at 18:00."""

    class Meta:
        model = BusyTime

    space = factory.SubFactory(SpaceFactory)
    start_at = factory.LazyFunction(next_week)
    end_at = factory.LazyAttribute(lambda busy: busy.start_at + dt.timedelta(hours=2))


class BookingRequestFactory(DjangoModelFactory[BookingRequest]):
    """A request just sent, without dates: see OccurrenceFactory."""

    class Meta:
        model = BookingRequest

    organisation = factory.SubFactory(OrganisationFactory)
    school = factory.SubFactory(SchoolFactory)
    created_by = factory.SubFactory(UserFactory)
    purpose = "Chorale"
    attendees = 20
    submitted_at = factory.LazyFunction(timezone.now)
    answer_due_on = factory.LazyAttribute(lambda asked: asked.submitted_at.date() + dt.timedelta(days=7))


class OccurrenceFactory(DjangoModelFactory[Occurrence]):
    """Two hours a week from today at 18:00, pending, in a space of the request's school.

    `spaces=[…]` names the spaces ([] for none); `equipment={pool: quantity}` asks for equipment.
    """

    class Meta:
        model = Occurrence
        skip_postgeneration_save = True

    request = factory.SubFactory(BookingRequestFactory)
    start_at = factory.LazyFunction(next_week)
    end_at = factory.LazyAttribute(lambda date: date.start_at + dt.timedelta(hours=2))
    changed_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def spaces(self: Occurrence, create: bool, extracted: list[Space] | None, **kwargs: Any) -> None:
        self.spaces.set([SpaceFactory.create(school=self.request.school)] if extracted is None else extracted)

    @factory.post_generation
    def equipment(
        self: Occurrence, create: bool, extracted: dict[EquipmentPool, int] | None, **kwargs: Any
    ) -> None:
        for pool, quantity in (extracted or {}).items():
            OccurrenceEquipment.objects.create(occurrence=self, pool=pool, quantity=quantity)


class ClaimFactory(DjangoModelFactory[Claim]):
    """A claim for an approved date, on the first unit of its first space."""

    class Meta:
        model = Claim

    occurrence = factory.SubFactory(OccurrenceFactory, state=Occurrence.State.APPROVED)
    unit = factory.LazyAttribute(lambda claim: claim.occurrence.spaces.all()[0].units.all()[0])
    start_at = factory.LazyAttribute(lambda claim: claim.occurrence.start_at)
    end_at = factory.LazyAttribute(lambda claim: claim.occurrence.end_at)


class ProposalFactory(DjangoModelFactory[Proposal]):
    """The school's offer of the same hours a day later, for a week; `spaces=[…]`, or the date's own."""

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    occurrence = factory.SubFactory(OccurrenceFactory, state=Occurrence.State.OFFERED)
    side = Proposal.Side.SCHOOL
    start_at = factory.LazyAttribute(lambda offer: offer.occurrence.start_at + dt.timedelta(days=1))
    end_at = factory.LazyAttribute(lambda offer: offer.occurrence.end_at + dt.timedelta(days=1))
    made_by = factory.SubFactory(UserFactory)
    made_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda offer: offer.made_at + dt.timedelta(days=7))

    @factory.post_generation
    def spaces(self: Proposal, create: bool, extracted: list[Space] | None, **kwargs: Any) -> None:
        wanted = self.occurrence.spaces.all() if extracted is None else extracted
        ProposalSpace.objects.bulk_create(ProposalSpace(proposal=self, space=space) for space in wanted)


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    request = factory.SubFactory(BookingRequestFactory)
    side = Message.Side.ORGANISATION
    author = factory.SubFactory(UserFactory)
    text = "Pouvons-nous venir dix minutes plus tôt ?"
    sent_at = factory.LazyFunction(timezone.now)


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A first version, without its file."""

    class Meta:
        model = Agreement

    request = factory.SubFactory(BookingRequestFactory)
    number = factory.Sequence(lambda n: f"2026-{n:05d}")
    generated_at = factory.LazyFunction(timezone.now)
    digest = factory.Sequence(lambda n: f"{n:064x}")


class SignatureFactory(DjangoModelFactory[Signature]):
    class Meta:
        model = Signature

    agreement = factory.SubFactory(AgreementFactory)
    side = Signature.Side.ORGANISATION
    name = "Une présidente d’essai"
    signed_by = factory.SubFactory(UserFactory)
    signed_at = factory.LazyFunction(timezone.now)


class VisitFactory(DjangoModelFactory[Visit]):
    class Meta:
        model = Visit

    occurrence = factory.SubFactory(OccurrenceFactory, state=Occurrence.State.TOOK_PLACE)
    arrived_at = factory.LazyAttribute(lambda visit: visit.occurrence.start_at)


class IncidentFactory(DjangoModelFactory[Incident]):
    class Meta:
        model = Incident

    occurrence = factory.SubFactory(OccurrenceFactory, state=Occurrence.State.APPROVED)
    text = "Une chaise est cassée."
    reported_by = factory.SubFactory(UserFactory)
    reported_at = factory.LazyFunction(timezone.now)
