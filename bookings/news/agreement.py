"""What is said of the agreement: to be signed, signed by all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from ..models import Journal
from .mail import News, names


def _to_sign(line: Journal) -> News:
    return News(
        _("convention à signer"),
        _called_to_sign(line),
        _("Lire et signer"),
        dates=False,
        after=_(
            "Une personne membre de l’organisme signe à l’écran : son nom, sa qualité, une case à cocher."
        ),
    )


def _to_sign_for_school(line: Journal) -> News:
    return News(
        _("convention à signer"),
        [_("Pour l’accueil de %(organisation)s :") % names(line), *_called_to_sign(line)],
        _("Lire et signer"),
        dates=False,
        after=_(
            "Le chef d’établissement signe à l’écran ; à défaut de compte à son nom, le gestionnaire "
            "qui en a reçu délégation."
        ),
        contact="organisation",
    )


def _called_to_sign(line: Journal) -> list[str]:
    version = line.data["version"]
    if version == 1:
        return [_("La convention du prêt est établie. Relisez-la, puis signez-la.")]
    return [
        _(
            "Les dates ont changé : la version %(version)s de la convention remplace la précédente. "
            "Relisez-la, puis signez-la, même si vous aviez signé."
        )
        % {"version": version}
    ]


def _signed(line: Journal) -> News:
    return News(
        _("convention signée"),
        [
            _("L’organisme, le lycée et la Région ont signé la convention, version %(version)s.")
            % {"version": line.data["version"]},
            _("Téléchargez-la sur la page de la demande, avec sa feuille de signatures."),
        ],
        _("Voir la demande"),
        dates=False,
    )


def _signed_by_all(line: Journal) -> News:
    return replace(_signed(line), contact="organisation")


WORDS: dict[str, Callable[[Journal], News]] = {
    "agreement_to_sign": _to_sign,
    "agreement_to_sign_for_school": _to_sign_for_school,
    "agreement_signed": _signed,
    "agreement_signed_by_all": _signed_by_all,
}
