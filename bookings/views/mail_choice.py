"""Which mails a person does without."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..audience import KINDS


class MailChoiceForm(forms.Form):
    """What is ticked goes on coming."""

    wanted = forms.MultipleChoiceField(
        choices=[(kind, label) for kind, (label, _templates) in KINDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Je veux recevoir"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    wanted = [kind for kind in KINDS if kind not in person.muted_mails]
    form = MailChoiceForm(request.POST if request.method == "POST" else None, initial={"wanted": wanted})
    if request.method != "POST" or not form.is_valid():
        return render(request, "bookings/mail_choice.html", {"form": form})
    person.muted_mails = [kind for kind in KINDS if kind not in form.cleaned_data["wanted"]]
    person.save(update_fields=["muted_mails"])
    messages.success(request, _("Vos choix sont enregistrés."))
    return redirect("bookings:mail_choice")
