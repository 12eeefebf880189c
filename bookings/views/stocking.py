"""“Mon lycée”, as far as promises bind it: quantities of equipment, divisible rooms, rooms deleted."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from venues import rooms
from venues.managing.entry import of_my_school, of_my_space, saved
from venues.models import EquipmentPool, School, Space

from .. import stock
from ..forms.stocking import BaseParts, PoolForm, parts_form


@of_my_school
def pool_new(request: HttpRequest, school: School) -> HttpResponse:
    return _pool(request, EquipmentPool(school=school))


@of_my_school
def pool(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    return _pool(request, get_object_or_404(EquipmentPool, school=school, pk=pk))


def _pool(request: HttpRequest, pool: EquipmentPool) -> HttpResponse:
    is_new = pool.pk is None
    form = PoolForm(request.POST or None, instance=pool)
    if request.method == "POST" and _stocked(form):
        messages.success(request, _("%(name)s : le matériel est enregistré.") % {"name": pool})
        return redirect("venues:my_school", pool.school.uai)
    context = {"school": pool.school, "pool": pool, "is_new": is_new, "form": form}
    return render(request, "bookings/pool.html", context)


def _stocked(form: PoolForm) -> bool:
    """Whether it is written; what was promised between the form's check and now is said on the form."""
    try:
        return saved(form)
    except stock.StockError as error:
        form.add_error("quantity", str(error))
        return False


@of_my_space
def divide(request: HttpRequest, space: Space) -> HttpResponse:
    """“Cette salle se divise en…”: the whole and its parts, which share their units."""
    form = parts_form(space, request.POST or None)
    problems = _divided(space, form) if request.method == "POST" else []
    if request.method == "POST" and not problems and not form.total_error_count():
        messages.success(
            request, _("%(name)s se prête maintenant en entier ou par parties.") % {"name": space}
        )
        return redirect("venues:my_room", space.school.uai, space.pk)
    context = {
        "space": space,
        "school": space.school,
        "parts": form,
        "problems": problems,
        "has_errors": bool(problems) or (form.is_bound and not form.is_valid()),
        "is_divided": rooms.is_divided(space),
    }
    return render(request, "bookings/divide.html", context)


def _divided(space: Space, form: BaseParts) -> list[str]:
    """What keeps the room from being divided; nothing once it is."""
    if not form.is_valid():
        return [str(error) for error in form.non_form_errors()]
    try:
        stock.divide(space, form.parts())
    except stock.StockError as error:
        return [str(error)]
    except IntegrityError:
        return [_("Une salle vient de prendre l’un de ces noms : choisissez-en un autre.")]
    return []


@of_my_space
@require_POST
def delete(request: HttpRequest, space: Space) -> HttpResponse:
    """A room that nobody ever asked for."""
    school, name = space.school, space.name
    try:
        stock.delete_space(space)
    except stock.StockError as error:
        messages.error(request, str(error))
        return redirect("venues:my_room", school.uai, space.pk)
    messages.success(request, _("%(name)s est supprimée.") % {"name": name})
    return redirect("venues:my_school", school.uai)
