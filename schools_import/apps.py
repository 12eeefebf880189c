"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolsImportConfig(AppConfig):
    name = "schools_import"
    label = "schools_import"
    verbose_name = _("Import de l’annuaire")
    default_auto_field = "django.db.models.BigAutoField"
