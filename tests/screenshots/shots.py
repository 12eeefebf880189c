"""Which pages are pictured, as whom, how wide, and what stands beside each picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, PHONE = 1280, 390
ASSOCIATION, MANAGER, REGION = (
    "association@example.org",
    "gestionnaire@example.org",
    "region@example.org",
)
SEARCH = "/salles/?q=Lille&within_km=10&date=2026-11-26&start=18:30&end=20:30&capacity=40"


@dataclass(frozen=True)
class Shot:
    """One picture. `address` names what `world.places` knows; `steps` are done before it is taken."""

    name: str
    caption: str
    address: str
    who: str = ""
    width: int = DESK
    # The picture ends there, or where the page does.
    height: int = 1000
    dark: bool = False
    # On the day of the association's approved date, half an hour before it begins.
    that_day: bool = False
    steps: Callable[[Page], None] | None = None


def to_the_dates(page: Page) -> None:
    """The first step of a request, filled for a series of Thursdays, and on."""
    page.get_by_label("Chaque semaine, ou une semaine sur deux, sur trois…").check()
    page.get_by_label("jeudi", exact=True).check()
    weekly = page.locator(".ask-weekly")
    weekly.get_by_label("De", exact=True).fill("18:00")
    weekly.get_by_label("À", exact=True).fill("20:00")
    weekly.get_by_label("À partir du").fill("2026-11-26")
    weekly.get_by_label("Jusqu’au").fill("2026-12-17")
    page.get_by_label("Votre activité").fill("Répétition de la chorale")
    page.get_by_label("Nombre de personnes attendues").fill("40")
    page.get_by_label("Son téléphone").fill("03 00 00 00 00")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    page.get_by_role("heading", level=1, name="Choisir les dates").wait_for()


def to_the_summary(page: Page) -> None:
    to_the_dates(page)
    page.get_by_role("button", name="Continuer").last.click()
    page.get_by_role("heading", level=1, name="Vérifier ma demande").wait_for()


GALLERY: dict[str, list[Shot]] = {
    "Chercher": [
        Shot("accueil", "L’accueil : une question, et tout est dit en un écran.", "/", height=900),
        Shot("fonctionnement", "Comment ça marche, en trois temps.", "/comment-ca-marche/"),
        Shot("recherche", "Les salles libres jeudi soir, la plus proche d’abord.", SEARCH, height=1300),
        Shot(
            "recherche-carte", "Les mêmes sur la carte, la liste à côté.", SEARCH + "&vue=carte", height=1400
        ),
        Shot(
            "recherche-semaine",
            "Les mêmes heures, chaque jour de la semaine.",
            SEARCH + "&vue=calendrier",
            height=1300,
        ),
        Shot("recherche-telephone", "La recherche au téléphone.", SEARCH, width=PHONE, height=1700),
        Shot(
            "salle",
            "Une salle : ses places, ses règles, sa semaine.",
            "/salles/{hall}/?date=2026-11-26&start=18:30&end=20:30",
            height=1500,
        ),
        Shot(
            "salle-sombre",
            "Un gymnase divisible, pour qui préfère le sombre.",
            "/salles/{gymnasium}/?semaine=2026-11-23",
            height=1200,
            dark=True,
        ),
    ],
    "Demander": [
        Shot(
            "demande",
            "Première étape : pour quoi et quand.",
            "/salles/{hall}/demander/?date=2026-11-26&start=18:30&end=20:30",
            ASSOCIATION,
        ),
        Shot(
            "demande-dates",
            "Une série : chaque date avec ce qui s’y oppose, et ce qui est libre à sa place.",
            "/salles/{amphitheatre}/demander/",
            ASSOCIATION,
            height=1200,
            steps=to_the_dates,
        ),
        Shot(
            "demande-resume",
            "Tout relire avant d’envoyer.",
            "/salles/{hall}/demander/",
            ASSOCIATION,
            height=1500,
            steps=to_the_summary,
        ),
        Shot("mes-demandes", "Les demandes de l’association.", "/demandes/", ASSOCIATION),
        Shot("suivi-telephone", "Le suivi d’une demande.", "/demandes/{approved}/", ASSOCIATION, PHONE, 1100),
        Shot(
            "jour-telephone",
            "Le jour venu : l’entrée, les clés, qui appeler.",
            "/demandes/{approved}/dates/{date}/jour/",
            ASSOCIATION,
            PHONE,
            1100,
            that_day=True,
        ),
        Shot(
            "convention",
            "La convention, établie et signée en ligne.",
            "/demandes/{approved}/convention/",
            ASSOCIATION,
        ),
        Shot(
            "organisme",
            "L’organisme : membres et pièces au dossier.",
            "/compte/organismes/{organisation}/",
            ASSOCIATION,
        ),
    ],
    "Prêter": [
        Shot("a-decider", "Les demandes à décider, la plus ancienne d’abord.", "/a-decider/", MANAGER),
        Shot(
            "planning-semaine",
            "Le planning du lycée : cours, demandes et accueils.",
            "/lycees/{uai}/planning/?semaine=2026-11-23",
            MANAGER,
            height=1300,
        ),
        Shot(
            "planning-mois",
            "Le mois, salle par salle.",
            "/lycees/{uai}/planning/?mois=2026-11-01",
            MANAGER,
            height=1200,
        ),
        Shot("bloquer", "Reprendre des salles pour le lycée.", "/lycees/{uai}/planning/bloquer/", MANAGER),
        Shot("mon-lycee", "Mon lycée : salles, matériel, règles, personnes.", "/mon-lycee/{uai}/", MANAGER),
        Shot("horaires", "Les horaires d’ouverture en une grille.", "/mon-lycee/{uai}/horaires/", MANAGER),
        Shot(
            "loge",
            "La fiche de la loge : qui vient ce soir, par où, pour quoi.",
            "/lycees/{uai}/loge/",
            MANAGER,
            that_day=True,
        ),
    ],
    "Suivre": [
        Shot("region", "La Région : ce qui attend, ce qui dort.", "/region/", REGION, that_day=True),
        Shot("soiree", "Qui est où ce soir.", "/region/soiree/", REGION),
        Shot("composants", "Les composants des pages, clairs et sombres.", "/composants/"),
    ],
}
SHOTS = [shot for shots in GALLERY.values() for shot in shots]
