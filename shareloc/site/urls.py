"""Addresses of the site itself."""

from django.urls import path
from django.views.generic import TemplateView

from . import views


def page(address: str, name: str) -> object:
    """A page without data: `site/<name>.html`."""
    return path(address, TemplateView.as_view(template_name=f"site/{name}.html"), name=name)


app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("compte/", views.account, name="account"),
    page("aide/", "help"),
    page("mentions-legales/", "legal"),
    page("donnees-personnelles/", "privacy"),
    page("conditions/", "terms"),
    page("accessibilite/", "accessibility"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("favicon.ico", views.favicon, name="favicon"),
]
