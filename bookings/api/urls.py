"""Addresses of bookings in the API."""

from . import calendars, messages, proposals, requests, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *calendars.urlpatterns,
]
