"""The page of a space: who sees it, its week, its rules."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client

from bookings import week, workflow
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.conftest import NOW, Cast, paris

# The week of Thursday 12 November 2026.
WEEK = "semaine=2026-W46"


def page(scene: Scene, query: str = WEEK) -> Any:
    return Client().get(f"/salles/{scene.space.pk}/?{query}")


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 404),
        ("stranger", 404),
        ("member", 404),
        ("other_manager", 404),
        ("manager", 200),
        ("region", 200),
    ],
)
def test_a_space_that_is_not_proposed_is_seen_by_its_school_and_the_region(
    cast: Cast, role: str, status: int
) -> None:
    space = factories.SpaceFactory.create(school=cast.school, published=False)
    response = cast.client(role).get(f"/salles/{space.pk}/")
    assert response.status_code == status
    if status == 200:
        assert "Cette salle n’est pas proposée au public" in words(response)
        assert f"/salles/{space.pk}/demander/" not in links(response)


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999999"])
def test_an_unknown_space_is_not_found(db: None, pk: str) -> None:
    assert Client().get(f"/salles/{pk}/").status_code == 404


def test_only_reading_is_allowed(scene: Scene) -> None:
    assert Client().post(f"/salles/{scene.space.pk}/").status_code == 405


# -- the week -----------------------------------------------------------------------------------


def test_the_week_says_what_is_free(scene: Scene) -> None:
    said = words(page(scene))
    assert "Semaine 46 du lun. 9 nov. au dim. 15 nov. 2026" in said
    assert "mer. 11 nov. Pas de prêt ce jour-là" in said
    assert (
        "jeu. 12 nov. 7 h 12 h 18 h 24 h 18:00–22:00 Libre Demander jeudi 12 novembre 2026, 18:00–22:00"
        in said
    )


def test_lessons_and_bookings_look_alike_and_tell_nothing(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space,
        start_at=paris("2026-11-12 18:00"),
        end_at=paris("2026-11-12 19:00"),
        reason="Conseil secret",
    )
    workflow.approve(scene.submit(evening("2026-11-13", "20:00", "21:00")), by=scene.manager)
    said = words(page(scene))
    assert "18:00–19:00 Occupé 19:00–22:00 Libre" in said
    assert "18:00–20:00 Libre Demander vendredi 13 novembre 2026, 18:00–20:00 20:00–21:00 Occupé" in said
    assert "Conseil secret" not in said
    assert scene.organisation.name not in said
    assert "Chorale" not in said


def test_a_closure_says_why(scene: Scene) -> None:
    factories.ClosureFactory.create(
        school=scene.school, first_on=dt.date(2026, 11, 12), last_on=dt.date(2026, 11, 13), reason="Examens"
    )
    said = words(page(scene))
    assert "jeu. 12 nov. Fermé : Examens ven. 13 nov. Fermé : Examens" in said


def test_days_gone_are_told(scene: Scene) -> None:
    said = words(page(scene, "semaine=2026-W42"))
    assert "lun. 12 oct. Passé mar. 13 oct. Passé mer. 14 oct. Aujourd’hui Plus de prêt aujourd’hui" in said


def test_holidays_are_told(scene: Scene) -> None:
    assert "jeu. 22 oct. Vacances" in words(page(scene, "semaine=2026-10-22"))


def test_a_free_time_leads_to_the_request_form_filled_in(scene: Scene) -> None:
    address = f"/salles/{scene.space.pk}/demander/?date=2026-11-12&start=18%3A00&end=20%3A00"
    assert address in links(page(scene))
    assert f"{address}&capacity=25" in links(page(scene, f"{WEEK}&capacity=25"))


def slots(response: HttpResponse) -> list[str]:
    """Where the free times of the week or month lead."""
    found = re.findall(r'class="slot is-free" rel="nofollow" href="([^"]*)"', response.content.decode())
    return [unquote(html.unescape(link)) for link in found]


@pytest.mark.parametrize(
    ("asked", "least", "proposed"),
    [
        ("start=18:30&end=21:00", 30, "start=18:30&end=21:00"),
        ("date=2026-10-14&start=18h30&end=21h", 30, "start=18:30&end=21:00"),
        # Not then, but as long.
        ("start=08:00&end=10:30", 30, "start=18:00&end=20:30"),
        ("start=21:00&end=22:15", 30, "start=18:00&end=19:15"),
        # Later than midnight, longer than there is time, shorter than the room is lent: two hours.
        ("start=20:00&end=01:00", 30, "start=18:00&end=20:00"),
        ("start=18:00&end=18:30", 60, "start=18:00&end=20:00"),
        # Half a time, hours of several days, and what is no hour are none.
        ("start=18:30", 30, "start=18:00&end=20:00"),
        ("date=2026-11-12&until=2026-11-14&start=18:30&end=21:00", 30, "start=18:00&end=20:00"),
        ("start=26:00&end=27:00", 30, "start=18:00&end=20:00"),
    ],
)
@pytest.mark.parametrize("shown", ["semaine=2026-W46", "mois=2026-11"])
def test_a_free_time_is_asked_for_at_the_hours_searched(
    scene: Scene, shown: str, asked: str, least: int, proposed: str
) -> None:
    scene.space.min_minutes = least
    scene.space.save()
    found = slots(page(scene, f"{shown}&{asked}"))
    assert [link for link in found if "date=2026-11-12" in link] == [
        f"/salles/{scene.space.pk}/demander/?date=2026-11-12&{proposed}"
    ]


def test_what_comes_too_soon_cannot_be_asked(scene: Scene) -> None:
    scene.space.notice_hours = 35 * 24
    scene.space.save()
    said = words(page(scene))
    assert "18:00–22:00 Libre, mais trop tard ou trop court pour demander" in said
    assert not [link for link in links(page(scene)) if "demander/?date" in link]


def test_what_was_searched_is_kept_in_the_button(scene: Scene) -> None:
    query = "date=2026-11-12&start=18:30&end=20:30"
    assert f"/salles/{scene.space.pk}/demander/?{query.replace(':', '%3A')}" in links(page(scene, query))
    assert "Semaine 46" in words(page(scene, query))


def test_one_walks_from_week_to_week(scene: Scene) -> None:
    followed = links(page(scene))
    assert "?semaine=2026-W45#semaine" in followed
    assert "?semaine=2026-W47#semaine" in followed


def test_walking_to_a_day_keeps_the_head_count(scene: Scene) -> None:
    for query, back in (
        ("semaine=2026-W50", "?capacity=25&semaine=2026-W42"),
        ("mois=2026-12", "?capacity=25&mois=2026-10"),
    ):
        shown = page(scene, f"capacity=25&{query}")
        assert '<input type="hidden" name="capacity" value="25">' in shown.content.decode()
        assert any(link.startswith(back) for link in links(shown))


@pytest.mark.parametrize(
    "text", ["", "n’importe quoi", "2026-W99", "9999-12-31", "0001-01-01", "2026-13-01", "\0"]
)
def test_a_week_that_means_nothing_is_this_week(text: str) -> None:
    assert week.monday_of(text, today=dt.date(2026, 10, 14)) == dt.date(2026, 10, 12)


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W43", dt.date(2026, 10, 19)),
        ("2026-10-25", dt.date(2026, 10, 19)),
        ("2026-W53", dt.date(2026, 12, 28)),
    ],
)
def test_a_week_is_named_by_its_number_or_a_day(text: str, monday: dt.date) -> None:
    assert week.monday_of(text, today=dt.date(2026, 10, 14)) == monday


def test_time_over_midnight_is_on_both_days(now: dt.datetime, db: None) -> None:
    space = factories.SpaceFactory.create()
    factories.OpeningHoursFactory.create(
        school=space.school, weekday=3, starts_at=dt.time(20), minutes=6 * 60
    )
    days = week.of(space, dt.date(2026, 11, 9), now=NOW).days
    assert [(*stretch.period,) for stretch in days[3].stretches] == [
        (paris("2026-11-12 20:00"), paris("2026-11-13 00:00"))
    ]
    assert days[3].bars == [(20 * 60, 24 * 60, "free")]
    assert days[4].bars == [(0, 2 * 60, "free")]


def test_the_night_the_clocks_change(now: dt.datetime, db: None) -> None:
    space = factories.SpaceFactory.create()
    factories.open_always(space.school)
    sunday = week.of(space, dt.date(2026, 10, 19), now=NOW).days[6]
    assert [stretch.period.length for stretch in sunday.stretches] == [dt.timedelta(hours=25)]
    assert sunday.bars == [(0, 24 * 60, "free")]


# -- the rest -----------------------------------------------------------------------------------


def test_the_rules_are_told(scene: Scene) -> None:
    space = scene.space
    space.hourly_rate, space.hourly_value, space.setup_minutes, space.cleanup_minutes = "8.50", "30", 15, 30
    space.deposit = 150
    space.notice_hours, space.open_to, space.needs_verified = 72, ["association", "commune"], True
    space.features.set([factories.FeatureFactory.create(name="Écran de projection")])
    space.save()
    scene.school.access_notes = "Sonner à la loge."
    scene.school.phone = "03 20 00 00 00"
    scene.school.save()
    factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=12
    )
    said = words(page(scene))
    for sentence in (
        "Caution 150 € par demande",
        "Prix 8,50 €/h (valeur du prêt : 30 € l’heure, à inscrire dans vos comptes)",
        "Durée de 1 h à 12 h",
        "Battement 15 min avant et 30 min après, déjà décomptées ici",
        "Quand demander au plus tard 3 jours avant",
        "Assurance attestation exigée",
        "Qui peut demander Association, Commune ou intercommunalité, vérifié par la Région",
        "Écran de projection",
        "12 Chaises",
        "Sonner à la loge.",
        "1 rue de l’Essai 59000 Lille",
        "03 20 00 00 00",
    ):
        assert sentence in said
    assert f"/compte/calendriers/nouveau/?scope=space&id={space.pk}" in links(page(scene))


def test_the_prices_of_each_kind_of_organisation_are_told(scene: Scene) -> None:
    factories.PriceRuleFactory.create(
        space=scene.space, organisation_kind="association", amount=0, free_ground="Intérêt général"
    )
    factories.PriceRuleFactory.create(
        space=scene.space, organisation_kind="company", basis="half_day", amount=90
    )
    scene.space.hourly_rate = 8
    scene.space.save()
    member = Client()
    member.force_login(scene.member, backend="django.contrib.auth.backends.ModelBackend")
    asking = words(member.get(f"/salles/{scene.space.pk}/demander/"))
    assert "Prix selon l’organisme" in asking
    said = words(page(scene))
    assert "Prix selon l’organisme" in said
    assert (
        "Prix Association : gratuit (Intérêt général) Entreprise : 90 € la demi-journée Tous les autres : 8 €/h"
        in said
    )


@pytest.mark.parametrize("many", [1, 20])
def test_a_page_takes_as_many_queries_whatever_happens_that_week(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        factories.BusyTimeFactory.create(
            space=scene.space,
            start_at=paris("2026-11-12 18:00") + n * dt.timedelta(minutes=10),
            end_at=paris("2026-11-12 18:05") + n * dt.timedelta(minutes=10),
        )
        factories.EquipmentPoolFactory.create(school=scene.school)
        scene.space.features.add(factories.FeatureFactory.create())
        factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 11, 10))
    # The space with its school, features; prices; everything about its week; equipment; reviews; usual answers.
    with django_assert_num_queries(7, own=True):
        page(scene)


# -- is it free then? ---------------------------------------------------------------------------

EVENING = "date=2026-11-12&start=18:30&end=20:30"


def test_a_free_time_is_asked_for_in_one_click(scene: Scene) -> None:
    answer = page(scene, f"{EVENING}&capacity=25")
    assert "Libre jeudi 12 novembre 2026, 18:30–20:30 Demander ces heures" in words(answer)
    asked = f"/salles/{scene.space.pk}/demander/?date=2026-11-12&start=18%3A30&end=20%3A30&capacity=25"
    assert asked in links(answer)


def test_a_time_that_is_not_free_says_why_and_what_is(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space,
        start_at=paris("2026-11-12 20:00"),
        end_at=paris("2026-11-12 21:00"),
        reason="Secret",
    )
    factories.SpaceFactory.create(school=scene.school, capacity=30)
    answer = page(scene, f"{EVENING}&capacity=25")
    said = words(answer)
    assert (
        "Pas libre jeudi 12 novembre 2026, 18:30–20:30 Le lycée utilise la salle à ces heures. "
        "À la place, en un clic : Ce jour-là, 18:00–20:00 Vendredi 13 novembre 2026, 18:30–20:30 "
        "1 autre salle libre dans ce lycée"
    ) in said
    assert "Secret" not in said
    ask = f"/salles/{scene.space.pk}/demander/?date=2026-11-1"
    assert [link for link in links(answer) if link.startswith((ask, "/salles/?school"))][1:4] == [
        f"{ask}2&start=18%3A00&end=20%3A00&capacity=25",
        f"{ask}3&start=18%3A30&end=20%3A30&capacity=25",
        f"/salles/?school={scene.school.uai}&date=2026-11-12&start=18%3A30&end=20%3A30&capacity=25",
    ]


MEANT = "La fin vient avant le début : vouliez-vous dire"


def test_an_end_before_the_start_was_meant_the_other_way_round(scene: Scene) -> None:
    answer = page(scene, "date=2026-11-12&start=20:00&end=18:00&capacity=25")
    assert (
        "Pas libre du jeudi 12 novembre 2026, 20:00 au vendredi 13 novembre 2026, 18:00 "
        f"{MEANT} 18:00–20:00 ? La durée maximale est de"
    ) in words(answer)
    meant = f"/salles/{scene.space.pk}/?date=2026-11-12&start=18%3A00&end=20%3A00&capacity=25#verifier"
    assert meant in links(answer)
    assert "Libre jeudi 12 novembre 2026, 18:00–20:00" in words(Client().get(meant))


def test_a_night_is_as_it_was_meant(scene: Scene) -> None:
    for hours in ("start=22:00&end=02:00", "start=20:00&end=20:00", "start=22:00&end=03:00"):
        assert MEANT not in words(page(scene, f"date=2026-11-12&{hours}"))
    # No such hours, one day when the clocks go forward.
    assert MEANT not in words(page(scene, "date=2027-03-28&start=20:00&end=02:30"))
    scene.space.max_minutes = 24 * 60
    scene.space.save()
    assert MEANT not in words(page(scene, "date=2026-11-12&start=20:00&end=18:00"))


def test_nothing_instead_is_said(scene: Scene) -> None:
    scene.school.opening_hours.update(valid_until=dt.date(2026, 11, 1))
    assert "Ni cette salle dans les quatre semaines qui suivent, ni une autre du lycée" in words(
        page(scene, EVENING)
    )


def test_the_form_keeps_what_was_typed_and_tells_what_is_wrong(scene: Scene) -> None:
    from tests.bookings.pages.reading import fields, title

    typed = page(scene, "date=2026-11-12&start=18h30&verifier=1")
    assert title(typed).startswith("Erreur : ")
    assert "À : Indiquez l’heure de fin." in words(typed)
    assert "#verifier_end" in links(typed)
    assert (fields(typed)["date"], fields(typed)["start"]) == (["2026-11-12"] * 2, ["18h30"] * 2)
    past = page(scene, "date=2026-10-01&start=18:30&end=20:30")
    assert "Ce jour est passé : choisissez-en un à venir." in words(past)
    assert past.status_code == 200


@pytest.mark.parametrize(
    "query", ["", WEEK, "date=2026-11-12", "date=2026-11-12&start=18:30", "date=x&start=y"]
)
def test_half_a_time_that_a_link_carries_is_no_mistake(scene: Scene, query: str) -> None:
    said = words(page(scene, query))
    assert "Il reste quelque chose à corriger" not in said
    assert "Pas libre" not in said


def test_an_hour_that_does_not_exist(scene: Scene) -> None:
    said = words(page(scene, "date=2027-03-28&start=02:30&end=04:00"))
    assert "Cette heure n’existe pas ce jour-là" in said


def test_nights_are_checked_by_the_last_day(scene: Scene) -> None:
    scene.space.max_minutes = 3 * 24 * 60
    scene.space.save()
    factories.open_always(scene.school)
    said = words(page(scene, "date=2026-11-12&until=2026-11-14&start=18:00&end=10:00"))
    assert "Libre du jeudi 12 novembre 2026, 18:00 au samedi 14 novembre 2026, 10:00" in said
    assert "Jusqu’au si plusieurs jours" in said


@pytest.mark.parametrize("many", [1, 20])
def test_checking_a_time_takes_as_many_queries_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    factories.SpaceFactory.create_batch(many, school=scene.school)
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-12 18:00"), end_at=paris("2026-11-12 20:00")
    )
    # The page's seven; why not; and the search: schools, what keeps rooms from being lent, how many.
    with django_assert_num_queries(7 + 1 + 3, own=True):
        page(scene, EVENING)


def test_walking_through_the_weeks_checks_nothing_again(scene: Scene) -> None:
    followed = links(page(scene, f"{EVENING}&verifier=1"))
    assert "?date=2026-11-12&start=18%3A30&end=20%3A30&semaine=2026-W47#semaine" in followed
    assert "Il reste quelque chose" not in words(page(scene, "start=18:30&end=20:30&semaine=2026-W47"))
    assert "Demander ces heures" not in words(page(scene, f"{EVENING}&semaine=2026-W47"))
