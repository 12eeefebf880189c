"""What rooms above do once a school's closures have changed, as telling which promises they touch."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from .models import Closure, School

# Each gets the closure that was written; None where one was deleted. Registered when its app is ready.
AFTER: list[Callable[[HttpRequest, School, Closure | None], None]] = []


def changed(request: HttpRequest, school: School, closure: Closure | None = None) -> None:
    for follow in AFTER:
        follow(request, school, closure)
