"""Django's registration of this app, and the site's navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "shareloc.site"
    label = "site"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there yet when this module is imported.
        from shareloc.site.navigation import register

        register()
