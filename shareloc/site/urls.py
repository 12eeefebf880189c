"""Addresses of the site itself."""

from django.urls import URLPattern, path
from django.views.generic import TemplateView

from . import views


def page(address: str, template: str) -> URLPattern:
    """A page without data, named after its template."""
    name = template.removeprefix("site/").removesuffix(".html")
    return path(address, TemplateView.as_view(template_name=template), name=name)


app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("compte/", views.account, name="account"),
    page("aide/", "site/help.html"),
    page("mentions-legales/", "site/legal.html"),
    page("donnees-personnelles/", "site/privacy.html"),
    page("conditions/", "site/terms.html"),
    page("accessibilite/", "site/accessibility.html"),
    path("langue/", views.language, name="language"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("favicon.ico", views.favicon, name="favicon"),
]
