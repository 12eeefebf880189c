"""The school's own rules, and the people who answer for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import people
from ..forms.school import PersonForm, RulesForm
from ..models import School, SchoolRole
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
@require_http_methods(["GET", "HEAD", "POST"])
def remove_person(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    """Ask first: whoever leaves cannot come back alone."""
    role = get_object_or_404(school.roles.select_related("user"), pk=pk)
    if request.method != "POST":
        return _ask_before_removal(request, role)
    try:
        people.remove(role)
    except people.LastDecider as error:
        messages.error(request, error.messages[0])
        return redirect("venues:my_people", school.uai)
    messages.success(request, _("%(person)s n’a plus ce rôle au lycée.") % {"person": role.user})
    if can_manage(request.user, school):
        return redirect("venues:my_people", school.uai)
    return redirect("site:account")


def _ask_before_removal(request: HttpRequest, role: SchoolRole) -> HttpResponse:
    is_own = role.user == request.user
    context = {
        "school": role.school,
        "role": role,
        "is_own": is_own,
        "loses": _loses(is_own=is_own, all_access=not people.has_another_role(role)),
        "kept": people.LastDecider().messages[0] if people.is_last_decider(role) else "",
    }
    return render(request, "venues/managing/person_remove.html", context)


def _loses(*, is_own: bool, all_access: bool) -> str:
    """What somebody will be without, and who can give it back."""
    if is_own and all_access:
        return _(
            "Vous n’aurez plus accès à ce lycée ; un autre gestionnaire ou le chef d’établissement pourra vous"
            " rétablir."
        )
    if is_own:
        return _(
            "Vous garderez votre autre rôle dans ce lycée ; un autre gestionnaire ou le chef d’établissement"
            " pourra vous rendre celui-ci."
        )
    if all_access:
        return _("Cette personne n’aura plus accès à ce lycée ; vous pourrez l’ajouter de nouveau.")
    return _("Cette personne gardera son autre rôle dans ce lycée ; vous pourrez lui rendre celui-ci.")
