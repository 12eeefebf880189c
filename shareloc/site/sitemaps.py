"""What search engines may list: pages of the site, open lycées, the rooms they really lend."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from venues.models import School, Space

PAGES = (
    "site:home", "bookings:search", "venues:schools", "site:how", "site:help", "site:help_association",
    "site:help_school", "site:help_lodge", "site:help_region", "site:stats", "site:legal", "site:privacy",
    "site:terms", "site:accessibility",
)  # fmt: skip


class OurMap(Sitemap):
    """Addresses start with SITE_URL, whatever name the request came by."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(OurMap):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, name: str) -> str:
        return reverse(name)


class Schools(OurMap):
    def items(self) -> QuerySet[School]:
        return School.objects.open().only("uai", "changed_at").order_by("uai")

    def lastmod(self, school: School) -> Any:
        return school.changed_at


class Spaces(OurMap):
    """Invented rooms are for looking at, not for finding."""

    def items(self) -> QuerySet[Space]:
        return Space.objects.published().filter(is_demo=False).only("changed_at").order_by("pk")

    def lastmod(self, space: Space) -> Any:
        return space.changed_at


SITEMAPS = {"pages": Pages, "lycees": Schools, "salles": Spaces}
