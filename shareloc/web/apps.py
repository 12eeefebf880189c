"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "shareloc.web"
    label = "web"
    verbose_name = _("Socle")
    default_auto_field = "django.db.models.BigAutoField"
