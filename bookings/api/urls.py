"""Addresses of bookings in the API."""

from . import alerts, calendars, requests, schools, spaces, verbs

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *verbs.urlpatterns,
    *calendars.urlpatterns,
    *alerts.urlpatterns,
]
