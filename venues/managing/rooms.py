"""Rooms: describe, price, publish and duplicate them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import rooms
from ..forms.rooms import PricesForm, SpaceForm
from ..models import OpeningHours, School, Space
from . import guide
from .entry import of_my_school, of_my_space, saved


@of_my_school
def new(request: HttpRequest, school: School) -> HttpResponse:
    """A first description; “Enregistrer et publier” offers the room at once."""
    space = Space(school=school, published="publier" in request.POST)
    form = SpaceForm(request.POST or None, instance=space)
    if request.method == "POST" and saved(form):
        said = _said_published(space) if space.published else _("%(name)s est enregistrée.") % {"name": space}
        messages.success(request, said)
        return redirect(guide.onward(school, f"{_overview(space)}#salle-{space.pk}"))
    context = {"school": school, "form": form, "guide": guide.of(school)}
    return render(request, "venues/managing/room_new.html", context)


@of_my_space
def change(request: HttpRequest, space: Space) -> HttpResponse:
    form = SpaceForm(request.POST or None, instance=space)
    if request.method == "POST" and saved(form):
        messages.success(request, _("%(name)s est enregistrée.") % {"name": space})
        return redirect("venues:my_room", space.school.uai, space.pk)
    context = {"space": space, "school": space.school, "form": form, "sharing": rooms.sharing(space)}
    return render(request, "venues/managing/room.html", context)


@of_my_space
def prices(request: HttpRequest, space: Space) -> HttpResponse:
    form = PricesForm(space, request.POST or None)
    if request.method == "POST" and saved(form):
        messages.success(request, _("%(name)s : les tarifs sont enregistrés.") % {"name": space})
        return redirect("venues:my_prices", space.school.uai, space.pk)
    return render(
        request, "venues/managing/prices.html", {"space": space, "school": space.school, "form": form}
    )


@of_my_space
@require_POST
def publish(request: HttpRequest, space: Space) -> HttpResponse:
    rooms.set_published(space, True)
    messages.success(request, _said_published(space))
    return redirect(f"{_overview(space)}#salle-{space.pk}")


@of_my_space
@require_POST
def unpublish(request: HttpRequest, space: Space) -> HttpResponse:
    rooms.set_published(space, False)
    said = _(
        "%(name)s n’est plus proposée. Les dates déjà accordées restent accordées ; annulez-les si besoin."
    )
    messages.success(request, said % {"name": space})
    return redirect(f"{_overview(space)}#salle-{space.pk}")


@of_my_space
@require_POST
def duplicate(request: HttpRequest, space: Space) -> HttpResponse:
    copy = rooms.duplicate(space)
    said = _("%(name)s est créée, pas encore proposée : relisez-la, puis publiez-la.")
    messages.success(request, said % {"name": copy})
    return redirect("venues:my_room", space.school.uai, copy.pk)


def _overview(space: Space) -> str:
    return reverse("venues:my_school", args=[space.school.uai])


def _said_published(space: Space) -> str:
    """That the room is offered; and what is lacking for anybody to find it free."""
    if (
        OpeningHours.objects.filter(school=space.school_id, space=None).exists()
        or space.opening_hours.exists()
    ):
        return _("%(name)s est proposée au prêt.") % {"name": space}
    return _(
        "%(name)s est proposée au prêt, mais le lycée n’a pas d’horaires : écrivez-les, ou elle ne sera jamais libre."
    ) % {"name": space}
