"""Pages that begin with “my lycée”: straight to it, or a choice for whoever has several."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shareloc.web.paging import page_of

from .models import School

PAGE_SIZE = 30


def one_of(
    request: HttpRequest, schools: QuerySet[School], *, to: str, title: str, question: str, intro: str = ""
) -> HttpResponse:
    """Lead to the address named `to` of the only one of these lycées; of several, ask which. None: 404."""
    page = page_of(schools.order_by("commune", "name", "uai"), PAGE_SIZE, request)
    if not page.paginator.count:
        raise Http404
    if page.paginator.count == 1:
        return redirect(to, page.object_list[0].uai)
    context = {"page": page, "to": to, "title": title, "question": question, "intro": intro}
    return render(request, "venues/choose.html", context)
