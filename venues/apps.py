"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VenuesConfig(AppConfig):
    name = "venues"
    label = "venues"
    verbose_name = _("Lycées et salles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shareloc.web.uploads import erase_with_row

        erase_with_row(self.get_model("SpacePhoto"), "large", "small")
