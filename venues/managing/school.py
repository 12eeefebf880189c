"""The school's own rules, and the people who answer for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import people
from ..forms.school import PersonForm, RulesForm
from ..models import School
from ..policies import can_manage
from .entry import of_my_school, saved


@of_my_school
def rules(request: HttpRequest, school: School) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=school)
    if request.method == "POST" and saved(form):
        messages.success(request, _("Les règles du lycée sont enregistrées."))
        return redirect("venues:my_school", school.uai)
    return render(request, "venues/managing/rules.html", {"school": school, "form": form})


@of_my_school
def persons(request: HttpRequest, school: School) -> HttpResponse:
    """Who has rights here, and one more."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.add(school, **form.cleaned_data)
        # One sentence for both cases: nobody learns here who has an account elsewhere.
        said = _(
            "Si %(email)s a un compte Shareloc, cette personne est maintenant dans la liste. Sinon, demandez-lui"
            " de s’inscrire, puis ajoutez-la de nouveau."
        )
        messages.info(request, said % {"email": form.cleaned_data["email"]})
        return redirect("venues:my_people", school.uai)
    roles = school.roles.select_related("user").order_by("role", "user__name", "pk")
    return render(request, "venues/managing/people.html", {"school": school, "roles": roles, "form": form})


@of_my_school
@require_POST
def remove_person(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    role = get_object_or_404(school.roles.select_related("user"), pk=pk)
    try:
        people.remove(role)
    except people.LastDecider as error:
        messages.error(request, error.messages[0])
        return redirect("venues:my_people", school.uai)
    messages.success(request, _("%(person)s n’a plus ce rôle au lycée.") % {"person": role.user})
    if can_manage(request.user, school):
        return redirect("venues:my_people", school.uai)
    return redirect("site:account")
