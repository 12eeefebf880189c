"""How far a request has come, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shareloc.web import formats

from ..agreements import Standing
from ..models import BookingRequest, Occurrence, Signature
from ..states import HOSTED, UNDECIDED, OccurrenceState, RequestState

Step = dict[str, str]
PARTIES: dict[str, Any] = {
    Signature.Side.ORGANISATION: gettext_lazy("organisme"),
    Signature.Side.SCHOOL: gettext_lazy("lycée"),
    Signature.Side.REGION: gettext_lazy("Région"),
}


def steps(asked: BookingRequest, dates: Sequence[Occurrence], agreement: Standing) -> list[Step]:
    """Sent, answered, agreed on, and the dates themselves: what the `steps` partial shows."""
    return [_sent(asked), _answer(asked, dates), *_agreement(asked, agreement), _dates(asked, dates)]


def _step(label: str, detail: str, state: str) -> Step:
    return {"label": label, "detail": detail, "state": state}


def _sent(asked: BookingRequest) -> Step:
    return _step(_("Demande envoyée"), formats.moment(asked.submitted_at), "done")


def _answer(asked: BookingRequest, dates: Sequence[Occurrence]) -> Step:
    label = _("Réponse du lycée")
    if returned := _returned(asked, dates):
        return _step(label, returned, "current")
    if asked.state in UNDECIDED:
        late = asked.answer_due_on < timezone.localdate()
        promise = _("promise avant le %(day)s, en retard") if late else _("promise avant le %(day)s")
        return _step(label, promise % {"day": formats.day(asked.answer_due_on)}, "current")
    if asked.state == RequestState.WITHDRAWN:
        return _step(
            _("Demande retirée"), formats.moment(asked.decided_at) if asked.decided_at else "", "stopped"
        )
    if asked.state == RequestState.EXPIRED:
        return _step(label, _("restée sans réponse"), "stopped")
    return _step(label, formats.moment(asked.decided_at) if asked.decided_at else "", "done")


def _returned(asked: BookingRequest, dates: Sequence[Occurrence]) -> str:
    """What the school waits for itself, so that no answer of its own is due; "" otherwise."""
    if asked.state == RequestState.INFORMATION_ASKED:
        return _("attend une précision de l’organisme")
    states = {date.state for date in dates}
    if OccurrenceState.OFFERED in states and OccurrenceState.PENDING not in states:
        return _("autre proposition, à l’organisme de répondre")
    return ""


def _agreement(asked: BookingRequest, agreement: Standing) -> list[Step]:
    """The agreement; no step where nothing was promised."""
    label = _("Convention")
    if agreement.is_complete:
        return [_step(label, _("signée par les trois parties"), "done")]
    if waits_for := agreement.waits_for:
        sides = ", ".join(str(PARTIES[side]) for side in waits_for)
        return [_step(label, _("à signer : %(sides)s") % {"sides": sides}, "current")]
    if agreement.is_missing:
        return [_step(label, _("en préparation"), "current")]
    if agreement.versions:
        return [_step(label, _("sans objet, aucune date n’est réservée"), "stopped")]
    return [_step(label, _("après l’accord du lycée"), "todo")] if asked.state in UNDECIDED else []


def _dates(asked: BookingRequest, dates: Sequence[Occurrence]) -> Step:
    label = _("Vos dates") if len(dates) > 1 else _("Votre date")
    promised = [date for date in dates if date.state in HOSTED]
    now = timezone.now()
    to_come = [date for date in promised if date.end_at > now]
    if to_come:
        following = _("prochaine : %(period)s") % {
            "period": formats.period(to_come[0].start_at, to_come[0].end_at)
        }
        return _step(label, following, "current" if asked.state not in UNDECIDED else "todo")
    if promised:
        return _step(label, _("passées") if len(promised) > 1 else _("passée"), "done")
    if asked.state in UNDECIDED:
        return _step(label, _("dès que le lycée a accepté"), "todo")
    return _step(label, _("aucune n’est réservée"), "stopped")
