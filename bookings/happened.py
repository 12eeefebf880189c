"""What the journal says of a day: who came, what went wrong, which equipment came back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats

from .models import Journal
from .states import Verb


def told(line: Journal) -> str:
    """`Matériel rendu : 18 × Chaises sur 20, dont 2 abîmés (jeudi 22 octobre 2026, 18:00–20:00)`; empty for other verbs."""
    what = _what(line)
    when = line.data.get("when", "")
    return _("%(what)s (%(when)s)") % {"what": what, "when": when} if what and when else what


def _what(line: Journal) -> str:
    match line.verb:
        case Verb.PREPARE:
            return _("Rappel de la veille envoyé")
        case Verb.ARRIVE:
            return _("Arrivée sur place")
        case Verb.REPORT | Verb.NOT_USED | Verb.NO_SHOW:
            return line.get_verb_display()
        case Verb.REVIEW:
            return _("Retour sur la date : satisfaction %(n)s sur 5") % {"n": line.data["satisfaction"]}
        case Verb.HAND_OVER | Verb.TAKE_BACK:
            return _("%(verb)s : %(what)s") % {"verb": line.get_verb_display(), "what": equipment(line)}
        case _:
            return ""


def equipment(line: Journal) -> str:
    """What was handed over or came back: `20 × Chaises`, `18 × Chaises sur 20, dont 2 abîmés`."""
    return f"{formats.NO_BREAK}; ".join(_lent(item) for item in line.data["equipment"])


def _lent(item: dict[str, Any]) -> str:
    if item["returned"] is None:
        return formats.counted(item["quantity"], item["name"])
    back = _("%(back)s sur %(n)s") % {
        "back": formats.counted(item["returned"], item["name"]),
        "n": formats.number(item["quantity"]),
    }
    if not item["damaged"]:
        return back
    damaged = ngettext("dont %(n)s abîmé", "dont %(n)s abîmés", item["damaged"]) % {"n": item["damaged"]}
    return f"{back}, {damaged}"


def is_worse(line: Journal) -> bool:
    """Whether something that was taken back is missing or damaged."""
    return any(
        item["damaged"] or item["returned"] < item["quantity"] for item in line.data.get("equipment", ())
    )
