"""Closures: days on which the lycée, or one room, is not lent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shareloc.web.paging import page_of

from .. import closing
from ..forms.school import ClosureForm
from ..models import Closure, School
from .entry import of_my_school, saved


@of_my_school
def listing(request: HttpRequest, school: School) -> HttpResponse:
    """Closures to come, and one more."""
    form = ClosureForm(request.POST or None, instance=Closure(school=school))
    if request.method == "POST" and saved(form):
        return _done(request, form.instance)
    coming = Closure.objects.filter(school=school, last_on__gte=timezone.localdate())
    coming = coming.select_related("space").order_by("first_on", "pk")
    page = page_of(coming, settings.MANAGED_PAGE_SIZE, request)
    return render(request, "venues/managing/closures.html", {"school": school, "page": page, "form": form})


@of_my_school
def change(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure, school=school, pk=pk)
    form = ClosureForm(request.POST or None, instance=closure)
    if request.method == "POST" and saved(form):
        return _done(request, form.instance)
    return render(
        request, "venues/managing/closure.html", {"school": school, "closure": closure, "form": form}
    )


def _done(request: HttpRequest, closure: Closure) -> HttpResponse:
    messages.success(request, _("La fermeture est enregistrée."))
    closing.changed(request, closure.school, closure)
    return redirect("venues:my_closures", closure.school.uai)


@of_my_school
@require_POST
def delete(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    get_object_or_404(Closure, school=school, pk=pk).delete()
    messages.success(request, _("La fermeture est supprimée."))
    closing.changed(request, school)
    return redirect("venues:my_closures", school.uai)
