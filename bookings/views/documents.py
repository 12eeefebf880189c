"""The files of organisations' documents, for those who may read them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shareloc.accounts import documents
from shareloc.accounts.models import Document

from .. import policies


@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    return served(get_object_or_404(policies.visible_documents(request.user), pk=pk))


def served(found: Document) -> FileResponse:
    """The file, to be saved and never shown in the page's place; 404 where there is none."""
    try:
        content = found.file.open("rb")
    except (ValueError, OSError) as error:  # entered without its file, or the file is gone
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=documents.download_name(found),
        content_type=found.content_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
