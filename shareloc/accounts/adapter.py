"""How allauth meets our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shareloc.web import mail, navigation

# What a mail about a change says; all of them share one template.
CHANGES = {
    "password_changed": _("Votre mot de passe a été changé."),
    "password_reset": _("Votre mot de passe oublié a été remplacé par un nouveau."),
    "password_set": _("Un mot de passe a été choisi pour votre compte."),
    "email_confirm": _("Une adresse électronique de votre compte a été confirmée."),
    "email_changed": _("L’adresse principale de votre compte a été changée."),
    "email_deleted": _("Une adresse électronique a été retirée de votre compte."),
}


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses in lower case, and mails in Shareloc's words and look."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).strip().lower()

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To one's work: what waits for an answer; to the account where nothing can wait yet."""
        return navigation.beginning(request.user) or super().get_login_redirect_url(request)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """`account/email/password_reset_key` is written in `accounts/mail/password_reset_key.{txt,html}`."""
        name = template_prefix.rsplit("/", 1)[-1]
        to = [email] if isinstance(email, str) else email
        if name in CHANGES:
            name, context = "account_changed", {**context, "what": CHANGES[name]}
        return mail.build(f"accounts/mail/{name}", to=to, context=context, headers=headers)
