"""What every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import navigation


def ground(request: HttpRequest) -> dict[str, Any]:
    """Settings, and the navigation, which asks the database only if the page draws it."""
    return {
        "region_name": settings.REGION_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "is_demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: navigation.links(navigation.HEADER, request)),
        "footer_navigation": SimpleLazyObject(lambda: navigation.links(navigation.FOOTER, request)),
    }
