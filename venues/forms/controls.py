"""What several of these forms are made of."""

from __future__ import annotations

from typing import Any

from django import forms


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def clock_input() -> forms.TimeInput:
    """The browser's own clock, in hours and minutes."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class OfSchoolForm(forms.ModelForm):
    """A row of one school, which the address says: so what is unique in it is checked with it."""

    owner = "school"

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {self.owner}  # type: ignore[misc]


def money(**kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=7, decimal_places=2, **kwargs)
