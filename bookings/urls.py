"""Addresses of bookings."""

from django.urls import path

from .views import calendars

app_name = "bookings"
urlpatterns = [
    path("calendars/<str:secret>.ics", calendars.feed, name="calendar_feed"),
    path("compte/calendriers/", calendars.listing, name="calendars"),
    path("compte/calendriers/nouveau/", calendars.new, name="calendar_new"),
    path("compte/calendriers/<int:pk>/renouveler/", calendars.rotate, name="calendar_rotate"),
    path("compte/calendriers/<int:pk>/supprimer/", calendars.revoke, name="calendar_revoke"),
]
