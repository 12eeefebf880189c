"""Who comes in: the school of an address, for the people who set it up; for anybody else there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ..models import School, Space
from ..policies import managed_schools


def of_my_school(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the school instead of its `uai`. Anonymous people sign in; strangers find nothing."""

    @wraps(view)
    def entered(request: HttpRequest, uai: str, **kwargs: Any) -> HttpResponse:
        school = get_object_or_404(managed_schools(request.user), uai=uai.upper())
        return view(request, school, **kwargs)

    return never_cache(login_required(entered))


def of_my_space(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets a space of a school that one sets up."""

    @wraps(view)
    def entered(request: HttpRequest, school: School, pk: int, **kwargs: Any) -> HttpResponse:
        space = get_object_or_404(Space.objects.for_school(school).select_related("school"), pk=pk)
        return view(request, space, **kwargs)

    return of_my_school(entered)


def saved(form: Any, save: Callable[[], Any] | None = None) -> bool:
    """Whether a form is valid and written. What somebody else wrote at the same instant is said on the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            (save or form.save)()
    except IntegrityError:
        said = _("Quelqu’un a modifié la même chose au même instant : relisez, puis enregistrez de nouveau.")
        form.add_error(None, said)
        return False
    return True
