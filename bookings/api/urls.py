"""Addresses of bookings in the API."""

from . import (
    agreements,
    alerts,
    calendars,
    day,
    documents,
    messages,
    previews,
    proposals,
    requests,
    schools,
    spaces,
    verbs,
)

urlpatterns = [
    *spaces.urlpatterns,
    *schools.urlpatterns,
    *requests.urlpatterns,
    *previews.urlpatterns,
    *verbs.urlpatterns,
    *proposals.urlpatterns,
    *messages.urlpatterns,
    *day.urlpatterns,
    *agreements.urlpatterns,
    *calendars.urlpatterns,
    *documents.urlpatterns,
    *alerts.urlpatterns,
]
