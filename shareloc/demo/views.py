"""The demonstration's mailbox: every mail the program would have sent."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from shareloc.web.paging import page_of

from . import mail

PAGE_SIZE = 20
# A mail keeps its own styles, and nothing in it may run, load or send anything.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    page = page_of(mail.names(), PAGE_SIZE, request)
    mails = [kept for name in page.object_list if (kept := mail.read(name, head_only=True))]
    return render(request, "demo/mailbox.html", {"page": page, "mails": mails})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _mail(name)})


@xframe_options_sameorigin
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame."""
    response = HttpResponse(_mail(name).html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def _mail(name: str) -> mail.Kept:
    kept = mail.read(name)
    if kept is None:
        raise Http404
    return kept
