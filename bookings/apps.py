"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    label = "bookings"
    verbose_name = _("Demandes et réservations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shareloc.web.uploads import erase_with_row
        from venues import closing, panels

        from . import agreements, followers
        from .views.closing import tell_touched
        from .views.plans import school_plan

        followers.follow(agreements.CHANGING, agreements.queue)
        panels.SCHOOL.append(school_plan)
        closing.AFTER.append(tell_touched)
        erase_with_row(self.get_model("Incident"), "photo")
