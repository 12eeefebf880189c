"""What every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import navigation
from .logs import without_secrets


def ground(request: HttpRequest) -> dict[str, Any]:
    """Settings, and the navigation, which asks the database only if the page draws it."""
    return {
        "region_name": settings.REGION_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "is_demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + _canonical(request),
        "this_page": without_secrets(request.get_full_path()),
        "navigation": SimpleLazyObject(lambda: navigation.links(navigation.HEADER, request)),
        "footer_navigation": SimpleLazyObject(lambda: navigation.links(navigation.FOOTER, request)),
    }


def _canonical(request: HttpRequest) -> str:
    """The one address of what is shown: filters are ways to look at a page, its second leaf is another page."""
    leaf = request.GET.get("page", "")
    return f"{request.path}?page={leaf}" if leaf.isdecimal() and leaf != "1" else request.path
