"""Which ways lead through the site, and for whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Membership, User
from shareloc.web.navigation import FOOTER, HEADER, Entry
from venues.models import SchoolRole
from venues.policies import decided_schools, is_region_officer

# What lies at the address of a lycée and belongs to those who work there.
PLANNING = (
    "bookings:school_planning",
    "bookings:block_new",
    "bookings:block",
    "bookings:block_change",
    "bookings:block_release",
    "bookings:statement",
)
LODGE = ("bookings:lodge",)


def roles(user: Any) -> dict[str, bool]:
    """`{"asks": …, "decides": …, "works": …}`: one query a request, none for people not signed in."""
    if not getattr(user, "is_authenticated", False):
        return {"asks": False, "decides": False, "works": False}
    if not hasattr(user, "_site_roles"):
        user._site_roles = _ask_roles(user)
    return user._site_roles


def _ask_roles(user: User) -> dict[str, bool]:
    mine = {"user": OuterRef("pk")}
    asks = Exists(Membership.objects.filter(**mine))
    decides = Exists(SchoolRole.objects.filter(**mine, role__in=SchoolRole.DECIDING))
    works = Exists(SchoolRole.objects.filter(**mine))
    return dict(User.objects.values(asks=asks, decides=decides, works=works).get(pk=user.pk))  # type: ignore[arg-type]


def signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


def signed_out(user: Any) -> bool:
    return not signed_in(user)


def asks(user: Any) -> bool:
    """Members of organisations, and whoever is signed in and works neither in a school nor for the Région."""
    return signed_in(user) and (belongs(user) or not (works(user) or watches(user)))


def belongs(user: Any) -> bool:
    """Members of organisations."""
    return roles(user)["asks"]


def decides(user: Any) -> bool:
    return roles(user)["decides"]


def has_begun(user: Any) -> bool:
    """Whoever decides for a lycée that lends something or was asked for it; the others have a lycée to set up first."""
    lends = Q(spaces__published=True) | Q(pools__published=True) | Q(requests__isnull=False)
    return decides(user) and decided_schools(user).filter(lends).exists()


def works(user: Any) -> bool:
    """Whoever has a role in a school, its lodge included."""
    return roles(user)["works"]


def keeps(user: Any) -> bool:
    """Whoever works in a lodge alone; those who decide find its sheet beside their requests."""
    return works(user) and not decides(user)


def watches(user: Any) -> bool:
    return signed_in(user) and is_region_officer(user)


def administers(user: Any) -> bool:
    return signed_in(user) and user.is_staff


def register() -> None:
    HEADER[:] = [
        Entry("bookings:search", _("Rechercher une salle"), "search"),
        Entry("venues:schools", _("Lycées"), "mortarboard"),
        Entry("bookings:queue", _("À décider"), "clipboard-check", decides, also=LODGE, begins=has_begun),
        Entry("venues:my_schools", _("Mon lycée"), "building", decides, begins=decides),
        Entry("bookings:my_planning", _("Planning"), "calendar-week", works, also=PLANNING),
        Entry("bookings:region", _("Suivi"), "compass", watches, begins=watches),
        Entry("bookings:my_lodge", _("Loge"), "door-open", keeps, also=LODGE, begins=keeps),
        Entry("bookings:evening", _("Ce soir"), "moon-stars", watches),
        Entry("bookings:region_agreements", _("Conventions"), "file-earmark-text", watches),
        Entry("bookings:requests", _("Mes demandes"), "calendar-check", asks, begins=belongs),
        Entry("admin:index", _("Administration"), "gear", administers),
        Entry("site:account", _("Mon compte"), "person-circle", signed_in),
        Entry("account_login", _("Se connecter"), "box-arrow-in-right", signed_out),
    ]
    FOOTER[:] = [
        Entry("bookings:equipment", _("Emprunter du matériel")),
        Entry("site:how", _("Comment ça marche")),
        Entry("site:help", _("Aide")),
        Entry("bookings:verify", _("Vérifier une convention")),
        Entry("site:stats", _("Chiffres")),
        Entry("site:accessibility", _("Accessibilité : non conforme")),
        Entry("site:legal", _("Mentions légales")),
        Entry("site:privacy", _("Données personnelles")),
        Entry("site:terms", _("Conditions d’utilisation")),
        Entry("api:docs", _("API")),
        Entry("demo:mailbox", _("Courriels de la démonstration")),
        Entry("demo:components", _("Composants")),
    ]
