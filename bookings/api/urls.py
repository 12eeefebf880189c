"""Addresses of bookings in the API."""

from . import agreements, alerts, calendars, messages, proposals, requests, schools, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *agreements.urlpatterns,
    *calendars.urlpatterns,
    *alerts.urlpatterns,
]
