"""Making the demonstration: the same for the same seed, all or nothing, on any day."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from shareloc.accounts.models import User
from shareloc.demo import accounts, evenings, rooms, seed
from tests import factories
from venues.models import Closure, School, Space

KINDS = ["general_technological", "vocational", "polyvalent", "agricultural", "section", "micro_lycee"]


@pytest.fixture
def schools(db: None) -> list[School]:
    call_command("load_vocabulary")
    return [factories.SchoolFactory.create(kind=kind) for kind in KINDS]


# --- rooms, without a database -------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "maritime", "other"])
def test_every_lycee_has_6_to_40_rooms_of_distinct_names(kind: str):
    for number in range(200):
        made = rooms.rooms(kind, Random(number))
        assert 6 <= len(made) <= 40
        assert len({room.name for room in made}) == len(made)


def test_same_seed_same_rooms():
    assert rooms.rooms("polyvalent", Random("1:x")) == rooms.rooms("polyvalent", Random("1:x"))
    assert rooms.rooms("polyvalent", Random("1:x")) != rooms.rooms("polyvalent", Random("2:x"))


def test_halves_share_the_units_of_the_whole():
    gymnasium = {room.name: set(room.units) for room in rooms.showcase(Random(1)) if room.kind == "gymnasium"}
    assert gymnasium["Gymnase entier"] == gymnasium["Gymnase, moitié nord"] | gymnasium["Gymnase, moitié sud"]
    assert not gymnasium["Gymnase, moitié nord"] & gymnasium["Gymnase, moitié sud"]


# --- what is written -----------------------------------------------------------------------------


def test_one_lycee_alone_is_not_enough(db: None):
    call_command("load_vocabulary")
    factories.SchoolFactory.create()
    with pytest.raises(CommandError, match="au moins deux"):
        call_command("seed_demo")


def test_the_managers_lycee_closes_no_room_its_requests_stand_on(schools: list[School]):
    showcase = seed.showcase_school()
    newcomer = seed.newcomer_school(showcase)
    for number in range(8):
        with transaction.atomic():
            seed.fill_schools(showcase, newcomer, seed=number, today=timezone.localdate())
            assert not Closure.objects.filter(school=showcase).exists()
            assert Closure.objects.exists()
            transaction.set_rollback(True)


def test_nothing_half_written_when_something_lacks(db: None):
    factories.SchoolFactory.create_batch(2)
    with pytest.raises(CommandError, match="vocabulaire"):
        call_command("seed_demo")
    assert not Space.objects.exists()
    assert not User.objects.exists()


def test_refused_outside_the_demonstration(schools: list[School], settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        call_command("seed_demo")
    assert not User.objects.exists()


# --- evenings elsewhere --------------------------------------------------------------------------


def test_same_seed_same_evenings(schools: list[School], now: dt.datetime):
    people = accounts.create(schools[0], today=timezone.localdate())
    chosen = [evenings.chosen(schools[0], seed=seed) for seed in (1, 1, 2)]
    assert chosen[0] == chosen[1]
    assert people.lender.has_usable_password() is False
