"""A series in the request form: the rule, its dates one by one, what is free instead, and last year's once more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, title, words
from tests.bookings.pages.test_ask import address, form, signed_in
from tests.conftest import Cast, paris

THURSDAYS = {
    "how": "weekly",
    "weekly-weekdays": ["thursday"],
    "weekly-start": "18:00",
    "weekly-end": "20:00",
    "weekly-first": "2026-11-05",
    "weekly-until": "2026-12-03",
    "weekly-every": "1",
    "weekly-skip_holidays": "on",
    "weekly-skip_public_holidays": "on",
}


def post(scene: Scene, sent: dict[str, Any], action: str) -> HttpResponse:
    response = signed_in(scene.member).post(address(scene), {**sent, "action": action})
    assert response.status_code == 200
    return response


def weekly(scene: Scene, **changed: Any) -> HttpResponse:
    """Step 2 of a series of five Thursdays."""
    return post(scene, form(scene, ("", "", ""), **{**THURSDAYS, **changed}), "check")


def send(scene: Scene, sent: dict[str, Any]) -> BookingRequest:
    response = signed_in(scene.member).post(address(scene), {**sent, "action": "send"})
    assert response.status_code == 302, words(response)
    return BookingRequest.objects.latest("pk")


def days(asked: BookingRequest) -> list[str]:
    return [f"{date.start_at.astimezone(factories.PARIS):%d/%m %H:%M}" for date in asked.occurrences.all()]


def take(scene: Scene, day: str, start: str = "18:00", end: str = "20:00") -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris(f"{day} {start}"), end_at=paris(f"{day} {end}")
    )


# -- the rule -----------------------------------------------------------------------------------


def test_a_rule_becomes_dates_and_is_stored_with_them(scene: Scene) -> None:
    page = weekly(scene)
    assert title(page) == "Choisir les dates – Shareloc"
    assert "5 dates La salle est libre à toutes ces dates." in words(page)
    assert fields(page)["keep"] == ["2026-11-05", "2026-11-12", "2026-11-19", "2026-11-26", "2026-12-03"]
    summary = post(scene, fields(page), "summary")
    assert (
        "Chaque jeudi de 18:00 à 20:00, du 5 novembre 2026 au 3 décembre 2026, sans les vacances ni les jours fériés."
    ) in words(summary)
    asked = send(scene, fields(summary))
    assert days(asked) == ["05/11 18:00", "12/11 18:00", "19/11 18:00", "26/11 18:00", "03/12 18:00"]
    assert asked.rule == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH;UNTIL=20261203"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"weekly-every": "2"}, ["2026-11-05", "2026-11-19", "2026-12-03"]),
        ({"weekly-until": "2026-11-13", "weekly-weekdays": ["friday", "thursday"]},
         ["2026-11-05", "2026-11-06", "2026-11-12", "2026-11-13"]),
        # Toussaint holidays end on the first of November; the eleventh is a Wednesday.
        ({"weekly-first": "2026-10-15", "weekly-until": "2026-11-05"}, ["2026-10-15", "2026-11-05"]),
        ({"weekly-first": "2026-10-22", "weekly-until": "2026-11-05", "weekly-skip_holidays": ""},
         ["2026-10-22", "2026-10-29", "2026-11-05"]),
        ({"weekly-weekdays": ["wednesday"], "weekly-until": "2026-11-18"}, ["2026-11-18"]),
        ({"weekly-weekdays": ["wednesday"], "weekly-until": "2026-11-18", "weekly-skip_public_holidays": ""},
         ["2026-11-11", "2026-11-18"]),
    ],
)  # fmt: skip
def test_which_days_a_rule_means(scene: Scene, changed: dict[str, Any], found: list[str]) -> None:
    assert fields(weekly(scene, **changed))["listed"] == [" ".join(found)]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"weekly-weekdays": []}, "id_weekly-weekdays_0", "Choisissez un jour de la semaine au moins."),
        ({"weekly-weekdays": ["jeudi"]}, "id_weekly-weekdays_0", "Sélectionnez un choix valide."),
        ({"weekly-start": ""}, "id_weekly-start", "Indiquez l’heure de début."),
        ({"weekly-until": ""}, "id_weekly-until", "Indiquez le dernier jour."),
        ({"weekly-first": ""}, "id_weekly-first", "Indiquez le premier jour."),
        ({"weekly-first": "2026-10-13"}, "id_weekly-first", "Ce jour est passé : choisissez-en un à venir."),
        ({"weekly-until": "2026-11-04"}, "id_weekly-until", "Le dernier jour vient avant le premier."),
        ({"weekly-first": "2026-11-06", "weekly-until": "2026-11-10"}, "id_weekly-until",
         "Aucune date ne tombe dans ces jours : finissez plus tard, ou gardez les vacances."),
        ({"weekly-every": "9"}, "id_weekly-every", "Sélectionnez un choix valide."),
        ({"weekly-weekdays": ["sunday"], "weekly-start": "02:30", "weekly-end": "05:00",
          "weekly-first": "2027-03-14", "weekly-until": "2027-04-04"}, "id_weekly-start",
         "Le dimanche 28 mars 2027, une de ces heures n’existe pas"),
    ],
)  # fmt: skip
def test_a_mistake_leads_to_its_field_and_keeps_the_rest(
    scene: Scene, changed: dict[str, Any], field: str, said: str
) -> None:
    page = weekly(scene, message="À bientôt", **changed)
    assert title(page).startswith("Erreur : ")
    assert f"#{field}" in links(page)
    assert f'id="{field}"' in page.content.decode()
    assert said in words(page).replace("\N{NO-BREAK SPACE}", " ")
    kept = fields(page)
    assert kept["message"] == ["À bientôt"]
    assert kept["how"] == ["weekly"]


def test_no_more_dates_than_the_region_allows(scene: Scene, settings: Any) -> None:
    settings.REQUEST_MAX_DATES = 4
    assert "Demandez 4 dates au plus : finissez plus tôt." in words(weekly(scene))
    settings.REQUEST_MAX_DATES = 5
    assert "5 dates" in words(weekly(scene))


def test_beyond_the_horizon_is_said_of_each_date(scene: Scene) -> None:
    page = weekly(scene, **{"weekly-first": "2028-05-11", "weekly-until": "2028-05-18"})
    assert "La demande ne peut pas être faite plus de 548 jours avant la date." in words(page)


def test_a_series_that_was_searched_is_filled_in(scene: Scene) -> None:
    query = "weekdays=thursday&weekdays=friday&start=18:00&end=20:00&until=2026-12-17&every=2&skip_holidays=on&capacity=12"
    filled = fields(signed_in(scene.member).get(f"{address(scene)}?{query}"))
    assert filled["how"] == ["weekly"]
    assert filled["weekly-weekdays"] == ["thursday", "friday"]
    assert (filled["weekly-start"], filled["weekly-end"]) == (["18:00"], ["20:00"])
    assert (filled["weekly-first"], filled["weekly-until"]) == (["2026-10-14"], ["2026-12-17"])
    assert filled["weekly-every"] == ["2"]
    assert filled["weekly-skip_holidays"] == filled["weekly-skip_public_holidays"] == ["on"]
    assert filled["attendees"] == ["12"]
    assert filled["dates-0-start"] == [""]


def test_a_date_that_was_searched_may_come_every_week(scene: Scene) -> None:
    query = "date=2026-12-10&start=18:00&end=20:30&capacity=12"
    filled = fields(signed_in(scene.member).get(f"{address(scene)}?{query}"))
    assert filled["how"] == ["picked"]
    assert {name: filled[name] for name in filled if name.startswith("weekly-")} == {
        "weekly-weekdays": ["thursday"],
        "weekly-start": ["18:00"],
        "weekly-end": ["20:30"],
        "weekly-first": ["2026-12-10"],
        "weekly-until": [""],
        "weekly-skip_holidays": ["on"],
        "weekly-skip_public_holidays": ["on"],
    }
    assert (filled["dates-0-day"], filled["dates-0-start"]) == (["2026-12-10"], ["18:00"])


@pytest.mark.parametrize(("said", "ticked"), [("on", True), ("true", True), ("false", False), ("", False)])
def test_holidays_are_skipped_as_they_were_searched(scene: Scene, said: str, ticked: bool) -> None:
    query = f"weekdays=thursday&start=18:00&end=20:00&until=2026-12-17&skip_holidays={said}"
    filled = fields(signed_in(scene.member).get(f"{address(scene)}?{query}"))
    names = {"weekly-skip_holidays", "weekly-skip_public_holidays"}
    assert filled.keys() & names == (names if ticked else set())


# -- the dates, one by one ----------------------------------------------------------------------


def test_the_dates_are_counted_by_what_stands_against_them(scene: Scene) -> None:
    take(scene, "2026-11-12")
    scene.submit(evening("2026-11-19"), organisation=factories.OrganisationFactory.create())
    factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 11, 26), reason="Travaux")
    said = words(weekly(scene))
    assert "5 dates : 2 libres, 1 en conflit, 1 à l’appréciation du lycée, 1 demandée par autrui" in said
    assert "jeudi 19 novembre 2026, 18:00–20:00 Demandée par autrui" in said
    assert "jeudi 5 novembre 2026, 18:00–20:00 Libre" in said


def test_a_date_unticked_is_left_out_and_can_come_back(scene: Scene) -> None:
    page = fields(weekly(scene))
    page["keep"].remove("2026-11-12")
    without = post(scene, page, "dates")
    assert "4 dates (et 1 écartée)" in words(without)
    assert "2026-11-12" not in fields(without)["keep"]
    again = fields(without)
    again["keep"].append("2026-11-12")
    assert "5 dates" in words(post(scene, again, "dates"))
    # Unticked and sent at once, without asking for the count.
    assert days(send(scene, page)) == ["05/11 18:00", "19/11 18:00", "26/11 18:00", "03/12 18:00"]


def test_all_that_is_impossible_is_left_out_in_one_click(scene: Scene) -> None:
    take(scene, "2026-11-12")
    take(scene, "2026-11-26")
    page = post(scene, fields(weekly(scene)), "drop_stuck")
    assert "3 dates (et 2 écartées) La salle est libre à toutes ces dates." in words(page)
    assert days(send(scene, fields(page))) == ["05/11 18:00", "19/11 18:00", "03/12 18:00"]


def test_no_date_left_sends_nothing(scene: Scene) -> None:
    page = {**fields(weekly(scene)), "keep": []}
    for action in ("summary", "send"):
        response = post(scene, page, action)
        assert title(response).startswith("Erreur : ")
        assert "Gardez au moins une date, ou modifiez la série." in words(response)
    assert not BookingRequest.objects.exists()


def test_one_date_is_moved_and_put_back(scene: Scene) -> None:
    page = weekly(scene)
    one = post(scene, fields(page), "open:2026-11-12")
    assert title(one) == "Modifier une date – Shareloc"
    filled = fields(one)
    assert (filled["change-day"], filled["change-start"], filled["change-end"]) == (
        ["2026-11-12"], ["18:00"], ["20:00"],
    )  # fmt: skip
    assert filled["change-spaces"] == [str(scene.space.pk)]
    filled |= {"change-day": ["2026-11-13"], "change-start": ["19h"], "change-end": ["21h"]}
    moved = post(scene, filled, "change:2026-11-12")
    assert "vendredi 13 novembre 2026, 19:00–21:00 Libre" in words(moved)
    assert "Déplacée : la série dit jeudi 12 novembre 2026, 18:00–20:00." in words(moved)
    assert days(send(scene, fields(moved)))[1] == "13/11 19:00"
    back = post(scene, fields(moved), "restore:2026-11-12")
    assert "vendredi 13 novembre" not in words(back)


def test_a_mistake_in_one_date_keeps_what_was_typed(scene: Scene) -> None:
    one = fields(post(scene, fields(weekly(scene)), "open:2026-11-12"))
    page = post(scene, {**one, "change-start": ["26:00"], "change-spaces": []}, "change:2026-11-12")
    assert title(page).startswith("Erreur : ")
    assert "#id_change-start" in links(page)
    assert "Cochez au moins une salle." in words(page)
    assert fields(page)["change-start"] == ["26:00"]
    assert "5 dates" in words(post(scene, fields(page), "dates"))


def test_editing_the_series_keeps_what_was_changed_of_its_dates(scene: Scene) -> None:
    page = fields(weekly(scene))
    page["keep"].remove("2026-11-19")
    one = fields(post(scene, page, "open:2026-11-12"))
    page = fields(
        post(scene, {**one, "change-start": ["19:00"], "change-end": ["21:00"]}, "change:2026-11-12")
    )
    first = post(scene, page, "edit")
    assert "pour les dates qui restent : 1 écartée et 1 déplacée." in words(first)
    edited = {**fields(first), "weekly-weekdays": ["thursday", "friday"], "weekly-until": "2026-11-20"}
    again = post(scene, edited, "check")
    assert fields(again)["listed"] == ["2026-11-05 2026-11-06 2026-11-12 2026-11-13 2026-11-19 2026-11-20"]
    asked = send(scene, fields(again))
    assert days(asked) == ["05/11 18:00", "06/11 18:00", "12/11 19:00", "13/11 18:00", "20/11 18:00"]


def test_a_date_opened_and_left_as_it_was_goes_along_with_the_series(scene: Scene) -> None:
    one = fields(post(scene, fields(weekly(scene)), "open:2026-11-12"))
    page = post(scene, one, "change:2026-11-12")
    assert "at-2026-11-12" not in fields(page)
    first = post(scene, fields(page), "edit")
    assert "est gardé pour les dates qui restent" not in words(first)
    later = post(scene, {**fields(first), "weekly-start": "19:00", "weekly-end": "21:00"}, "check")
    assert days(send(scene, fields(later)))[:3] == ["05/11 19:00", "12/11 19:00", "19/11 19:00"]


def test_a_date_moved_back_by_hand_is_moved_no_more(scene: Scene) -> None:
    one = fields(post(scene, fields(weekly(scene)), "open:2026-11-12"))
    moved = post(scene, {**one, "change-start": "19:00", "change-end": "21:00"}, "change:2026-11-12")
    assert fields(moved)["at-2026-11-12"] == ["2026-11-12T19:00/2026-11-12T21:00"]
    one = fields(post(scene, fields(moved), "open:2026-11-12"))
    back = post(scene, {**one, "change-start": "18:00", "change-end": "20:00"}, "change:2026-11-12")
    assert "at-2026-11-12" not in fields(back)


def test_a_picked_date_is_moved_in_its_row(scene: Scene) -> None:
    take(scene, "2026-11-12")
    sent = form(scene, ("2026-11-12", "18:00", "20:00"), ("2026-11-19", "18:00", "20:00"))
    page = post(scene, sent, "check")
    assert "2 dates : 1 libre, 1 en conflit" in words(page)
    moved = post(scene, fields(page), "at:2026-11-12T1800:2026-11-12T20:00/2026-11-12T22:00")
    assert "2 dates La salle est libre à toutes ces dates." in words(moved)
    assert fields(post(scene, fields(moved), "edit"))["dates-0-start"] == ["20:00"]
    assert days(send(scene, fields(moved))) == ["12/11 20:00", "19/11 18:00"]


@pytest.mark.parametrize(
    "action",
    [
        "at:2026-11-12:demain", "at:2026-11-12:2026-11-12T20:00/2026-11-12T18:00", "at:", "at:x:y",
        "at:2026-11-12:2027-03-28T02:30/2027-03-28T05:00", "at:2026-11-12:9999-12-31T20:00/9999-12-31T21:00",
        "at:2026-11-12:2026-11-12T20:00/2027-11-12T18:00", "in:2026-11-12:", "in:2026-11-12:0,x",
        "in:2026-11-12:99999999999999999999", "in:autre:1", "open:autre", "change:autre", "restore:autre",
        "at:2026-13-40:2026-11-12T20:00/2026-11-12T22:00", "at:2026-11-12:2026-11-12T20:00Z/2026-11-12T22:00Z",
    ],
)  # fmt: skip
def test_a_button_nobody_made_changes_nothing(scene: Scene, action: str) -> None:
    said = words(post(scene, fields(weekly(scene)), action))
    assert "5 dates La salle est libre à toutes ces dates." in said
    assert "Déplacée" not in said


@pytest.mark.parametrize(
    "hostile",
    [
        {"at-2026-11-12": "x" * 5000}, {"in-2026-11-12": "1,2,3"}, {"drop": ["x"] * 500}, {"at-": "/"},
        {"listed": ""}, {"in-2026-11-12": "²"},
    ],
)  # fmt: skip
def test_fields_nobody_made_change_nothing(scene: Scene, hostile: dict[str, Any]) -> None:
    factories.SpaceFactory.create(pk=3)  # of another lycée
    assert "5 dates La salle est libre à toutes ces dates." in words(weekly(scene, **hostile))


# -- what is free instead -----------------------------------------------------------------------


def test_a_taken_date_says_what_is_free_instead(scene: Scene) -> None:
    scene.space.needs_insurance = False
    other = factories.SpaceFactory.create(school=scene.school, name="Salle B", capacity=40)
    factories.SpaceFactory.create(school=scene.school, name="Réduit", capacity=5)
    near = factories.SpaceFactory.create(
        kind=scene.space.kind, capacity=60,
        school=factories.SchoolFactory.create(name="Lycée voisin", latitude=50.64, longitude=3.07),
    )  # fmt: skip
    factories.open_always(near.school)
    take(scene, "2026-11-12", "18:30", "19:00")
    page = weekly(scene)
    said = words(page)
    assert "5 dates : 4 libres, 1 en conflit" in said
    assert (
        "À la place, en un clic : Ce jour-là, 19:00–21:00 Salle B Lycées proches, libres alors : Lycée voisin, Lille ("
    ) in said
    assert said.count("À la place") == 1
    assert (
        f"/salles/?school={near.school.uai}&date=2026-11-12&start=18%3A00&end=20%3A00&capacity=25"
    ) in links(page)
    moved = post(scene, fields(page), "at:2026-11-12:2026-11-12T19:00/2026-11-12T21:00")
    assert "5 dates La salle est libre à toutes ces dates." in words(moved)
    swapped = post(scene, fields(page), f"in:2026-11-12:{other.pk}")
    assert (
        "jeudi 12 novembre 2026, 18:00–20:00 Libre Changer : jeudi 12 novembre 2026, 18:00–20:00 Salle B"
        in words(swapped)
    )
    summary = post(scene, fields(swapped), "summary")
    assert "Salle Gymnase, Salle B Modifier" in words(summary)
    asked = send(scene, fields(summary))
    assert [[space.name for space in date.spaces.all()] for date in asked.occurrences.all()] == [
        ["Gymnase"], ["Salle B"], ["Gymnase"], ["Gymnase"], ["Gymnase"],
    ]  # fmt: skip


def test_the_dates_cost_the_same_whatever_their_number(scene: Scene, django_assert_num_queries: Any) -> None:
    factories.SpaceFactory.create(school=scene.school, capacity=60)
    near = factories.SpaceFactory.create(kind=scene.space.kind, capacity=60)
    factories.open_always(near.school)
    thursdays = [str(dt.date(2026, 11, 5) + dt.timedelta(weeks=n)) for n in range(40)]
    for day in thursdays:
        take(scene, day)
    client = signed_in(scene.member)
    long = {"weekly-skip_holidays": "", "weekly-skip_public_holidays": ""}
    for until, dates in (("2026-11-05", 1), (thursdays[-1], 40)):
        sent = form(scene, ("", "", ""), **{**THURSDAYS, **long, "weekly-until": until})
        with django_assert_num_queries(16, own=True):
            page = client.post(address(scene), sent)
        assert len(fields(page)["listed"][0].split()) == dates
        assert words(page).count("Ce jour-là, 20:00–22:00") == dates
        assert words(page).count("Lycées proches") == dates


def test_forty_dates_of_a_series_are_sent_in_few_statements(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    client = signed_in(scene.member)
    long = {"weekly-until": "2027-12-09"}
    sent = form(scene, ("", "", ""), **{**THURSDAYS, **long, "action": "send"})
    with django_assert_num_queries(13, own=True):
        client.post(address(scene), sent)
    assert Occurrence.objects.count() == 40


def test_as_many_picked_dates_as_there_may_be_travel_in_the_form(scene: Scene) -> None:
    scene.space.max_minutes = 3 * 24 * 60
    scene.space.save()
    first = dt.date(2026, 11, 5)
    dates = [(str(first + dt.timedelta(days=2 * n)), "18:00", "20:00") for n in range(200)]
    untils = {f"dates-{n}-until": day for n, (day, _start, _end) in enumerate(dates)}
    page = post(scene, form(scene, *dates, **untils, how="picked"), "check")
    assert len(fields(page)["keep"]) == 200
    moves = {f"at-{key}": "2026-11-12T18:00/2026-11-12T20:00" for key in fields(page)["keep"]}
    assert len(fields(post(scene, {**fields(page), **moves}, "dates"))["keep"]) == 200


# -- several spaces -----------------------------------------------------------------------------


def test_another_space_of_the_lycee_goes_with_it(scene: Scene) -> None:
    kitchen = factories.SpaceFactory.create(
        school=scene.school, name="Cuisine", kind="kitchen", capacity=10, hourly_rate=5
    )
    elsewhere = factories.SpaceFactory.create()
    page = weekly(scene, also=[str(kitchen.pk)])
    assert (
        "jeudi 12 novembre 2026, 18:00–20:00 Libre Changer : jeudi 12 novembre 2026, 18:00–20:00 Gymnase, Cuisine"
        in words(page)
    )
    summary = post(scene, fields(page), "summary")
    assert "Salle Gymnase, Cuisine" in words(summary)
    assert "Prix estimé 50 €" in words(summary).replace("\N{NO-BREAK SPACE}", " ")
    asked = send(scene, fields(summary))
    assert {space.name for date in asked.occurrences.all() for space in date.spaces.all()} == {
        "Gymnase", "Cuisine",
    }  # fmt: skip
    refused = weekly(scene, also=[str(elsewhere.pk)])
    assert title(refused).startswith("Erreur : ")
    assert "#id_also_0" in links(refused)


def test_of_several_spaces_the_one_that_is_taken_is_named_and_replaced(scene: Scene) -> None:
    kitchen = factories.SpaceFactory.create(school=scene.school, name="Cuisine", kind="kitchen", capacity=10)
    other = factories.SpaceFactory.create(
        school=scene.school, name="Autre cuisine", kind="kitchen", capacity=12
    )
    factories.BusyTimeFactory.create(
        space=kitchen, start_at=paris("2026-11-12 18:00"), end_at=paris("2026-11-12 20:00")
    )
    page = weekly(scene, also=[str(kitchen.pk)])
    assert "Cuisine : Le lycée utilise la salle à ces heures." in words(page)
    assert f'value="in:2026-11-12:{scene.space.pk},{other.pk}"' in page.content.decode()
    assert "Ce jour-là, 20:00–22:00" in words(page)


# -- once more ----------------------------------------------------------------------------------


@pytest.fixture
def past(scene: Scene) -> BookingRequest:
    """Three Thursdays of last school year."""
    kitchen = factories.SpaceFactory.create(school=scene.school, name="Cuisine")
    asked = scene.submit(
        *(evening(day) for day in ("2025-11-13", "2025-11-20", "2026-01-08")),
        spaces=(scene.space, kitchen), purpose="Tournoi", attendees=31, contact_name="Camille Exemple",
    )  # fmt: skip
    return asked


def test_last_years_dates_come_back_on_the_same_weekdays(scene: Scene, past: BookingRequest) -> None:
    client = signed_in(scene.member)
    assert f"{address(scene)}?comme={past.reference}" in links(client.get(address(scene)))
    assert f"/demander/?comme={past.reference}" in " ".join(links(client.get(f"/demandes/{past.reference}/")))
    filled = fields(client.get(f"{address(scene)}?comme={past.reference}"))
    assert filled["how"] == ["picked"]
    assert [filled[f"dates-{n}-day"] for n in range(3)] == [["2026-11-12"], ["2026-11-19"], ["2027-01-07"]]
    assert (filled["purpose"], filled["attendees"]) == (["Tournoi"], ["31"])
    assert filled["also"] == [str(past.occurrences.all()[0].spaces.get(name="Cuisine").pk)]
    filled["contact_phone"] = ["03 20 00 00 00"]
    assert days(send(scene, filled)) == ["12/11 18:00", "19/11 18:00", "07/01 18:00"]


def test_a_series_comes_back_as_its_rule(scene: Scene) -> None:
    asked = send(scene, fields(weekly(scene)))
    filled = fields(signed_in(scene.member).get(f"{address(scene)}?comme={asked.reference.lower()}"))
    assert filled["how"] == ["weekly"]
    assert filled["weekly-weekdays"] == ["thursday"]
    assert (filled["weekly-first"], filled["weekly-until"]) == (["2027-11-04"], ["2027-12-02"])
    assert filled["weekly-skip_holidays"] == ["on"]


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("member", 200), ("other_manager", 404), ("manager", 404), ("region", 404)],
)  # fmt: skip
def test_members_alone_ask_once_more(cast: Cast, role: str, status: int) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    asked = factories.BookingRequestFactory.create(school=cast.school, organisation=cast.organisation)
    factories.OccurrenceFactory.create(request=asked, spaces=[space])
    response = cast.client(role).get(f"/salles/{space.pk}/demander/?comme={asked.reference}")
    assert response.status_code == status


def test_once_more_in_another_lycee_is_not_found(scene: Scene, past: BookingRequest) -> None:
    space = factories.SpaceFactory.create()
    client = signed_in(scene.member)
    assert client.get(f"/salles/{space.pk}/demander/?comme={past.reference}").status_code == 404
    assert client.get(f"{address(scene)}?comme=R-0000-0000").status_code == 404
    assert client.get(f"{address(scene)}?comme={past.reference}%00").status_code == 200


# -- nights and stays ---------------------------------------------------------------------------


def test_a_night_every_week(scene: Scene) -> None:
    factories.open_always(scene.school)
    asked = send(scene, fields(weekly(scene, **{"weekly-start": "22:00", "weekly-end": "06:00"})))
    assert {date.period.length for date in asked.occurrences.all()} == {dt.timedelta(hours=8)}


def test_a_stay_is_changed_with_its_last_day(scene: Scene) -> None:
    scene.space.max_minutes = 10 * 24 * 60
    scene.space.save()
    factories.open_always(scene.school)
    stay = {"dates-0-until": "2026-12-06", "how": "picked"}
    page = fields(post(scene, form(scene, ("2026-12-03", "18:00", "10:00"), **stay), "check"))
    one = fields(post(scene, page, "open:2026-12-03T1800"))
    assert one["change-until"] == ["2026-12-06"]
    moved = post(scene, {**one, "change-until": ["2026-12-07"]}, "change:2026-12-03T1800")
    assert "du jeudi 3 décembre 2026, 18:00 au lundi 7 décembre 2026, 10:00" in words(moved)
    asked = send(scene, fields(moved))
    assert asked.occurrences.get().end_at == paris("2026-12-07 10:00")
    workflow.approve(asked, by=scene.manager)
    page = signed_in(scene.member).get(
        f"{address(scene)}?date=2026-12-03&start=18:00&end=10:00&until=2026-12-06"
    )
    assert fields(page)["dates-0-until"] == ["2026-12-06"]
