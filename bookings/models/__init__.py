"""Requests, their dates, the claims that hold units, and what happened."""

from .agreement import Agreement, Signature
from .calendar import CalendarToken
from .claim import Claim
from .day import Incident, Visit
from .journal import Delivery, Journal
from .message import Message
from .proposal import Proposal, ProposalSpace
from .request import BookingRequest, Occurrence, OccurrenceEquipment, OccurrenceSpace

__all__ = [
    "Agreement",
    "BookingRequest",
    "CalendarToken",
    "Claim",
    "Delivery",
    "Incident",
    "Journal",
    "Message",
    "Occurrence",
    "OccurrenceEquipment",
    "OccurrenceSpace",
    "Proposal",
    "ProposalSpace",
    "Signature",
    "Visit",
]
