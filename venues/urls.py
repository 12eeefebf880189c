"""Addresses of the lycées, and of the places offered while one types."""

from django.urls import path

from . import views

app_name = "venues"
urlpatterns = [
    path("lieux/", views.places, name="places"),
    path("lycees/", views.schools, name="schools"),
    path("lycees/<slug:uai>/", views.school, name="school"),
]
