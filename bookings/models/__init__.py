"""Requests, their dates, the claims that hold units, what happened, and who waits for what."""

from .agreement import Agreement, Signature
from .alert import Alert
from .calendar import CalendarToken
from .claim import Claim
from .day import Incident, Visit
from .journal import Delivery, Journal
from .message import Message
from .notice import ExpiryNotice
from .proposal import Proposal, ProposalSpace
from .request import BookingRequest, Occurrence, OccurrenceEquipment, OccurrenceSpace

__all__ = [
    "Agreement",
    "Alert",
    "BookingRequest",
    "CalendarToken",
    "Claim",
    "Delivery",
    "ExpiryNotice",
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
