"""Django's registration of this app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shareloc.accounts"
    label = "accounts"
    verbose_name = _("Comptes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .documents import erase_file

        post_delete.connect(erase_file, sender="accounts.Document", dispatch_uid="erase_document_file")
