"""The UAI, number of a French school: seven digits and a check letter. Pure."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SHAPE = re.compile(r"(\d{7})([A-Z])")


def is_valid(uai: str) -> bool:
    """Whether the check letter is that of the seven digits (remainder of the division by 23)."""
    match = SHAPE.fullmatch(uai)
    return match is not None and CHECK_LETTERS[int(match[1]) % 23] == match[2]


def validate_uai(value: str) -> None:
    if not is_valid(value):
        raise ValidationError(
            _("Cet UAI n’est pas valable : sept chiffres et leur lettre de contrôle."), code="uai"
        )
