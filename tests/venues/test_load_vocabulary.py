"""`load_vocabulary`: adds and updates by slug, deletes nothing, and changes nothing the second time."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from venues.models import EquipmentKind, Feature

pytestmark = pytest.mark.django_db


def load() -> str:
    out = io.StringIO()
    call_command("load_vocabulary", stdout=out)
    return out.getvalue()


def words() -> list[tuple[object, ...]]:
    return [*Feature.objects.values_list(), *EquipmentKind.objects.values_list()]


def test_words_are_loaded_in_order() -> None:
    assert load() == "aménagements\u00a0: 30\ntypes de matériel\u00a0: 16\nVocabulaire à jour.\n"
    first = Feature.objects.all()[0]
    assert (first.slug, first.name) == ("videoprojecteur", "Vidéoprojecteur")
    assert EquipmentKind.objects.get(slug="chaises").name == "Chaises"


def test_loading_twice_changes_nothing() -> None:
    load()
    before = words()
    load()
    assert words() == before


def test_words_of_the_region_stay_and_common_ones_are_brought_up_to_date() -> None:
    own = Feature.objects.create(slug="planetarium", name="Planétarium", position=5)
    piano = Feature.objects.create(slug="piano", name="Pianno", position=1)
    load()
    piano.refresh_from_db()
    assert (piano.name, Feature.objects.count()) == ("Piano", 31)
    assert Feature.objects.get(pk=own.pk).name == "Planétarium"
