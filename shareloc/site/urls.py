"""Addresses of the site itself."""

from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, path
from django.views.generic import TemplateView

from . import views
from .sitemaps import SITEMAPS


def page(address: str, template: str, **context: Any) -> URLPattern:
    """A page without data of its own, named after its template."""
    name = template.removeprefix("site/").removesuffix(".html")
    return path(address, TemplateView.as_view(template_name=template, extra_context=context), name=name)


app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("compte/", views.account, name="account"),
    page("comment-ca-marche/", "site/how.html"),
    page("aide/", "site/help.html"),
    page("aide/associations/", "site/help_association.html"),
    page("aide/lycees/", "site/help_school.html", escalation_days=settings.ESCALATION_DAYS),
    page("aide/loge/", "site/help_lodge.html"),
    page("aide/region/", "site/help_region.html"),
    page("stats/", "site/stats.html"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    page("conditions/", "site/terms.html"),
    page("accessibilite/", "site/accessibility.html"),
    path("remarque/", views.feedback, name="feedback"),
    path("remarque/merci/", views.feedback_sent, name="feedback_sent"),
    path("langue/", views.language, name="language"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="touch_icon"),
]
