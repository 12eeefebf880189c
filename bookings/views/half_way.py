"""What was typed before somebody had to leave a form half-way: kept in the session, shown again at the same address."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, QueryDict
from django.utils import timezone

KEPT_FOR = dt.timedelta(hours=1)
KEPT_CHARACTERS = 50_000
# A session keeps one form: whoever leaves a second one has given up the first.
KEY = "half-way"


def keep(request: HttpRequest) -> None:
    """Keep the form that was sent, unless somebody made it longer than people type."""
    typed = request.POST.urlencode()
    if len(typed) <= KEPT_CHARACTERS:
        until = (timezone.now() + KEPT_FOR).timestamp()
        request.session[KEY] = {"address": request.get_full_path(), "typed": typed, "until": until}


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed at this address, as often as the page is opened, until it is sent or long ago."""
    kept = request.session.get(KEY)
    if kept is None or kept["address"] != request.get_full_path():
        return None
    if kept["until"] < timezone.now().timestamp():
        forget(request)
        return None
    return QueryDict(kept["typed"])


def forget(request: HttpRequest) -> None:
    """It was sent."""
    request.session.pop(KEY, None)
