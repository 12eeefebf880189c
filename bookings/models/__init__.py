"""Requests, their dates, the claims that hold units, what happened, and who waits for what."""

from .alert import Alert
from .calendar import CalendarToken
from .claim import Claim
from .journal import Delivery, Journal
from .request import BookingRequest, Occurrence, OccurrenceEquipment, OccurrenceSpace

__all__ = [
    "Alert",
    "BookingRequest",
    "CalendarToken",
    "Claim",
    "Delivery",
    "Journal",
    "Occurrence",
    "OccurrenceEquipment",
    "OccurrenceSpace",
]
