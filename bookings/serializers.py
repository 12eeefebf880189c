"""Times, spaces found and requests as the API shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shareloc.accounts.models import Organisation
from venues.models import Space
from venues.serializers import SchoolRefSerializer, SpaceSerializer, listed, rounded

from . import nearest, problems
from .models import BookingRequest, Journal, Message, Occurrence, Proposal
from .problems import Problem, Severity, asked_of
from .states import OccurrenceState, RequestState, Verb

# -- times --------------------------------------------------------------------------------------


class PeriodSerializer(serializers.Serializer[Any]):
    """`[start, end)`, in Paris time with its offset."""

    start = serializers.DateTimeField(read_only=True)
    end = serializers.DateTimeField(read_only=True)


class AvailabilitySerializer(serializers.Serializer[Any]):
    """When a space can be asked for, and when it is open but cannot."""

    free = PeriodSerializer(many=True, read_only=True, help_text="Ce qui peut être demandé.")
    taken = PeriodSerializer(
        many=True, read_only=True, help_text="Heures d’ouverture déjà prises ou fermées."
    )


class PlannedSpaceSerializer(AvailabilitySerializer):
    """A room in the planner of its school: what it is called, and when it is free."""

    id = serializers.IntegerField(read_only=True, help_text="Numéro de la salle.")
    name = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=Space.Kind.choices, read_only=True)


class WaySerializer(serializers.Serializer[Any]):
    """One change to a search, and how many rooms it finds: a `nearest.Way`."""

    kind = serializers.ChoiceField(choices=nearest.KINDS, read_only=True, help_text="Ce qui change.")
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    count = serializers.IntegerField(
        read_only=True, help_text="Salles que trouve la recherche ainsi changée."
    )
    query = serializers.CharField(
        read_only=True, help_text="Les filtres de cette recherche, à donner à `spaces/`."
    )


class SpaceOfSearchSerializer(SpaceSerializer):
    """A space as a search shows it: what it is, then what was found out about it."""

    distance_km = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Distance au lieu cherché, s’il y en a un."
    )

    class Meta(SpaceSerializer.Meta):
        fields = (*SpaceSerializer.Meta.fields, "distance_km")
        read_only_fields = fields

    @cached_property
    def _base(self) -> str:
        address: str = self.context["request"].build_absolute_uri("/")
        return address.rstrip("/")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        space = listed(instance.space, base=self._base)
        return {**space, "distance_km": rounded(instance.distance_km), **self.found_out(instance)}

    def found_out(self, instance: Any) -> dict[str, Any]:
        raise NotImplementedError


class FoundSpaceSerializer(SpaceOfSearchSerializer):
    """A space found by the search: a `search.Hit`."""

    next_free = PeriodSerializer(
        read_only=True,
        allow_null=True,
        default=None,
        help_text="La période demandée, ou la première libre ; null si aucun jour n’est donné.",
    )
    free = PeriodSerializer(
        many=True,
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Ce qui est libre ce jour-là ; null si aucun jour n’est donné.",
    )

    class Meta(SpaceOfSearchSerializer.Meta):
        fields = (*SpaceOfSearchSerializer.Meta.fields, "next_free", "free")
        read_only_fields = fields

    def found_out(self, instance: Any) -> dict[str, Any]:
        return {
            "next_free": PeriodSerializer(instance.slot).data if instance.slot else None,
            "free": PeriodSerializer(instance.free, many=True).data if instance.slot else None,
        }


class OfferSerializer(SpaceOfSearchSerializer):
    """A space with its first free slots: a `search.Offer`."""

    slots = PeriodSerializer(
        many=True, read_only=True, help_text="Les premières périodes libres, trois au plus."
    )

    class Meta(SpaceOfSearchSerializer.Meta):
        fields = (*SpaceOfSearchSerializer.Meta.fields, "slots")
        read_only_fields = fields

    def found_out(self, instance: Any) -> dict[str, Any]:
        return {"slots": PeriodSerializer(instance.slots, many=True).data}


class FlexiblePageSerializer(serializers.Serializer[Any]):
    """A page of offers, and the way on."""

    next = serializers.URLField(
        read_only=True, allow_null=True, help_text="La suite ; null s’il n’y en a pas."
    )
    results = OfferSerializer(many=True, read_only=True)
    looked_at = serializers.IntegerField(read_only=True, help_text="Combien de salles ont été essayées.")


class RegularSpaceSerializer(SpaceOfSearchSerializer):
    """A space and the days of a series on which it is free: a `search.Regular`."""

    free_dates = serializers.ListField(
        child=serializers.DateField(), read_only=True, help_text="Les jours où elle est libre."
    )
    dates_free = serializers.IntegerField(read_only=True, help_text="Combien de jours elle est libre…")
    dates_total = serializers.IntegerField(read_only=True, help_text="… sur combien de demandés.")

    class Meta(SpaceOfSearchSerializer.Meta):
        fields = (*SpaceOfSearchSerializer.Meta.fields, "free_dates", "dates_free", "dates_total")
        read_only_fields = fields

    def found_out(self, instance: Any) -> dict[str, Any]:
        return {
            "free_dates": [day.isoformat() for day in instance.days],
            "dates_free": len(instance.days),
            "dates_total": instance.out_of,
        }


# -- requests -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldDate:
    """One date of a request and the objections to it."""

    date: Occurrence
    problems: list[Problem]


@dataclass(frozen=True)
class Told:
    """A request as it is told: its dates in order, with their objections."""

    request: BookingRequest
    dates: list[ToldDate]
    journal: list[Journal] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def tell(
    requests: Iterable[tuple[BookingRequest, Sequence[Occurrence]]], *, now: dt.datetime, suggest: bool = True
) -> list[Told]:
    """Requests with what stands against each date still to decide.

    Nothing stands against a date already decided. At most eight statements whatever the number of
    requests, none where nothing is pending. Dates come with spaces, their school, and equipment.
    """
    sorted_dates = [
        (request, sorted(dates, key=lambda date: (date.start_at, date.pk))) for request, dates in requests
    ]
    asked = [
        asked
        for request, dates in sorted_dates
        for asked in asked_of(request, [date for date in dates if date.state == OccurrenceState.PENDING])
    ]
    found = problems.for_dates(asked, now=now, suggest=suggest)
    against = {one.occurrence_id: objections for one, objections in zip(asked, found, strict=True)}
    return [
        Told(request, [ToldDate(date, against.get(date.pk, [])) for date in dates])
        for request, dates in sorted_dates
    ]


class ProblemSerializer(serializers.Serializer[Any]):
    """What stands against a date: `blocker` keeps it from being approved as it is."""

    code = serializers.ChoiceField(choices=sorted(problems.RULES), read_only=True)
    severity = serializers.ChoiceField(choices=[str(severity) for severity in Severity], read_only=True)
    message = serializers.CharField(read_only=True)
    next_free = PeriodSerializer(
        read_only=True,
        allow_null=True,
        help_text="Les mêmes heures, le premier jour où elles sont libres ; null si l’objection n’est pas de temps.",
    )


class WhyNotSerializer(serializers.Serializer[Any]):
    """Why a space is free then or not: a `why.Answer`."""

    free = serializers.BooleanField(source="is_free", read_only=True)
    problems = ProblemSerializer(many=True, read_only=True)
    next_free = PeriodSerializer(
        read_only=True, allow_null=True, help_text="Les mêmes heures, le premier jour où elles sont libres."
    )
    same_day = PeriodSerializer(
        read_only=True,
        allow_null=True,
        help_text="La même durée ce jour-là, au plus près de l’heure demandée.",
    )


class SpaceRefSerializer(serializers.ModelSerializer[Space]):
    """Which space is asked for."""

    class Meta:
        model = Space
        fields = ("id", "name")
        read_only_fields = fields


class LineSerializer(serializers.Serializer[Any]):
    """How many of a pool are asked for."""

    pool = serializers.IntegerField(source="pool_id", read_only=True)
    kind = serializers.SlugField(source="pool.kind.slug", read_only=True)
    name = serializers.CharField(source="pool", read_only=True)
    quantity = serializers.IntegerField(read_only=True)
    collected_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Remis à l’organisme."
    )
    returned_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Rendu au lycée.")
    returned_quantity = serializers.IntegerField(read_only=True, allow_null=True)
    damaged_quantity = serializers.IntegerField(read_only=True, help_text="Abîmés, parmi les rendus.")
    condition = serializers.CharField(read_only=True, help_text="État au retour.")


class ToldDateSerializer(serializers.Serializer[Any]):
    """One date of a request."""

    id = serializers.IntegerField(source="date.pk", read_only=True)
    start = serializers.DateTimeField(source="date.start_at", read_only=True)
    end = serializers.DateTimeField(source="date.end_at", read_only=True)
    state = serializers.ChoiceField(source="date.state", choices=OccurrenceState.choices, read_only=True)
    reason = serializers.CharField(
        source="date.reason", read_only=True, help_text="Motif d’un refus ou d’une annulation."
    )
    price = serializers.DecimalField(
        source="date.price", max_digits=12, decimal_places=2, read_only=True, allow_null=True,
        help_text="Euros, fixés à l’acceptation ; null avant.",
    )  # fmt: skip
    price_ground = serializers.CharField(
        source="date.price_ground", read_only=True, help_text="Calcul du prix, ou motif de gratuité."
    )
    value = serializers.DecimalField(
        source="date.value", max_digits=12, decimal_places=2, read_only=True, allow_null=True,
        help_text="Ce que vaut le prêt, gratuit ou non ; null avant l’acceptation.",
    )  # fmt: skip
    spaces = SpaceRefSerializer(source="date.spaces", many=True, read_only=True)
    equipment = LineSerializer(source="date.equipment", many=True, read_only=True)
    problems = ProblemSerializer(many=True, read_only=True, help_text="Vide pour une date déjà décidée.")


class OrganisationRefSerializer(serializers.ModelSerializer[Organisation]):
    """Who asks."""

    class Meta:
        model = Organisation
        fields = ("id", "name")
        read_only_fields = fields


class RequestSerializer(serializers.Serializer[Any]):
    """A request and its dates."""

    reference = serializers.CharField(source="request.reference", read_only=True)
    state = serializers.ChoiceField(source="request.state", choices=RequestState.choices, read_only=True)
    school = SchoolRefSerializer(source="request.school", read_only=True)
    organisation = OrganisationRefSerializer(source="request.organisation", read_only=True)
    purpose = serializers.CharField(source="request.purpose", read_only=True)
    attendees = serializers.IntegerField(source="request.attendees", read_only=True)
    message = serializers.CharField(source="request.message", read_only=True)
    contact_name = serializers.CharField(source="request.contact_name", read_only=True)
    contact_phone = serializers.CharField(source="request.contact_phone", read_only=True)
    submitted_at = serializers.DateTimeField(source="request.submitted_at", read_only=True)
    answer_due_on = serializers.DateField(source="request.answer_due_on", read_only=True)
    decided_at = serializers.DateTimeField(source="request.decided_at", read_only=True, allow_null=True)
    deposit = serializers.DecimalField(
        source="request.deposit", max_digits=7, decimal_places=2, read_only=True, allow_null=True,
        help_text="Caution en euros, fixée à la première acceptation ; null avant.",
    )  # fmt: skip
    url = serializers.SerializerMethodField(help_text="Page de la demande.")
    occurrences = ToldDateSerializer(source="dates", many=True, read_only=True)

    @extend_schema_field(serializers.URLField())
    def get_url(self, told: Told) -> str:
        address: str = self.context["request"].build_absolute_uri(told.request.get_absolute_url())
        return address


class JournalSerializer(serializers.ModelSerializer[Journal]):
    """One thing that happened to a request."""

    verb = serializers.ChoiceField(choices=Verb.choices, read_only=True)
    by = serializers.SerializerMethodField(help_text="Nom de la personne ; vide si elle n’en a pas donné.")
    occurrences = serializers.SerializerMethodField(help_text="Dates concernées.")

    class Meta:
        model = Journal
        fields = ("verb", "at", "by", "reason", "occurrences")
        read_only_fields = fields

    def get_by(self, line: Journal) -> str:
        return line.actor.name if line.actor else ""

    def get_occurrences(self, line: Journal) -> list[int]:
        return list(line.data.get("occurrences", []))


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """Another place for a date, nobody having answered yet: the school's offer, or the organisation's wish."""

    occurrence = serializers.IntegerField(source="occurrence_id", read_only=True)
    side = serializers.ChoiceField(choices=Proposal.Side.choices, read_only=True)
    start = serializers.DateTimeField(source="start_at", read_only=True)
    end = serializers.DateTimeField(source="end_at", read_only=True)
    spaces = SpaceRefSerializer(many=True, read_only=True)

    class Meta:
        model = Proposal
        fields = ("occurrence", "side", "start", "end", "spaces", "message", "made_at", "expires_at")
        read_only_fields = fields


class RequestDetailSerializer(RequestSerializer):
    """A request, its dates, what is proposed for them and all that happened to it."""

    proposals = ProposalSerializer(
        many=True, read_only=True, help_text="Propositions sans réponse : du lycée, ou de l’organisme."
    )
    journal = JournalSerializer(many=True, read_only=True)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """What one side wrote to the other."""

    side = serializers.ChoiceField(choices=Message.Side.choices, read_only=True)
    by = serializers.CharField(source="who", read_only=True, help_text="Un nom, jamais une adresse.")

    class Meta:
        model = Message
        fields = ("id", "side", "by", "text", "sent_at")
        read_only_fields = fields
