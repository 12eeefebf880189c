"""Addresses of bookings in the API."""

from . import alerts, calendars, documents, messages, proposals, requests, schools, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *calendars.urlpatterns,
    *documents.urlpatterns,
    *alerts.urlpatterns,
]
