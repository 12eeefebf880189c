"""What is said of questions, answers and messages."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import Journal, Message
from .mail import News, names


def _information_asked(line: Journal) -> News:
    return News(
        _("précisions demandées"),
        [
            _("%(school)s a besoin d’une précision avant de répondre à votre demande.") % names(line),
            _("Répondez sur la page de la demande : le délai de réponse du lycée ne court plus d’ici là."),
        ],
        _("Répondre au lycée"),
        _("Sa question"),
        _said(line),
        dates=False,
    )


def _information_given(line: Journal) -> News:
    return News(
        _("précisions reçues"),
        [
            _("%(organisation)s a répondu à votre question.") % names(line),
            _("Réponse promise avant le %(day)s.") % {"day": formats.day(line.request.answer_due_on)},
        ],
        _("Voir et décider"),
        _("Sa réponse"),
        _said(line),
        dates=False,
        contact="organisation",
    )


def _message(line: Journal) -> News:
    of_school = line.data.get("side") == Message.Side.SCHOOL
    sentence = (
        _("%(school)s vous écrit au sujet de « %(purpose)s ».")
        if of_school
        else _("%(organisation)s vous écrit au sujet de « %(purpose)s ».")
    )
    return News(
        _("nouveau message"),
        [sentence % names(line), _("Répondez sur la page de la demande : chacun y retrouve l’échange.")],
        _("Lire et répondre"),
        _("Message"),
        _said(line),
        dates=False,
        contact="school" if of_school else "organisation",
    )


WORDS: dict[str, Callable[[Journal], News]] = {
    "information_asked": _information_asked,
    "information_given": _information_given,
    "message": _message,
}


def _said(line: Journal) -> str:
    message = Message.objects.filter(pk=line.data.get("message")).first()
    return message.text if message else ""
