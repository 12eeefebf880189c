"""Keeping an alert: who may, what is kept, in which words, how many, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bookings import alerts
from bookings.models import Alert
from shareloc.accounts.models import User
from tests import factories
from tests.bookings.alerts.conftest import LABEL, QUERY, Scene
from tests.bookings.pages.reading import links, words
from tests.conftest import NOW, ROLES, Cast, paris

NEW, LIST = "/compte/alertes/nouvelle/", "/compte/alertes/"
SPELLED = QUERY.replace(":", "%3A")


def client(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_signed_in_may_keep_one(cast: Cast, now: Any, role: str) -> None:
    answer = cast.client(role).post(f"{NEW}?{QUERY}")
    assert answer.status_code == 302
    kept = Alert.objects.all()
    if role == "anonymous":
        assert not kept
        address = urlsplit(answer["Location"])
        assert parse_qs(address.query)["next"] == [f"{NEW}?{QUERY}"]
    else:
        assert answer["Location"] == LIST
        assert kept.get().user == cast.user(role)


def test_after_signing_in_it_is_shown_before_it_is_kept(scene: Scene) -> None:
    page = client(scene.user).get(f"{NEW}?{QUERY}")
    assert LABEL in words(page)
    assert not Alert.objects.exists()


def test_without_a_token_of_the_form_nothing_is_kept(scene: Scene) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(f"{NEW}?{QUERY}").status_code == 403
    assert not Alert.objects.exists()


# -- from the search ----------------------------------------------------------------------------


def test_an_empty_search_offers_it(scene: Scene) -> None:
    asked = QUERY.replace("18:30", "18h30")
    anonymous = Client().get(f"/salles/?{asked}")
    assert f"{NEW}?{SPELLED}" in links(anonymous)
    # A page that needs no cookie sets none.
    assert not anonymous.cookies
    signed_in = client(scene.user).get(f"/salles/?{asked}").content.decode()
    assert f'<form method="post" action="{NEW}?{SPELLED.replace("&", "&amp;")}">' in signed_in


def test_a_search_that_finds_does_not(scene: Scene) -> None:
    scene.publish()
    assert not [link for link in links(Client().get(f"/salles/?{QUERY}")) if link.startswith(NEW)]
    nowhere = Client().get("/salles/?q=Nulle-Part&date=2026-10-22")
    assert not [link for link in links(nowhere) if link.startswith(NEW)]


def test_it_is_said_that_it_is_kept(scene: Scene) -> None:
    said = words(client(scene.user).post(f"{NEW}?{QUERY}", follow=True))
    assert (
        "Alerte créée. Vous recevrez un courriel dès qu’une salle se libère, jusqu’au jeudi 22 octobre 2026."
    ) in said
    assert f"{LABEL} En veille jusqu’au jeudi 22 octobre 2026" in said


def test_what_is_free_by_now_is_shown_instead(scene: Scene) -> None:
    scene.publish()
    answer = client(scene.user).post(f"{NEW}?{QUERY}", follow=True)
    assert answer.redirect_chain[0][0] == f"/salles/?{SPELLED}"
    assert "Des salles répondent déjà à cette recherche" in words(answer)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "query", ["date=2026-10-01&start=18:00&end=20:00", "start=18:00", "features=inconnu"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_question_that_makes_no_sense_goes_back_to_its_errors(
    scene: Scene, query: str, method: str
) -> None:
    answer = getattr(client(scene.user), method)(f"{NEW}?{query}", follow=True)
    assert answer.redirect_chain[0][0].startswith("/salles/?")
    assert "Il reste quelque chose à corriger" in words(answer)
    assert not Alert.objects.exists()


# -- what is kept -------------------------------------------------------------------------------


def test_what_is_kept(scene: Scene) -> None:
    kept = scene.keep()
    assert (kept.query, kept.label) == (SPELLED, LABEL)
    assert (kept.created_at, kept.checked_at) == (NOW, NOW)
    assert kept.expires_at == paris("2026-10-22 18:30")
    assert kept.state(at=NOW) == "active"


def test_everything_asked_is_in_the_words(scene: Scene) -> None:
    factories.FeatureFactory.create(slug="piano", name="Piano")
    factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    kept = scene.keep(
        f"school={scene.school.uai}&kind=hall,classroom&features=piano&equipment=chaises:20"
        "&step_free=true&free_of_charge=true&near=50.6,3.0&within_km=2.50"
    )
    assert kept.label == (
        f"Salle à moins de 2,5 km du point choisi, {scene.school.name}, Salle polyvalente, "
        "Salle de classe, Piano, 20\u00a0× Chaises, de plain-pied, gratuite"
    )
    assert kept.query == (
        "near=50.6%2C3.0&within_km=2.5&kind=classroom&kind=hall&features=piano&equipment=chaises%3A20"
        f"&step_free=true&free_of_charge=true&school={scene.school.uai}"
    )


@pytest.mark.parametrize("query", [QUERY, "kind=hall,kitchen&near=50.6,3.0", "q=Lille&date=2026-11-12"])
def test_its_spelling_is_its_own(scene: Scene, query: str) -> None:
    """What is kept is read again as the same question, by the API and by the page."""
    from django.http import QueryDict

    from bookings.forms import SearchPageFilter

    filters = alerts.asked_by(query)
    assert filters.is_valid()
    once = alerts.canonical(filters)
    again, page = alerts.asked_by(once), SearchPageFilter(QueryDict(once))
    assert again.is_valid() and page.is_valid()
    assert again.question() == page.question() == filters.question()
    assert alerts.canonical(again) == once


@pytest.mark.parametrize(
    ("query", "expires_at"),
    [
        ("date=2026-11-12", "2026-11-13 00:00"),
        ("date=2026-11-12&until=2026-11-14&end=10:00", "2026-11-14 10:00"),
        ("date=2026-11-12&start=22:00&end=02:00", "2026-11-12 22:00"),
        ("kind=kitchen", "2027-01-12 09:00"),
    ],
)
def test_until_when_it_watches(scene: Scene, query: str, expires_at: str) -> None:
    assert scene.keep(query).expires_at == paris(expires_at)


def test_hours_that_have_begun(scene: Scene) -> None:
    with pytest.raises(alerts.AlertError, match="déjà commencé"):
        scene.keep("date=2026-10-14&start=09:00&end=11:00")


def test_the_same_question_twice_is_one_alert(scene: Scene) -> None:
    assert scene.keep() == scene.keep(QUERY + "&page=2")
    assert scene.keep(user=factories.UserFactory.create()) != scene.keep()
    assert Alert.objects.count() == 2


def test_so_many_at_most(scene: Scene, settings: Any) -> None:
    settings.ALERT_MAX = 2
    first = scene.keep("kind=kitchen")
    scene.keep("kind=hall")
    said = words(client(scene.user).post(f"{NEW}?kind=library", follow=True))
    assert "Vous avez déjà 2 alertes en veille : supprimez-en une d’abord." in said
    alerts.revoke(first, at=NOW)
    scene.keep("kind=library")
    Alert.objects.filter(query="kind=hall").update(expires_at=NOW - dt.timedelta(seconds=1))
    scene.keep("kind=workshop")
    assert Alert.objects.filter(user=scene.user).active(at=NOW).count() == 2


def test_a_very_long_question(scene: Scene) -> None:
    slugs = [factories.FeatureFactory.create(slug=f"amenagement-{'x' * 35}{n}").slug for n in range(45)]
    with pytest.raises(alerts.AlertError, match="trop longue"):
        scene.keep("features=" + ",".join(slugs))


# -- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_the_list_is_ones_own(cast: Cast, now: Any, role: str) -> None:
    filters = alerts.asked_by(QUERY)
    assert filters.is_valid()
    alerts.keep(filters, by=cast.user("member"), at=NOW)
    answer = cast.client(role).get(LIST)
    assert answer.status_code == (302 if role == "anonymous" else 200)
    if role != "anonymous":
        assert (LABEL in words(answer)) is (role == "member")
        assert ("Aucune alerte pour l’instant" in words(answer)) is (role != "member")


def test_what_became_of_each(scene: Scene) -> None:
    for kind, fields in {
        "kitchen": {},
        "hall": {"fired_at": paris("2026-10-13 09:15")},
        "library": {"expires_at": paris("2026-10-13 09:00")},
        "workshop": {"revoked_at": NOW},
    }.items():
        Alert.objects.filter(pk=scene.keep(f"kind={kind}").pk).update(**fields)
    said = words(client(scene.user).get(LIST))
    assert "Salle, CDI Terminée sans résultat mardi 13 octobre 2026" in said
    assert "Salle, Salle polyvalente Salle trouvée mardi 13 octobre 2026, 09:15" in said
    assert "Salle, Cuisine En veille jusqu’au mardi 12 janvier 2027" in said
    assert "Atelier" not in said


@pytest.mark.parametrize(("many", "queries"), [(1, 1), (20, 1), (25, 2)])
def test_the_list_is_paged_and_takes_as_many_statements(
    scene: Scene, django_assert_num_queries: Any, many: int, queries: int
) -> None:
    for n in range(many):
        Alert.objects.create(
            user=scene.user,
            query=f"q={n}",
            label=f"Salle {n}",
            created_at=NOW,
            checked_at=NOW,
            expires_at=NOW,
        )
    browser = client(scene.user)
    # The alerts of the page, counted where there are more; which ways the header shows counts as signing in.
    with django_assert_num_queries(queries, own=True):
        page = browser.get(LIST)
    assert page.content.decode().count("Supprimer<span") == min(many, 20)


# -- taking it back -----------------------------------------------------------------------------

STATUS = {
    "member": 302,
    "anonymous": 302,
    **dict.fromkeys(("stranger", "other_manager", "manager", "region"), 404),
}


@pytest.mark.parametrize("role", ROLES)
def test_only_its_holder_takes_it_back(cast: Cast, now: Any, role: str) -> None:
    filters = alerts.asked_by(QUERY)
    assert filters.is_valid()
    kept = alerts.keep(filters, by=cast.user("member"), at=NOW)
    assert cast.client(role).post(f"{LIST}{kept.pk}/supprimer/").status_code == STATUS[role]
    kept.refresh_from_db()
    assert (kept.revoked_at == NOW) is (role == "member")


def test_taking_back_says_so_and_is_no_link(scene: Scene) -> None:
    kept, browser = scene.keep(), client(scene.user)
    assert browser.get(f"{LIST}{kept.pk}/supprimer/").status_code == 405
    said = words(browser.post(f"{LIST}{kept.pk}/supprimer/", follow=True))
    assert f"L’alerte « {LABEL} » est supprimée." in said
    assert browser.post(f"{LIST}{kept.pk}/supprimer/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "9" * 25])
def test_no_such_alert(scene: Scene, pk: str) -> None:
    assert client(scene.user).post(f"{LIST}{pk}/supprimer/").status_code == 404


# -- from the mail ------------------------------------------------------------------------------


def test_the_link_of_the_mail_shows_and_its_button_stops(scene: Scene) -> None:
    scene.keep()
    scene.keep("kind=kitchen")
    other = scene.keep(user=factories.UserFactory.create())
    address = alerts.stop_address(scene.user)
    page = Client().get(address)
    assert "2 alertes guettent encore pour vous." in words(page)
    assert "Arrêter ces 2 alertes" in words(page)
    assert Alert.objects.active(at=NOW).count() == 3
    # Mail programs post without cookie nor token (RFC 8058).
    strict = Client(enforce_csrf_checks=True)
    assert "2 alertes arrêtées." in words(strict.post(address, {"List-Unsubscribe": "One-Click"}))
    assert list(Alert.objects.active(at=NOW)) == [other]
    assert "Il n’y a rien à arrêter." in words(Client().get(address))
    assert "Il n’y a rien à arrêter." in words(Client().post(address))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_we_did_not_sign(scene: Scene, method: str) -> None:
    scene.keep()
    address = alerts.stop_address(scene.user)
    for forged in (address[:-2] + "/", "/alertes/arreter/x/", "/alertes/arreter/MQ:1:x/"):
        assert getattr(Client(), method)(forged).status_code == 404
    User.objects.filter(pk=scene.user.pk).delete()
    assert getattr(Client(), method)(address).status_code == 404


def test_the_secret_of_the_link_stays_out_of_the_logs(scene: Scene) -> None:
    import logging

    from shareloc.web.logs import HideSecrets

    address = alerts.stop_address(scene.user)
    record = logging.LogRecord("x", logging.INFO, "x", 1, "GET %s", (address,), None)
    HideSecrets().filter(record)
    assert record.getMessage() == "GET /alertes/arreter/…/"
