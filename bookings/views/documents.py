"""The files of organisations' documents, for those who may read them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shareloc.accounts import documents

from .. import policies


@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    return documents.attached(get_object_or_404(policies.visible_documents(request.user), pk=pk))
