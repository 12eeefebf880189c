"""Addresses of bookings in the API."""

from . import alerts, calendars, requests, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *calendars.urlpatterns,
    *alerts.urlpatterns,
]
