"""The files of organisations' documents, for those who may read them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shareloc.accounts import documents
from shareloc.accounts.models import Document
from shareloc.web import uploads

from .. import policies


@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    return served(get_object_or_404(policies.visible_documents(request.user), pk=pk))


def served(found: Document) -> FileResponse:
    """The file, to be saved and never shown in the page's place; 404 where there is none."""
    return uploads.attached(
        found.file,
        name=documents.download_name(found),
        content_type=found.content_type or "application/octet-stream",
    )
