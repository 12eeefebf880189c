"""What a closure does to promises, said as soon as it is saved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from venues.models import Closure, School

from .. import blocks
from ..workflow import due


def tell_touched(request: HttpRequest, school: School, closure: Closure | None) -> None:
    """Find the promised dates touched now, and no longer; say how many lie in this closure, and lead to them."""
    due.block()
    count = _touched(school, closure) if closure else 0
    if count:
        said = ngettext(
            "%(n)s date promise tombe dans cette fermeture.",
            "%(n)s dates promises tombent dans cette fermeture.",
            count,
        )
        onward = ngettext("Régler cette date", "Régler ces dates", count)
        link = format_html('<a href="{}">{}</a>', reverse("bookings:conflicts"), onward)
        messages.warning(request, format_html("{} {}", said % {"n": count}, link))


def _touched(school: School, closure: Closure) -> int:
    return blocks.blocked_dates([school]).filter(pk__in=blocks.in_closure(closure).values("pk")).count()
