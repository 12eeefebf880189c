"""Pages of organisations: enter one, see it, change it, and who belongs to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shareloc.web import rates

from . import documents, invitations, organisations, policies
from .forms import NewMemberForm, OrganisationContactForm, OrganisationForm, RoleForm
from .models import Invitation, Membership, Organisation, User

# So many documents are shown with the organisation; their own page has them all.
FEW = 5


def _seen(request: HttpRequest, pk: int) -> Organisation:
    """Somebody else's organisation does not exist."""
    return get_object_or_404(policies.visible_organisations(request.user), pk=pk)


def _managed(request: HttpRequest, pk: int) -> Organisation:
    organisation = _seen(request, pk)
    _require_manager(request, organisation)
    return organisation


def _require_manager(request: HttpRequest, organisation: Organisation) -> None:
    if not policies.can_manage_organisation(request.user, organisation):
        raise PermissionDenied


@login_required
def organisation_new(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        committed = form.cleaned_data["commitment"]
        made = organisations.create(form.save(commit=False), by=request.user, committed=committed)
        messages.success(
            request, _("%(name)s est inscrit. Vous pouvez demander des salles en son nom.") % {"name": made}
        )
        return redirect("accounts:organisation", made.pk)
    return render(request, "accounts/organisation_new.html", {"form": form})


@login_required
@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk), NewMemberForm())


def _page(request: HttpRequest, organisation: Organisation, form: NewMemberForm) -> HttpResponse:
    context = {
        "organisation": organisation,
        "memberships": organisation.memberships.select_related("user").order_by("user__name", "pk"),
        "documents": documents.rows(organisation.documents.on_file()[:FEW]),
        "can_manage": policies.can_manage_organisation(request.user, organisation),
        "roles": Membership.Role.choices,
        "invitations": invitations.waiting(organisation),
        "form": form,
    }
    return render(request, "accounts/organisation.html", context)


@login_required
def organisation_change(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _managed(request, pk)
    form = OrganisationContactForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Les coordonnées sont enregistrées."))
        return redirect("accounts:organisation", pk)
    return render(request, "accounts/organisation_change.html", {"form": form, "organisation": organisation})


@login_required
@require_POST
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _managed(request, pk)
    form = NewMemberForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, form)
    if rates.seconds_to_wait(request, "invitations"):
        form.add_error(None, _("Trop d’invitations en peu de temps : attendez un peu, puis recommencez."))
        return _page(request, organisation, form)
    email = form.cleaned_data["email"]
    try:
        _add_or_invite(request, organisation, form.cleaned_data["role"], email)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except OSError:
        messages.error(
            request, _("Le courriel n’est pas parti : invitez cette personne de nouveau plus tard.")
        )
    else:
        # One sentence for both cases.
        messages.info(
            request,
            _(
                "Si %(email)s a un compte Shareloc, cette personne est maintenant dans la liste. Sinon, elle "
                "reçoit une invitation par courriel."
            )
            % {"email": email},
        )
    return redirect("accounts:organisation", pk)


def _add_or_invite(request: HttpRequest, organisation: Organisation, role: str, email: str) -> None:
    if not organisations.add_member(organisation, email=email, role=role):
        invitations.invite(organisation, email=email, role=role, by=request.user)


# -- invitations --------------------------------------------------------------------------------


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    found = get_object_or_404(_managed(request, pk).invitations, pk=invitation)
    found.delete()
    messages.success(request, _("L’invitation de %(email)s est annulée.") % {"email": found.email})
    return redirect("accounts:organisation", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, signed: str) -> HttpResponse:
    """What the link of the mail opens: GET shows it, POST takes it up."""
    found = invitations.of_link(signed)
    if request.method == "POST":
        return _take_up(request, found, signed)
    is_mine = found is not None and invitations.may_accept(request.user, found)
    return render(request, "accounts/invitation.html", {"invitation": found, "is_mine": is_mine})


def _take_up(request: HttpRequest, found: Invitation | None, signed: str) -> HttpResponse:
    if not request.user.is_authenticated or found is None or not invitations.accept(found, by=request.user):
        return redirect("accounts:invitation", signed)
    messages.success(request, _("Vous faites maintenant partie de %(name)s.") % {"name": found.organisation})
    return redirect("accounts:organisation", found.organisation_id)


@login_required
@require_POST
def member_change(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    membership = get_object_or_404(_managed(request, pk).memberships, pk=member)
    form = RoleForm(request.POST, instance=membership)
    if not form.is_valid():
        messages.error(request, _("Choisissez un rôle de la liste."))
        return redirect("accounts:organisation", pk)
    try:
        organisations.change_role(membership, role=form.cleaned_data["role"])
    except organisations.LastAdmin as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Le rôle de %(person)s est changé.") % {"person": membership.user})
    return redirect("accounts:organisation", pk)


@login_required
@require_POST
def member_remove(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """An administrator removes anybody; anybody leaves."""
    organisation = _seen(request, pk)
    membership = get_object_or_404(organisation.memberships.select_related("user"), pk=member)
    leaving = membership.user == request.user
    if not leaving:
        _require_manager(request, organisation)
    try:
        organisations.remove_member(membership)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:organisation", pk)
    messages.success(
        request, _("%(person)s ne fait plus partie de l’organisme.") % {"person": membership.user}
    )
    return redirect("site:account") if leaving else redirect("accounts:organisation", pk)
