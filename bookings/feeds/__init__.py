"""Calendars are loaded and built here; views only serve them."""

from .ical import Entry, Feed
from .loading import load

__all__ = ["Entry", "Feed", "load"]
