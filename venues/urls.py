"""Addresses of the lycées."""

from django.urls import path

from . import views

app_name = "venues"
urlpatterns = [
    path("lycees/", views.schools, name="schools"),
    path("lycees/<slug:uai>/", views.school, name="school"),
]
