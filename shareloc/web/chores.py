"""What falls due in rooms above bookings: each adds its own, and run_due does it. Nothing here knows who they are."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise

# What is called, and what is then said: each returns how many things it did.
Chore = tuple[Callable[[], int], str | Promise]
CHORES: list[Chore] = []
