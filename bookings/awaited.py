"""What waits for an organisation: an offer or a question to answer, an agreement to sign. As a queryset."""

from __future__ import annotations

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from .models import Agreement, Occurrence, Proposal, Signature
from .models.request import BookingRequestQuerySet, OccurrenceQuerySet
from .states import OccurrenceState, RequestState


def first(requests: BookingRequestQuerySet) -> BookingRequestQuerySet:
    """On top of the order so far, those the organisation has to answer (`awaits_organisation`), and why.

    `is_offered`, until when (`offer_ends_at`); `is_questioned`; `is_to_sign`.
    """
    awaited = Q(is_offered=True) | Q(is_questioned=True) | Q(is_to_sign=True)
    marked = requests.annotate(
        is_offered=Exists(_dates(OccurrenceState.OFFERED)),
        offer_ends_at=_first_end(),
        is_questioned=_told(Q(state=RequestState.INFORMATION_ASKED)),
        is_to_sign=_to_sign(),
    ).annotate(awaits_organisation=_told(awaited))
    return marked.order_by("-awaits_organisation", *requests.query.order_by)


def only(requests: BookingRequestQuerySet) -> BookingRequestQuerySet:
    """Those that the organisation has to answer."""
    return first(requests).filter(awaits_organisation=True)  # type: ignore[misc]


def _told(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _dates(state: str) -> OccurrenceQuerySet:
    """The dates of the request that are in that state."""
    return Occurrence.objects.filter(request=OuterRef("pk"), state=state)


def _first_end() -> Subquery:
    """When the first of the school's open offers runs out."""
    offers = Proposal.objects.open().filter(
        occurrence__request=OuterRef("pk"),
        occurrence__state=OccurrenceState.OFFERED,
        side=Proposal.Side.SCHOOL,
    )
    return Subquery(offers.order_by("expires_at").values("expires_at")[:1])


def _to_sign() -> Q:
    """Whether the organisation has not signed; once no date is left to come, it is not pressed any more."""
    unsigned = Agreement.objects.filter(request=OuterRef("pk")).current()
    unsigned = unsigned.unsigned_by(Signature.Side.ORGANISATION)
    return Q(Exists(unsigned)) & Q(Exists(_dates(OccurrenceState.APPROVED)))
