"""Requests, their dates, the claims that hold units, and what happened."""

from .calendar import CalendarToken
from .claim import Claim
from .journal import Delivery, Journal
from .request import BookingRequest, Occurrence, OccurrenceEquipment, OccurrenceSpace

__all__ = [
    "BookingRequest",
    "CalendarToken",
    "Claim",
    "Delivery",
    "Journal",
    "Occurrence",
    "OccurrenceEquipment",
    "OccurrenceSpace",
]
