"""Photos of a room: shown to everybody, arranged by those who set it up."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import gallery
from ..forms.photos import AltForm, PhotoForm
from ..models import School, Space, SpacePhoto
from ..policies import can_see_space
from .entry import of_my_school, of_my_space

YEAR = 365 * 24 * 3600


@require_safe
def show(request: HttpRequest, token: str, size: int) -> HttpResponseBase:
    """The file: what an address once gave never changes. Photos of hidden rooms are their school's alone."""
    photo = get_object_or_404(SpacePhoto.objects.select_related("space__school"), token=token)
    public = photo.space.is_public
    if not (public or can_see_space(request.user, photo.space)):
        raise Http404
    try:
        response = FileResponse(photo.of_size(size).open("rb"), content_type="image/webp")
    except (KeyError, FileNotFoundError):
        raise Http404 from None
    if public:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@of_my_space
def listing(request: HttpRequest, space: Space) -> HttpResponse:
    """The photos of a room, and one more."""
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _added(form, space):
        messages.success(request, _("La photo est ajoutée."))
        return redirect("venues:my_photos", space.school.uai, space.pk)
    context = {"space": space, "school": space.school, "photos": space.photos.all(), "form": form}
    return render(request, "venues/managing/photos.html", context)


def _added(form: PhotoForm, space: Space) -> bool:
    try:
        file = form.cleaned_data["file"]
        gallery.add(space, file, size=file.size, alt=form.cleaned_data["alt"])
    except ValidationError as error:
        form.add_error("file", error)
        return False
    return True


@of_my_school
def describe(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    photo = _mine(school, pk)
    form = AltForm(request.POST or None, instance=photo)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("La description est enregistrée."))
        return redirect("venues:my_photos", school.uai, photo.space_id)
    context = {"photo": photo, "space": photo.space, "school": school, "form": form}
    return render(request, "venues/managing/photo.html", context)


@of_my_school
@require_POST
def bring_forward(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    photo = _mine(school, pk)
    gallery.put_first(photo)
    messages.success(request, _("Cette photo est maintenant la première."))
    return redirect("venues:my_photos", school.uai, photo.space_id)


@of_my_school
@require_POST
def delete(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    photo = _mine(school, pk)
    photo.delete()
    messages.success(request, _("La photo est supprimée."))
    return redirect("venues:my_photos", school.uai, photo.space_id)


def _mine(school: School, pk: int) -> SpacePhoto:
    return get_object_or_404(SpacePhoto.objects.select_related("space"), space__school=school, pk=pk)
