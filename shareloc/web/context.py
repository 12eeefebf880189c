"""What every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def ground(request: HttpRequest) -> dict[str, Any]:
    return {
        "region_name": settings.REGION_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "is_demo": settings.DEMO,
    }
