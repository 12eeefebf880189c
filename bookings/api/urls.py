"""Addresses of bookings in the API."""

from . import alerts, calendars, day, documents, messages, proposals, requests, schools, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *day.urlpatterns,
    *calendars.urlpatterns,
    *documents.urlpatterns,
    *alerts.urlpatterns,
]
