"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VenuesConfig(AppConfig):
    name = "venues"
    label = "venues"
    verbose_name = _("Lycées et salles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there yet when this module is imported; whoever deletes a photo deletes its files.
        from . import gallery  # noqa: F401
