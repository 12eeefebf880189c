"""Parts of the page of a lycée that rooms above bring, as when its rooms are free."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from .models import School

# Each returns markup, or nothing where it has nothing to say. Registered when its app is ready.
SCHOOL: list[Callable[[HttpRequest, School], str]] = []
