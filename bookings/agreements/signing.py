"""Signing an agreement on screen: one party, one version, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import Agreement, BookingRequest, Signature
from ..states import Verb
from ..workflow import WorkflowError
from ..workflow.acting import write
from . import covering
from .drawing import told


def sign(
    agreement: Agreement, *, side: str, by: Any, name: str, capacity: str, at: dt.datetime | None = None
) -> Signature:
    """Sign this version in the name of one party; who may, `policies.signs_for` said before.

    Raises WorkflowError `superseded`, `dates_changed` or `already_signed`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # The lock of every verb: no date changes, and nobody else signs, until this is written.
        request = BookingRequest.objects.select_for_update().get(pk=agreement.request_id)
        _refuse_replaced(agreement)
        _refuse_second(agreement, side)
        signature = Signature.objects.create(
            agreement=agreement, side=side, name=f"{name}, {capacity}", signed_by=by, signed_at=at
        )
        complete = agreement.signatures.count() == len(Signature.Side)
        write(
            Verb.SIGN, request, by=by, at=at, occurrences=(),
            **told(agreement), side=side, name=signature.name, complete=complete,
        )  # fmt: skip
    return signature


def _refuse_replaced(agreement: Agreement) -> None:
    """Nobody signs dates that are no longer those promised."""
    if newest := agreement.replaced_by():
        raise WorkflowError(
            "superseded",
            _(
                "La version %(old)s est remplacée par la version %(new)s, car les dates ont changé : "
                "relisez celle-ci, puis signez-la."
            )
            % {"old": agreement.version, "new": newest},
        )
    if covering.digest_of(covering.promised(agreement.request_id)) != agreement.covers:
        raise WorkflowError(
            "dates_changed",
            _(
                "Les dates ont changé depuis cette version : la convention est en train d’être mise à jour. "
                "Rechargez la page dans un instant."
            ),
        )


def _refuse_second(agreement: Agreement, side: str) -> None:
    signed = agreement.signatures.filter(side=side).first()
    if signed:
        raise WorkflowError(
            "already_signed",
            _("Cette convention est déjà signée par %(name)s, %(moment)s.")
            % {"name": signed.name, "moment": formats.moment(signed.signed_at)},
        )
