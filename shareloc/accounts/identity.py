"""Identity numbers of French organisations: RNA, SIREN, SIRET. Pure."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren, siret

# Not all digits: W9T1002867 is a real association of Corsica.
RNA = re.compile(r"W\d[0-9A-Z]\d{7}")


def validate_rna(value: str) -> None:
    """Refuse what is not a number of the Répertoire national des associations."""
    if not RNA.fullmatch(value.replace(" ", "").upper()):
        raise ValidationError(
            _("Ce numéro RNA n’est pas valable : il commence par W, suivi de neuf caractères (W751234567)."),
            code="rna",
        )


def validate_siren_or_siret(value: str) -> None:
    """Refuse what is neither a SIREN (9 digits) nor a SIRET (14 digits), both with Luhn's check."""
    digits = value.replace(" ", "")
    if not (siren.is_valid(digits) or siret.is_valid(digits)):
        raise ValidationError(
            _("Ce numéro n’est pas valable : un SIREN a 9 chiffres, un SIRET 14. Vérifiez la saisie."),
            code="siret",
        )
