"""Drawing up an agreement: after the verb that promised its dates, by a task, without holding any lock.

A version is rendered from what is read, then kept under the request's lock if nothing has changed
meanwhile; else it is begun again. What died with its worker, `run_due` finds, or whoever opens the page.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django_tasks import task

from shareloc.web import pdf
from venues.models import School

from ..models import Agreement, BookingRequest, Journal, Occurrence, Signature
from ..sending import GIVE_UP_AFTER, LOST_AFTER
from ..states import OccurrenceState, Verb
from ..workflow.acting import write
from . import covering, facts

logger = logging.getLogger(__name__)

TYPST = Path(__file__).parent / "typst"
# Verbs that change which dates are promised; an offer only where it takes back a promise.
CHANGING = (Verb.APPROVE, Verb.CANCEL, Verb.OFFER, Verb.ACCEPT_OFFER, Verb.APPROVE_MOVE)
# How often one is begun again because its dates changed while it was rendered.
ATTEMPTS = 3
# So many are made up for by one run.
AT_ONCE = 100


class _Outdated(Exception):
    """The dates changed, or somebody else was first, while a version was being rendered."""


@dataclass(frozen=True)
class _Draft:
    """A version not kept yet."""

    request: BookingRequest
    version: int
    covers: str
    at: dt.datetime
    body: bytes


def queue(line: Journal) -> None:
    """Have the agreement drawn up that this line of the journal calls for, in the caller's transaction."""
    if line.verb != Verb.OFFER or line.data.get("was_promised"):
        _draw_up.enqueue(line.request_id)


@task()
def _draw_up(request_id: int) -> None:
    draw_up(request_id)


def draw_up(request_id: int, *, at: dt.datetime | None = None) -> Agreement | None:
    """The new version that a request's dates call for; None where there is nothing new to agree on."""
    for _attempt in range(ATTEMPTS):
        draft = _drafted(request_id, at or timezone.now())
        if draft is None:
            return None
        try:
            return _keep(draft)
        except _Outdated:
            continue
    logger.warning("agreement of request %s: its dates keep changing", request_id)
    return None


def draw_up_missing(*, at: dt.datetime | None = None) -> int:
    """Make up for those whose task died with its worker; returns how many. Two at once do it once."""
    at = at or timezone.now()
    newer = Agreement.objects.filter(request=OuterRef("request"), generated_at__gte=OuterRef("at"))
    promised = Occurrence.objects.filter(request=OuterRef("request"), state=OccurrenceState.APPROVED)
    called_for = Journal.objects.filter(
        Q(verb=Verb.OFFER, data__was_promised=True) | Q(verb__in=set(CHANGING) - {Verb.OFFER}),
        ~Exists(newer),
        Exists(promised),
        at__range=(at - GIVE_UP_AFTER, at - LOST_AFTER),
    )
    late = sorted(set(called_for.order_by().values_list("request_id", flat=True)))
    return sum(_made_up(request_id, at) for request_id in late[:AT_ONCE])


def _made_up(request_id: int, at: dt.datetime) -> bool:
    """One that cannot be drawn up must not keep the others from it."""
    try:
        return draw_up(request_id, at=at) is not None
    except Exception:
        logger.exception("agreement of request %s", request_id)
        return False


# -- one version --------------------------------------------------------------------------------


def template() -> Path:
    """The Région's own text of agreements, or the one that comes with the program."""
    return Path(settings.AGREEMENT_TEMPLATE) if settings.AGREEMENT_TEMPLATE else TYPST / "agreement.typ"


@translation.override(settings.LANGUAGE_CODE)
def _drafted(request_id: int, at: dt.datetime) -> _Draft | None:
    dates = covering.promised(request_id)
    covers = covering.digest_of(dates)
    latest = Agreement.objects.filter(request=request_id).order_by("version").last()
    if not dates or (latest and latest.covers == covers):
        return None
    request = BookingRequest.objects.select_related("organisation", "school").get(pk=request_id)
    version = latest.version + 1 if latest else 1
    return _Draft(
        request, version, covers, at, pdf.render(template(), facts.of(request, dates, version=version, at=at))
    )


def _keep(draft: _Draft) -> Agreement:
    """The file first, so that the lock is short; it goes again if the version is not kept."""
    school = draft.request.school
    agreement = Agreement(
        request=draft.request,
        number=facts.number_of(draft.request),
        version=draft.version,
        generated_at=draft.at,
        digest=sha256(draft.body).hexdigest(),
        board_decided_on=school.board_decided_on,
        covers=draft.covers,
    )
    agreement.file.save("convention.pdf", ContentFile(draft.body), save=False)
    try:
        with transaction.atomic():
            _refuse_outdated(draft)
            agreement.save()
            write(Verb.DRAW_UP, draft.request, by=None, at=draft.at, occurrences=(), **told(agreement))
            if school.region_signature == School.RegionSignature.STANDING:
                _sign_for_region(agreement)
    except BaseException:
        agreement.file.delete(save=False)
        raise
    return agreement


def _refuse_outdated(draft: _Draft) -> None:
    """Lock the request, as every verb does, and look again."""
    request_id = draft.request.pk
    BookingRequest.objects.select_for_update().get(pk=request_id)
    kept = Agreement.objects.filter(request=request_id).count()
    if kept != draft.version - 1 or covering.digest_of(covering.promised(request_id)) != draft.covers:
        raise _Outdated


def _sign_for_region(agreement: Agreement) -> None:
    """The Région's standing signature, which cites the act that delegates it."""
    side, name, at = Signature.Side.REGION, settings.REGION_NAME, agreement.generated_at
    delegation = agreement.request.school.region_delegation
    Signature.objects.create(agreement=agreement, side=side, name=name, signed_at=at, delegation=delegation)
    write(
        Verb.SIGN, agreement.request, by=None, at=at, occurrences=(),
        **told(agreement), side=side, name=name, complete=False,
    )  # fmt: skip


def told(agreement: Agreement) -> dict[str, Any]:
    """What the journal keeps of a version: which one, and the hash of its file."""
    return {"agreement": agreement.pk, "version": agreement.version, "digest": agreement.digest}
