"""Blocking rooms in the planner: what it touches, what is done about it, and how a block is changed and freed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings import workflow
from bookings.models import BookingRequest
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import ROLES, Cast, paris
from venues.models import BusyTime, School
from venues.periods import Period

THURSDAY = {"day": "2026-11-12", "start": "18:00", "end": "20:00"}


def address(school: School, rest: str = "bloquer/") -> str:
    return f"/lycees/{school.uai}/planning/{rest}"


def blocks(school: School) -> list[tuple[str, dt.datetime, dt.datetime, str]]:
    rows = BusyTime.objects.filter(school=school).order_by("start_at", "space__name")
    return list(rows.values_list("space__name", "start_at", "end_at", "reason"))


def send(scene: Scene, action: str = "block", *, client: Client | None = None, **said: Any) -> Any:
    """What a browser sends of the form, with this filled in."""
    client = client or signed_in(scene.manager)
    form = fields(client.get(address(scene.school)))
    said = {"spaces": [scene.space.pk], **THURSDAY, **said}
    return client.post(address(scene.school), {**form, **said, "action": action})


def only(school: School) -> BusyTime:
    return BusyTime.objects.get(school=school)


@pytest.fixture
def promised(scene: Scene) -> BookingRequest:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(asked, by=scene.manager)
    return asked


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*ROLES, "caretaker"])
def test_only_deciders_of_the_school_block(cast: Cast, now: dt.datetime, role: str) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    row = factories.BusyTimeFactory.create(space=space)
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    client = cast.client(role)
    said = {"spaces": [space.pk], **THURSDAY, "series": "0" * 32, "action": "block"}
    for rest, expected in (
        ("bloquer/", 302),
        (f"blocages/{row.pk}/changer/", 200),
        (f"blocages/{row.pk}/liberer/", 302),
    ):
        response = client.post(address(cast.school, rest), said if rest == "bloquer/" else {})
        if role == "anonymous":
            assert response.url.startswith("/compte/connexion/")
        else:
            assert response.status_code == (expected if role == "manager" else 404), rest
    made = BusyTime.objects.exclude(pk=row.pk).count()
    assert (made, BusyTime.objects.filter(pk=row.pk).exists()) == (
        (1, False) if role == "manager" else (0, True)
    )


@pytest.mark.parametrize("rest", ["", "changer/", "liberer/"])
def test_a_block_of_another_school_does_not_exist(cast: Cast, rest: str) -> None:
    row = factories.BusyTimeFactory.create(space__school=cast.other_school)
    assert cast.client("manager").get(address(cast.school, f"blocages/{row.pk}/{rest}")).status_code == 404
    assert (
        cast.client("manager").get(address(cast.other_school, f"blocages/{row.pk}/{rest}")).status_code == 404
    )


@pytest.mark.parametrize("role", ROLES)
def test_conflicts_are_their_schools_business(cast: Cast, role: str) -> None:
    response = cast.client(role).get("/a-decider/conflits/")
    if role == "anonymous":
        assert response.url.startswith("/compte/connexion/")
    else:
        assert response.status_code == (200 if role in ("manager", "other_manager") else 404)


def test_the_planner_leads_deciders_to_the_form_with_room_and_hours(scene: Scene) -> None:
    planning = f"/lycees/{scene.school.uai}/planning/?semaine=2026-W46"
    filled = address(
        scene.school, f"bloquer/?salle={scene.space.pk}&date=2026-11-12&start=18%3A00&end=22%3A00"
    )
    client = signed_in(scene.manager)
    assert filled in links(client.get(planning))
    form = fields(client.get(filled))
    assert {name: form[name] for name in ("spaces", "day", "start", "end")} == {
        "spaces": [str(scene.space.pk)],
        "day": ["2026-11-12"],
        "start": ["18:00"],
        "end": ["22:00"],
    }
    caretaker = factories.SchoolRoleFactory.create(school=scene.school, role="caretaker").user
    for user in (scene.member, caretaker):
        assert not [link for link in links(signed_in(user).get(planning)) if "bloquer" in link]


# -- what is blocked ------------------------------------------------------------------------------


def test_one_date_in_two_rooms(scene: Scene) -> None:
    hall = factories.SpaceFactory.create(school=scene.school, name="Hall", published=False)
    send(scene, spaces=[scene.space.pk, hall.pk], reason="Bac blanc")
    when = (paris("2026-11-12 18:00"), paris("2026-11-12 20:00"), "Bac blanc")
    assert blocks(scene.school) == [("Gymnase", *when), ("Hall", *when)]
    assert BusyTime.objects.values("series").distinct().count() == 1
    client = signed_in(scene.manager)
    planning = client.get(f"/lycees/{scene.school.uai}/planning/?semaine=2026-W46")
    assert "18:00–20:00 Lycée Bac blanc 20:00–22:00 Libre" in words(planning)
    assert address(scene.school, f"blocages/{BusyTime.objects.earliest('pk').pk}/") in links(planning)


def test_nothing_is_blocked_before_the_last_page(scene: Scene) -> None:
    page = send(scene, "check", reason="Bac blanc")
    assert "1 date à bloquer" in words(page)
    assert "Aucune date promise n’est touchée" in words(page)
    assert "jeudi 12 novembre 2026, 18:00–20:00" in words(page)
    assert not BusyTime.objects.exists()
    signed_in(scene.manager).post(address(scene.school), {**fields(page), "action": "block"})
    assert blocks(scene.school) == [
        ("Gymnase", paris("2026-11-12 18:00"), paris("2026-11-12 20:00"), "Bac blanc")
    ]


def test_one_may_go_back_and_lose_nothing(scene: Scene) -> None:
    page = send(scene, "check", reason="Bac blanc", repeat_until="2026-12-17", weekdays=["thursday"])
    back = signed_in(scene.manager).post(address(scene.school), {**fields(page), "action": "edit"})
    form = fields(back)
    assert (form["reason"], form["repeat_until"], form["weekdays"]) == (
        ["Bac blanc"],
        ["2026-12-17"],
        ["thursday"],
    )


def test_the_same_form_sent_twice_blocks_once(scene: Scene) -> None:
    sent = {**fields(send(scene, "check")), "action": "block"}
    client = signed_in(scene.manager)
    assert [client.post(address(scene.school), sent).status_code for _twice in range(2)] == [302, 302]
    assert BusyTime.objects.count() == 1


def test_going_back_and_changing_it_is_another_block(scene: Scene) -> None:
    sent = {**fields(send(scene, "check")), "action": "block"}
    client = signed_in(scene.manager)
    client.post(address(scene.school), sent)
    client.post(address(scene.school), {**sent, "day": "2026-11-19"})
    assert [row[1] for row in blocks(scene.school)] == [paris("2026-11-12 18:00"), paris("2026-11-19 18:00")]


def test_a_weekly_series_skips_holidays_if_asked(scene: Scene) -> None:
    send(scene, repeat_until="2027-01-07", day="2026-12-10", skip_holidays="on")
    assert [start for _name, start, _end, _why in blocks(scene.school)] == [
        paris("2026-12-10 18:00"),
        paris("2026-12-17 18:00"),
        paris("2027-01-07 18:00"),
    ]


def test_a_series_on_several_days_every_second_week(scene: Scene) -> None:
    send(scene, repeat_until="2026-11-30", weekdays=["monday", "thursday"], every="2", skip_holidays="")
    assert [f"{start:%d}" for _name, start, _end, _why in blocks(scene.school)] == ["12", "23", "26"]


def test_a_night_and_several_days_are_one_piece(scene: Scene) -> None:
    send(scene, start="22:00", end="04:00")
    send(scene, day="2026-11-14", until="2026-11-16", start="08:00", end="12:00")
    assert [tuple(row[1:3]) for row in blocks(scene.school)] == [
        (paris("2026-11-12 22:00"), paris("2026-11-13 04:00")),
        (paris("2026-11-14 08:00"), paris("2026-11-16 12:00")),
    ]
    client = signed_in(scene.manager)
    sunday = words(client.get(f"/lycees/{scene.school.uai}/planning/?jour=2026-11-15"))
    assert "depuis le sam. 14 nov. 08:00 jusqu’au lun. 16 nov. 12:00" in sunday


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"spaces": []}, "Cochez au moins une salle."),
        ({"day": ""}, "Indiquez le jour."),
        ({"day": "2026-10-13"}, "Ce jour est passé"),
        ({"start": "25 h"}, "Écrivez l’heure sous la forme 18:30."),
        ({"day": "2027-03-28", "start": "02:30"}, "Cette heure n’existe pas ce jour-là"),
        ({"repeat_until": "2026-11-11"}, "Le dernier jour vient avant le premier."),
        ({"weekdays": ["monday"]}, "Indiquez jusqu’à quand bloquer ces jours."),
        ({"weekdays": ["monday"], "repeat_until": "2026-11-13"}, "Aucune date ne tombe dans ces jours."),
        (
            {
                "day": "2027-03-27",
                "start": "02:00",
                "end": "03:00",
                "weekdays": ["sunday"],
                "repeat_until": "2027-03-28",
            },
            "Aucune date ne tombe dans ces jours.",
        ),
        ({"weekdays": ["someday"], "repeat_until": "2026-12-13"}, "Sélectionnez un choix valide"),
        (
            {
                "weekdays": ["monday", "tuesday", "thursday", "friday"],
                "repeat_until": "2028-11-13",
                "skip_holidays": "",
            },
            "Bloquez 300 dates au plus",
        ),
        ({"series": "une"}, "Saisissez un UUID valide."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_blocked(scene: Scene, said: dict[str, Any], error: str) -> None:
    page = send(scene, reason="Bac blanc", **said)
    assert (page.status_code, error in words(page)) == (200, True)
    assert fields(page)["reason"] == ["Bac blanc"]
    assert not BusyTime.objects.exists()


def test_a_room_of_another_school_cannot_be_blocked(scene: Scene) -> None:
    elsewhere = factories.SpaceFactory.create()
    assert "Sélectionnez un choix valide" in words(send(scene, spaces=[scene.space.pk, elsewhere.pk]))
    assert not BusyTime.objects.exists()


# -- whom it touches ------------------------------------------------------------------------------


def test_a_block_over_promises_says_whom_it_touches(scene: Scene, promised: BookingRequest) -> None:
    other = factories.SpaceFactory.create(school=scene.school, units=[scene.space.units.get()], name="Moitié")
    page = send(scene, "check", spaces=[other.pk], repeat_until="2026-11-26", reason="Secret")
    said = words(page)
    assert "1 association touchée" in said
    for day in ("12", "19"):
        assert f"jeudi {day} novembre 2026, 18:00–20:00 – {scene.organisation.name}, Chorale" in said
    assert "3 dates à bloquer" in said


def test_buffers_and_started_dates(scene: Scene, promised: BookingRequest) -> None:
    after = send(scene, "check", start="20:00", end="22:00")
    assert "Aucune date promise n’est touchée" in words(after)


def test_two_associations_are_two(scene: Scene, promised: BookingRequest) -> None:
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[scene.space],
        state="approved",
        start_at=paris("2026-11-13 18:00"),
    )
    factories.ClaimFactory.create(occurrence=date)
    page = send(scene, "check", repeat_until="2026-11-20", weekdays=["thursday", "friday"])
    assert "2 associations touchées" in words(page)


def test_after_blocking_each_is_offered_or_cancelled(
    scene: Scene, promised: BookingRequest, states: Callable[[BookingRequest], list[str]]
) -> None:
    send(scene, repeat_until="2026-11-26", reason="Secret")
    row = BusyTime.objects.earliest("start_at")
    client = signed_in(scene.manager)
    page = client.get(address(scene.school, f"blocages/{row.pk}/"))
    first, second = promised.occurrences.all()
    assert "1 association touchée" in words(page)
    assert "2 dates promises se trouvent sous ces heures" in words(page)
    assert {f"/demandes/{promised.reference}/dates/{date.pk}/proposer/" for date in (first, second)} <= set(
        links(page)
    )
    assert "Conflits nouveaux (2)" in words(client.get("/a-decider/"))
    assert "/a-decider/conflits/" in links(client.get("/a-decider/"))

    excuse = fields(page)["reason"][0]
    assert excuse.startswith("Le lycée a besoin de la salle")
    done = client.post("/a-decider/conflits/", {"dates": [first.pk], "reason": excuse}, follow=True)
    assert "1 date annulée." in done.content.decode()
    assert states(promised) == ["cancelled", "approved"]
    first.refresh_from_db()
    assert first.reason == excuse
    left = client.get("/a-decider/conflits/")
    assert "1 date promise est touchée" in words(left)
    client.post("/a-decider/conflits/", {"dates": [second.pk], "reason": "Pardon."})
    assert states(promised) == ["cancelled", "cancelled"]
    assert "Aucun conflit" in words(client.get("/a-decider/conflits/"))
    assert "Secret" not in words(signed_in(scene.member).get(f"/demandes/{promised.reference}/"))


@pytest.fixture
def offered(scene: Scene, promised: BookingRequest) -> BookingRequest:
    """Thursday 12 November is offered on Friday 13 instead; Thursday 19 stays promised."""
    to = workflow.DraftDate(evening("2026-11-13"), (scene.space,))
    workflow.offer(promised, by=scene.manager, occurrence=promised.occurrences.all()[0].pk, to=to)
    return promised


FRIDAY = {"day": "2026-11-13"}
OFFERED = "Proposée, pas encore acceptée"


def test_an_offer_under_a_block_is_shown_and_taken_back_with_one_word(
    scene: Scene, offered: BookingRequest, states: Callable[[BookingRequest], list[str]]
) -> None:
    check = words(send(scene, "check", **FRIDAY))
    assert "1 association touchée vendredi 13 novembre 2026, 18:00–20:00" in check
    assert f"(Gymnase) {OFFERED}" in check
    assert "Une proposition touchée ne pourra plus être acceptée : retirez-la avec un mot." in check
    send(scene, **FRIDAY)
    date = offered.occurrences.get(state="offered")
    client = signed_in(scene.manager)
    queue = client.get("/a-decider/")
    assert "Conflits nouveaux (1)" in words(queue) and OFFERED in words(queue)
    assert f"/demandes/{offered.reference}/dates/{date.pk}/proposer/" not in links(queue)
    for address_of in ("/a-decider/conflits/", address(scene.school, f"blocages/{only(scene.school).pk}/")):
        assert OFFERED in words(client.get(address_of))
    done = client.post("/a-decider/conflits/", {"dates": [date.pk], "reason": "Pardon."}, follow=True)
    assert "1 date annulée." in done.content.decode()
    date.refresh_from_db()
    assert (date.state, date.reason) == ("refused", "Pardon.")
    assert states(offered) == ["refused", "approved"]
    assert "Aucun conflit" in words(client.get("/a-decider/conflits/"))


def test_promises_and_offers_of_one_request_are_given_up_together(
    scene: Scene, offered: BookingRequest
) -> None:
    send(scene, weekdays=["thursday", "friday"], repeat_until="2026-11-20")
    client = signed_in(scene.manager)
    sent = {**fields(client.get("/a-decider/conflits/")), "all": "1"}
    done = client.post("/a-decider/conflits/", sent, follow=True)
    assert "2 dates annulées." in done.content.decode()
    assert set(offered.occurrences.values_list("state", flat=True)) == {"refused", "cancelled"}


def test_an_offer_under_a_block_cannot_be_accepted(scene: Scene, offered: BookingRequest) -> None:
    member, address_of = signed_in(scene.member), f"/demandes/{offered.reference}/"
    date = offered.occurrences.get(state="offered")
    assert "Accepter la proposition" in words(member.get(address_of))
    send(scene, **FRIDAY)
    said = words(member.get(address_of))
    assert "Le lycée a besoin de la salle entre-temps : cette proposition ne peut plus être acceptée." in said
    assert "Accepter la proposition" not in said
    response = member.post(f"{address_of}proposition/accepter/", {"date": date.pk})
    assert response.status_code == 409
    assert "Le lycée a besoin de cette salle entre-temps : elle ne peut plus être acceptée." in words(
        response
    )
    signed_in(scene.manager).post(address(scene.school, f"blocages/{only(scene.school).pk}/liberer/"))
    member.post(f"{address_of}proposition/accepter/", {"date": date.pk})
    date.refresh_from_db()
    assert date.state == "approved"


def test_all_are_cancelled_at_once(
    scene: Scene, promised: BookingRequest, states: Callable[[BookingRequest], list[str]]
) -> None:
    send(scene, repeat_until="2026-11-26")
    client = signed_in(scene.manager)
    sent = {**fields(client.get("/a-decider/conflits/")), "all": "1"}
    assert "dates" not in sent
    done = client.post("/a-decider/conflits/", sent, follow=True)
    assert "2 dates annulées." in done.content.decode()
    assert states(promised) == ["cancelled", "cancelled"]


@pytest.mark.parametrize(
    ("dates", "reason", "error"),
    [(False, "Pardon.", "Cochez au moins une date."), (True, " ", "Écrivez un mot d’excuse")],
)
def test_nothing_is_cancelled_without_dates_or_without_an_excuse(
    scene: Scene, promised: BookingRequest, dates: bool, reason: str, error: str
) -> None:
    send(scene)
    date = promised.occurrences.all()[0]
    page = signed_in(scene.manager).post(
        "/a-decider/conflits/", {"dates": [date.pk] if dates else [], "reason": reason}
    )
    assert error in words(page)
    assert fields(page).get("dates", []) == ([str(date.pk)] if dates else [])
    date.refresh_from_db()
    assert date.state == "approved"


def test_a_refused_word_of_excuse_leaves_one_on_the_same_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, promised: BookingRequest
) -> None:
    monkeypatch.setattr("bookings.views.blocking.PAGE_SIZE", 1)
    send(scene, repeat_until="2026-11-26")
    client = signed_in(scene.manager)
    second = client.get("/a-decider/conflits/?page=2")
    date = promised.occurrences.all()[1]
    (at,) = re.findall(r'<form method="post" action="([^"]*conflits[^"]*)"', second.content.decode())
    page = client.post(at, {**fields(second), "dates": [date.pk], "reason": ""})
    assert "Écrivez un mot d’excuse" in words(page)
    assert fields(page)["dates"] == [str(date.pk)]


def test_what_is_no_conflict_of_mine_cannot_be_cancelled_here(
    scene: Scene, promised: BookingRequest, states: Callable[[BookingRequest], list[str]]
) -> None:
    send(scene)
    first, second = promised.occurrences.all()
    stranger = factories.SchoolRoleFactory.create().user
    signed_in(stranger).post("/a-decider/conflits/", {"dates": [first.pk], "reason": "Pardon."})
    said = signed_in(scene.manager).post(
        "/a-decider/conflits/", {"dates": [second.pk, "x", "9" * 30], "reason": "Pardon."}, follow=True
    )
    assert "Aucune date n’a été annulée." in said.content.decode()
    assert "1 date n’est plus en conflit." in said.content.decode()
    assert states(promised) == ["approved", "approved"]


# -- changing and freeing -------------------------------------------------------------------------


@pytest.fixture
def series(scene: Scene) -> list[BusyTime]:
    """Thursdays 12, 19 and 26 November."""
    send(scene, repeat_until="2026-11-26", reason="EPS")
    return list(BusyTime.objects.order_by("start_at"))


def test_one_date_is_freed(scene: Scene, series: list[BusyTime]) -> None:
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{series[1].pk}/liberer/")
    assert "jeudi 19 novembre 2026, 18:00–20:00" in words(client.get(at))
    assert client.post(at).url == f"/lycees/{scene.school.uai}/planning/?semaine=2026-11-19"
    assert [row[1] for row in blocks(scene.school)] == [paris("2026-11-12 18:00"), paris("2026-11-26 18:00")]


def test_the_series_to_come_is_freed_and_no_conflict_is_left(
    scene: Scene, promised: BookingRequest, time_machine: Any
) -> None:
    send(scene, repeat_until="2026-11-26")
    time_machine.move_to(paris("2026-11-13 08:00"))
    last = BusyTime.objects.latest("start_at")
    client = signed_in(scene.manager)
    assert "Conflits nouveaux (1)" in words(client.get("/a-decider/"))
    at = address(scene.school, f"blocages/{last.pk}/liberer/?serie=1")
    assert "2 dates à venir" in words(client.get(at))
    client.post(at)
    assert [row[1] for row in blocks(scene.school)] == [paris("2026-11-12 18:00")]
    assert "Conflits nouveaux" not in words(client.get("/a-decider/"))
    assert client.post(at).status_code == 404


def test_a_series_keeps_its_days_and_exceptions_when_its_hours_change(
    scene: Scene, series: list[BusyTime]
) -> None:
    hall = factories.SpaceFactory.create(school=scene.school, name="Hall")
    series[1].delete()
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{series[0].pk}/changer/?serie=1")
    form = fields(client.get(at))
    assert (form["start"], form["end"], form["reason"], "day" in form) == (
        ["18:00"],
        ["20:00"],
        ["EPS"],
        False,
    )
    said = {**form, "start": "17:00", "end": "19:00", "spaces": [hall.pk, scene.space.pk], "reason": "Bac"}
    assert "2 dates à bloquer" in words(client.post(at, {**said, "action": "check"}))
    client.post(at, {**said, "action": "block"})
    assert blocks(scene.school) == [
        (name, paris(f"2026-11-{day} 17:00"), paris(f"2026-11-{day} 19:00"), "Bac")
        for day in (12, 26)
        for name in ("Gymnase", "Hall")
    ]
    assert BusyTime.objects.filter(pk=series[0].pk).exists()
    assert BusyTime.objects.values("series").distinct().count() == 1


@pytest.mark.parametrize("day", ["2026-11-12", "2026-10-25", "2027-03-28"])
def test_whole_days_at_other_hours_stay_within_their_day(scene: Scene, day: str) -> None:
    send(scene, day=day, start="00:00", end="00:00")
    client = signed_in(scene.manager)
    one = fields(client.get(address(scene.school, f"blocages/{only(scene.school).pk}/changer/")))
    assert one["until"] == [""]
    at = address(scene.school, f"blocages/{only(scene.school).pk}/changer/?serie=1")
    client.post(at, {**fields(client.get(at)), "start": "08:00", "end": "12:00", "action": "block"})
    assert blocks(scene.school) == [("Gymnase", paris(f"{day} 08:00"), paris(f"{day} 12:00"), "")]


def test_several_days_at_other_hours_keep_both_ends(scene: Scene) -> None:
    send(scene, day="2026-11-14", until="2026-11-15", start="08:00", end="12:00")
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{only(scene.school).pk}/changer/?serie=1")
    client.post(at, {**fields(client.get(at)), "start": "10:00", "end": "18:00", "action": "block"})
    assert blocks(scene.school)[0][1:3] == (paris("2026-11-14 10:00"), paris("2026-11-15 18:00"))


def test_one_date_moves_and_stays_in_its_series(scene: Scene, series: list[BusyTime]) -> None:
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{series[1].pk}/changer/")
    said = {**fields(client.get(at)), "day": "2026-11-20", "start": "20:00", "end": "02:00"}
    assert client.post(at, {**said, "action": "block"}).url == address(
        scene.school, f"blocages/{series[1].pk}/"
    )
    assert [Period(*row[1:3]) for row in blocks(scene.school)][1] == Period(
        paris("2026-11-20 20:00"), paris("2026-11-21 02:00")
    )
    assert "3 dates à venir" in words(client.get(address(scene.school, f"blocages/{series[0].pk}/")))


def test_a_changed_date_cannot_go_into_the_past(scene: Scene, series: list[BusyTime]) -> None:
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{series[1].pk}/changer/")
    for day, said in (("2026-10-01", "Ces heures sont passées."), ("0001-01-01", "vérifiez l’année")):
        page = client.post(at, {**fields(client.get(at)), "day": day, "start": "00:00", "action": "block"})
        assert said in words(page)
    assert blocks(scene.school)[1][1] == paris("2026-11-19 18:00")


def test_rooms_are_said_once_and_again_where_a_date_has_others(scene: Scene, series: list[BusyTime]) -> None:
    hall = factories.SpaceFactory.create(school=scene.school, name="Hall")
    client = signed_in(scene.manager)
    at = address(scene.school, f"blocages/{series[1].pk}/changer/")
    client.post(at, {**fields(client.get(at)), "spaces": [hall.pk], "action": "block"})
    said = words(client.get(address(scene.school, f"blocages/{series[0].pk}/")))
    assert "3 dates à venir Gymnase" in said
    assert "jeudi 12 novembre 2026, 18:00–20:00 Changer" in said
    assert "jeudi 19 novembre 2026, 18:00–20:00 Hall Changer" in said


def test_what_did_not_come_from_the_planner_stands_alone(scene: Scene) -> None:
    rows = factories.BusyTimeFactory.create_batch(2, space=scene.space)
    client = signed_in(scene.manager)
    page = client.get(address(scene.school, f"blocages/{rows[0].pk}/"))
    assert ("1 date à venir" in words(page), "Toute la série" in words(page)) == (True, False)
    client.post(address(scene.school, f"blocages/{rows[0].pk}/liberer/?serie=1"))
    assert list(BusyTime.objects.all()) == [rows[1]]


def test_a_block_gone_by_is_shown_and_left_alone(scene: Scene, time_machine: Any) -> None:
    row = factories.BusyTimeFactory.create(space=scene.space, start_at=paris("2026-10-15 18:00"))
    time_machine.move_to(paris("2026-10-16 08:00"))
    client = signed_in(scene.manager)
    assert "Ces heures sont passées" in words(client.get(address(scene.school, f"blocages/{row.pk}/")))
    for rest in ("changer/", "liberer/"):
        assert client.get(address(scene.school, f"blocages/{row.pk}/{rest}")).status_code == 404


# -- statements -----------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 15])
def test_as_many_queries_for_one_date_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    days = [dt.date(2026, 11, 12) + dt.timedelta(days=7 * n) for n in range(many)]
    asked = scene.submit(*(evening(day.isoformat()) for day in days))
    workflow.approve(asked, by=scene.manager, occurrences=[date.pk for date in asked.occurrences.all()])
    client = signed_in(scene.manager)
    sent = {"spaces": [scene.space.pk], **THURSDAY, "series": "1" * 32, "repeat_until": days[-1].isoformat()}
    # The lycée, one's role, its rooms; claims, dates, their rooms.
    with django_assert_num_queries(6, own=True):
        page = client.post(address(scene.school), {**sent, "action": "check"})
    assert "1 association touchée" in words(page)
    client.post(address(scene.school), {**sent, "action": "block"})
    row = BusyTime.objects.earliest("start_at")
    # The lycée, one's role, the row; touched dates, their rooms; dates, their rows.
    with django_assert_num_queries(7, own=True):
        client.get(address(scene.school, f"blocages/{row.pk}/"))
    # My schools; dates, their rooms.
    with django_assert_num_queries(3, own=True):
        client.get("/a-decider/conflits/")
