"""Django's registration of this app, the site's navigation, and what the site does when it is due."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "shareloc.site"
    label = "site"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there yet when this module is imported.
        from shareloc.site.models import forget_old_feedback
        from shareloc.site.navigation import register
        from shareloc.web.chores import CHORES

        register()
        CHORES.append((forget_old_feedback, _("Remarques anciennes effacées : %(count)s")))
