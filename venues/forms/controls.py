"""What several of these forms are made of."""

from __future__ import annotations

from typing import Any

from django import forms


class OfSchoolForm(forms.ModelForm):
    """A row of one school, which the address says: so what is unique in it is checked with it."""

    owner = "school"

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {self.owner}  # type: ignore[misc]


def money(**kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=7, decimal_places=2, **kwargs)
