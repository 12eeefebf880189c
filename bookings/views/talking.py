"""Words about a request, by page: messages, and the information a decision needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import policies, workflow
from ..forms import TextForm
from ..models import BookingRequest
from ..workflow import WorkflowError
from .following import permitted, show


def _say(
    request: HttpRequest,
    reference: str,
    may: Callable[[Any, BookingRequest], bool],
    act: Callable[[BookingRequest, str], object],
    *,
    words_for: str,
    said: str,
) -> HttpResponse:
    asked = permitted(request, reference, may)
    form = TextForm(request.POST, auto_id=f"id_{words_for}_%s")
    if not form.is_valid():
        return show(request, asked, words=form, words_for=words_for)
    try:
        act(asked, form.cleaned_data["text"])
    except WorkflowError as error:
        return show(request, asked, refusal=error.message, words=form, words_for=words_for)
    messages.success(request, said)
    return redirect(asked)


@login_required
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A message to the other side."""

    def act(asked: BookingRequest, text: str) -> object:
        side = policies.side_of(request.user, asked)
        assert side is not None  # `can_write` said so
        return workflow.write_message(asked, by=request.user, side=side, text=text)

    return _say(
        request,
        reference,
        policies.can_write,
        act,
        words_for="message",
        said=_("Message envoyé. L’autre partie le reçoit aussi par courriel."),
    )


@login_required
@require_POST
def ask_information(request: HttpRequest, reference: str) -> HttpResponse:
    """What the school wants to know before it decides."""

    def act(asked: BookingRequest, text: str) -> object:
        return workflow.ask_information(asked, by=request.user, text=text)

    return _say(
        request,
        reference,
        policies.can_decide,
        act,
        words_for="question",
        said=_("Question envoyée. Votre délai de réponse s’arrête jusqu’à celle de l’organisme."),
    )


@login_required
@require_POST
def answer_information(request: HttpRequest, reference: str) -> HttpResponse:
    """What the organisation answers."""

    def act(asked: BookingRequest, text: str) -> object:
        return workflow.answer_information(asked, by=request.user, text=text)

    return _say(
        request,
        reference,
        policies.can_answer,
        act,
        words_for="answer",
        said=_("Réponse envoyée. Le lycée peut maintenant décider."),
    )
