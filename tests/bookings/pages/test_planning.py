"""The planner of a lycée: what anybody sees, what its people see more, and how one walks through it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client

from bookings import workflow
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import ROLES, Cast, paris
from venues.models import School

WEEK = "semaine=2026-W46"


def page(school: School, query: str = WEEK, *, client: Client | None = None) -> Any:
    return (client or Client()).get(f"/lycees/{school.uai}/planning/?{query}")


@pytest.fixture
def busy(cast: Cast, now: dt.datetime) -> Cast:
    """Thursday 12 November in the cast's school: a lesson, an approved date, a request, a room not proposed."""
    factories.OpeningHoursFactory.create(school=cast.school, weekday=3)
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    factories.SpaceFactory.create(school=cast.school, name="Réserve", published=False)
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-11-12 08:00"), end_at=paris("2026-11-12 10:00"), reason="Badminton"
    )
    for hour, state, purpose in ((18, "approved", "Chorale"), (20, "pending", "Théâtre")):
        date = factories.OccurrenceFactory.create(
            request__school=cast.school,
            request__organisation=cast.organisation,
            request__purpose=purpose,
            spaces=[space],
            state=state,
            start_at=paris(f"2026-11-12 {hour}:00"),
        )
        if state == "approved":
            factories.ClaimFactory.create(occurrence=date)
    return cast


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_names_are_for_people_of_the_school_and_the_region(busy: Cast, role: str) -> None:
    response = page(busy.school, client=busy.client(role))
    said, tells = words(response), role in ("manager", "region")
    assert response.status_code == 200
    for secret in ("Chorale", "Théâtre", "Badminton", "Réserve", busy.organisation.name):
        assert (secret in said) is tells, secret
    assert ("18:00–20:00 Occupé" in said, "20:00–22:00 Libre" in said) == (True, True)
    assert any(link.startswith("/demandes/R-") for link in links(response)) is tells


def test_the_lodge_sees_names_but_is_not_led_to_requests_it_may_not_read(busy: Cast) -> None:
    caretaker = factories.SchoolRoleFactory.create(school=busy.school, role="caretaker").user
    response = page(busy.school, client=signed_in(caretaker))
    assert "Chorale" in words(response)
    assert not [link for link in links(response) if link.startswith("/demandes/R-")]


def test_somebody_who_is_no_longer_active_sees_what_anybody_sees(busy: Cast) -> None:
    client = busy.client("region")
    busy.user("region").is_region_officer = False
    busy.user("region").save()
    assert "Chorale" not in words(page(busy.school, client=client))


@pytest.mark.parametrize("uai", ["0000000A", "nulle-part"])
def test_an_unknown_lycee_is_not_found(db: None, uai: str) -> None:
    assert Client().get(f"/lycees/{uai}/planning/").status_code == 404


def test_only_reading_is_allowed(busy: Cast) -> None:
    assert busy.client("manager").post(f"/lycees/{busy.school.uai}/planning/").status_code == 405


def test_a_closed_lycee_lends_nothing_but_its_people_see_what_was(busy: Cast) -> None:
    busy.school.closed_on = dt.date(2026, 10, 1)
    busy.school.save()
    assert "Ce lycée ne propose pas encore de salle" in words(page(busy.school))
    assert "Chorale" in words(page(busy.school, client=busy.client("manager")))


# -- what -----------------------------------------------------------------------------------------


def test_cells_for_anybody(busy: Cast) -> None:
    said = words(page(busy.school))
    assert "Semaine 46 du lun. 9 nov. au dim. 15 nov. 2026" in said
    assert "Salle lun. 9 nov. mar. 10 nov. mer. 11 nov. jeu. 12 nov. ven. 13 nov." in said
    assert (
        "Gymnase Salle de classe · 30 places – Pas de prêt – Pas de prêt "
        "– Pas de prêt jeu. 12 nov. 18:00–20:00 Occupé "
        "20:00–22:00 Libre , demander Gymnase le jeudi 12 novembre 2026 – Pas de prêt"
    ) in said


def test_cells_for_its_manager(busy: Cast) -> None:
    response = page(busy.school, client=busy.client("manager"))
    approved, pending = busy.organisation.requests.order_by("pk").values_list("reference", flat=True)
    assert (
        f"jeu. 12 nov. 08:00–10:00 Lycée Badminton 18:00–20:00 Occupé Chorale {approved} {busy.organisation.name} "
        f"20:00–22:00 Libre , bloquer Gymnase le jeudi 12 novembre 2026 20:00–22:00 Demandé Théâtre {pending} {busy.organisation.name}"
    ) in words(response)
    assert "Réserve Salle de classe · 30 places Non proposée" in words(response)
    assert {f"/demandes/{approved}/", f"/demandes/{pending}/"} <= set(links(response))


def test_free_time_leads_to_the_request_form(busy: Cast) -> None:
    space = busy.school.spaces.get(name="Gymnase")
    assert f"/salles/{space.pk}/demander/?date=2026-11-12&start=20%3A00&end=22%3A00" in links(
        page(busy.school)
    )


def test_closures_holidays_and_days_gone_are_told(scene: Scene) -> None:
    factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 10, 16), reason="Examens")
    said = words(page(scene.school, "semaine=2026-W42"))
    assert "mer. 14 oct. Aujourd’hui jeu. 15 oct. ven. 16 oct. sam. 17 oct. Vacances" in said
    assert "Passé – Pas de prêt jeu. 15 oct. 18:00–22:00 Libre" in said
    assert "ven. 16 oct. Fermé : Examens" in said


def test_days_gone_have_a_ground_and_a_word_only_for_those_who_do_not_see_it(scene: Scene) -> None:
    for query, gone in (("semaine=2026-W42", 2), ("mois=2026-10", 13)):
        html = page(scene.school, query).content.decode()
        over = re.findall(r'<td class="[^"]*is-over[^"]*">.*?</td>', html, re.DOTALL)
        assert len(over) == gone
        assert all('<span class="visually-hidden">Passé</span>' in cell for cell in over)
        assert html.count("Passé") == gone


def test_a_stay_says_since_when_and_until_when(scene: Scene) -> None:
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[scene.space],
        state="approved",
        start_at=paris("2026-10-22 20:00"),
        end_at=paris("2026-10-26 10:00"),
    )
    factories.ClaimFactory.create(occurrence=date)
    said = words(page(scene.school, "jour=2026-10-25", client=signed_in(scene.manager)))
    assert "00:00–24:00 Occupé" in said
    assert "depuis le jeu. 22 oct. 20:00 jusqu’au lun. 26 oct. 10:00" in said


def test_a_school_without_rooms_says_so(cast: Cast) -> None:
    assert "Ce lycée ne propose pas encore de salle" in words(page(cast.school))


# -- walking --------------------------------------------------------------------------------------


def test_one_walks_by_week_and_by_day(busy: Cast) -> None:
    by_week = links(page(busy.school))
    assert {"?semaine=2026-W45", "?semaine=2026-W47", "?jour=2026-11-12", "?jour=2026-11-09"} <= set(by_week)
    response = page(busy.school, "jour=2026-11-12")
    assert "jeudi 12 novembre 2026" in words(response)
    assert {"?jour=2026-11-11", "?jour=2026-11-13", "?semaine=2026-11-12"} <= set(links(response))


@pytest.mark.parametrize("asked", ["jour=", "jour=demain", "jour=9999-12-31", "jour=%00"])
def test_a_day_that_means_nothing_is_today(scene: Scene, asked: str) -> None:
    assert "mercredi 14 octobre 2026" in words(page(scene.school, asked))


@pytest.mark.parametrize("asked", ["", "semaine=hier", "semaine=2026-W99", "page=-1", "page=1e6", "type='"])
def test_a_week_that_means_nothing_is_this_week(scene: Scene, asked: str) -> None:
    response = page(scene.school, asked)
    assert (response.status_code, "Semaine 42" in words(response)) == (200, True)


def test_one_walks_by_month(busy: Cast) -> None:
    assert "?mois=2026-11" in links(page(busy.school))
    month = page(busy.school, "mois=2026-11")
    assert "novembre 2026" in words(month)
    assert {"?mois=2026-10", "?mois=2026-12", "?jour=2026-11-12", "?semaine=2026-11-01"} <= set(links(month))
    assert "?mois=2026-02" in links(page(busy.school, "mois=2026-03"))


def test_a_month_says_each_state_of_a_day(busy: Cast) -> None:
    public, told = (words(page(busy.school, "mois=2026-11", client=busy.client(role))) for role in ROLES[:2])
    assert "jeu. 5 nov. Libre" in public
    assert "jeu. 12 nov. Occupé Libre" in public
    manager = words(page(busy.school, "mois=2026-11", client=busy.client("manager")))
    assert "jeu. 12 nov. Occupé Demandé Lycée Libre" in manager
    assert ("Réserve" in manager, "Réserve" in public, "Réserve" in told) == (True, False, False)
    assert not any(secret in manager + public for secret in ("Chorale", "Badminton"))


def test_a_stay_is_one_piece_in_the_month(scene: Scene) -> None:
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[scene.space],
        state="approved",
        start_at=paris("2026-11-06 20:00"),
        end_at=paris("2026-11-08 10:00"),
    )
    factories.ClaimFactory.create(occurrence=date)
    said = words(page(scene.school, "mois=2026-11", client=signed_in(scene.manager)))
    assert (
        "ven. 6 nov. Occupé Libre sam. 7 nov. Occupé depuis la veille dim. 8 nov. Occupé depuis la veille"
        in said
    )


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2026-10-16 21:00", 42),  # Friday: an hour is left
        ("2026-10-16 22:30", 43),  # nothing until Thursday
        ("2026-10-18 20:00", 43),  # Sunday evening
        ("2026-10-19 08:00", 43),
    ],
)
def test_a_week_of_which_nothing_is_left_gives_way(
    scene: Scene, time_machine: Any, moment: str, number: int
) -> None:
    time_machine.move_to(paris(moment))
    assert f"Semaine {number}" in words(page(scene.school, ""))
    assert f"Semaine {number}" in words(Client().get(f"/salles/{scene.space.pk}/"))


def test_the_week_that_is_over_can_be_seen_all_the_same(scene: Scene, time_machine: Any) -> None:
    time_machine.move_to(paris("2026-10-18 20:00"))
    for address in (f"/lycees/{scene.school.uai}/planning/", f"/salles/{scene.space.pk}/"):
        back = next(
            link
            for link in links(Client().get(address))
            if "semaine=2026-10-18" in link or "semaine=2026-W42#" in link
        )
        assert "Semaine 42" in words(Client().get(urljoin(address, back.partition("#")[0])))


def test_rooms_of_one_kind(busy: Cast) -> None:
    factories.SpaceFactory.create(school=busy.school, name="Grande salle", kind="hall")
    response = page(busy.school, f"{WEEK}&type=hall")
    assert ("Grande salle" in words(response), "Gymnase" in words(response)) == (True, False)
    assert f"?{WEEK.replace('46', '47')}&type=hall" in links(response)
    assert f"/lycees/{busy.school.uai}/planning/?semaine=2026-10-14&type=hall" in links(response)
    assert "Aucune salle de ce type" in words(page(busy.school, f"{WEEK}&type=kitchen"))


def test_rooms_come_in_pages(busy: Cast, settings: Any) -> None:
    settings.PLANNER_PAGE_SIZE = 2
    factories.SpaceFactory.create_batch(2, school=busy.school, kind="hall")
    assert "Gymnase" in words(page(busy.school))
    second = page(busy.school, f"{WEEK}&page=2")
    assert "Gymnase" not in words(second)
    assert f"?{WEEK}&page=1" in links(second)


# -- ways to it ------------------------------------------------------------------------------------


def test_ways_to_it_and_on(busy: Cast) -> None:
    planning = f"/lycees/{busy.school.uai}/planning/"
    assert planning in links(Client().get(busy.school.get_absolute_url()))
    assert planning in links(busy.client("manager").get("/compte/"))
    assert "/a-decider/planning/" in links(busy.client("manager").get("/a-decider/toutes/"))
    on = links(page(busy.school))
    assert f"/compte/calendriers/nouveau/?scope=school&id={busy.school.uai}" in on
    assert busy.school.get_absolute_url() in on


@pytest.mark.parametrize("role", ROLES)
def test_my_planning(cast: Cast, role: str) -> None:
    response = cast.client(role).get("/a-decider/planning/")
    if role == "anonymous":
        assert response.url.startswith("/compte/connexion/")
    elif role in ("manager", "other_manager"):
        school = cast.school if role == "manager" else cast.other_school
        assert response.url == f"/lycees/{school.uai}/planning/"
    else:
        assert response.status_code == 404


def test_whoever_works_in_several_lycees_chooses(cast: Cast) -> None:
    for role in ("manager", "caretaker"):
        factories.SchoolRoleFactory.create(user=cast.user("manager"), school=cast.other_school, role=role)
    found = links(cast.client("manager").get("/a-decider/planning/"))
    assert [link for link in found if link.endswith("/planning/") and link.startswith("/lycees/")] == [
        f"/lycees/{school.uai}/planning/" for school in (cast.school, cast.other_school)
    ]


# -- statements -----------------------------------------------------------------------------------


# The lycée; its rooms, their time. For its people: who one is
# there, for names and for links; dates; lessons.
@pytest.mark.parametrize("many", [1, 36])
@pytest.mark.parametrize("query", ["semaine=2026-W43", "mois=2026-10"])
@pytest.mark.parametrize(("role", "queries"), [("anonymous", 3), ("manager", 7), ("region", 6)])
def test_as_many_queries_for_one_room_as_for_36(
    cast: Cast,
    now: Any,
    django_assert_num_queries: Callable[..., Any],
    many: int,
    query: str,
    role: str,
    queries: int,
) -> None:
    factories.open_always(cast.school)
    for space in factories.SpaceFactory.create_batch(many, school=cast.school):
        factories.BusyTimeFactory.create(space=space)
        factories.ClaimFactory.create(occurrence__spaces=[space], occurrence__request__school=cast.school)
        factories.OccurrenceFactory.create(spaces=[space], request__school=cast.school)
    client = cast.client(role)
    with django_assert_num_queries(queries, own=True):
        assert page(cast.school, query, client=client).status_code == 200


def test_decided_in_the_planner_as_elsewhere(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"))
    manager = signed_in(scene.manager)
    assert "18:00–20:00 Demandé Chorale" in words(page(scene.school, client=manager))
    workflow.approve(asked, by=scene.manager)
    assert "18:00–20:00 Occupé Chorale" in words(page(scene.school, client=manager))
