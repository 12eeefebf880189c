"""Addresses that exist only in the demonstration."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("courriels/", views.mailbox, name="mailbox"),
    path("courriels/<str:name>/", views.mail_detail, name="mail"),
    path("courriels/<str:name>/html/", views.mail_html, name="mail_html"),
]
