"""How allauth meets our accounts."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses are stored in lower case, whatever was typed."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).strip().lower()
