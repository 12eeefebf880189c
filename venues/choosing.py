"""Pages that begin with “my lycée”: straight to it, or a choice for whoever has several."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .models import School

PAGE_SIZE = 30


def one_of(
    request: HttpRequest, schools: QuerySet[School], *, to: str, title: str, question: str, intro: str = ""
) -> HttpResponse:
    """Lead to the address named `to` of the only one of these lycées; of several, ask which. None: 404."""
    page = Paginator(schools.order_by("commune", "name", "uai"), PAGE_SIZE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    if page.paginator.count == 1:
        return redirect(to, page.object_list[0].uai)
    context = {"page": page, "to": to, "title": title, "question": question, "intro": intro}
    return render(request, "venues/choose.html", context)
