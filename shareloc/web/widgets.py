"""Form controls used everywhere: the browser's own calendar and clock."""

from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def clock_input() -> forms.TimeInput:
    """The browser's own clock, in hours and minutes."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})
