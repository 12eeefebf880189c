"""Addresses of bookings in the API."""

from . import alerts, calendars, messages, previews, proposals, requests, schools, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *previews.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *calendars.urlpatterns,
    *alerts.urlpatterns,
]
