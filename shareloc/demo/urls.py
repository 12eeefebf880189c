"""Addresses that exist only in the demonstration."""

from django.urls import path

from . import components, views

app_name = "demo"
urlpatterns = [
    path("composants/", components.page, name="components"),
    path("demo/courriels/", views.mailbox, name="mailbox"),
    path("demo/courriels/<str:name>/", views.mail_detail, name="mail"),
    path("demo/courriels/<str:name>/html/", views.mail_html, name="mail_html"),
]
