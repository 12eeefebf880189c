"""The pictures of the documentation are there, small, shown once, and of pages that exist."""

from __future__ import annotations

import re

import pytest
from django.urls import resolve

from tests.screenshots import gallery
from tests.screenshots.shots import SHOTS, Shot


def test_each_picture_is_small_and_nothing_else_lies_there():
    sizes = {file.stem: file.stat().st_size for file in gallery.FOLDER.glob("*.png")}
    assert sorted(sizes) == sorted(shot.name for shot in SHOTS)
    assert {name: size for name, size in sizes.items() if size > gallery.MOST_BYTES} == {}
    assert sum(sizes.values()) <= gallery.MOST_BYTES_ALL


def test_the_page_shows_them_all():
    page = (gallery.FOLDER / "README.md").read_text(encoding="utf-8")
    assert page == gallery.page()
    assert re.findall(r"\]\(([\w-]+)\.png\)", page) == [shot.name for shot in SHOTS]


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_each_address_exists(shot: Shot):
    names = dict.fromkeys(("uai", "approved"), "x") | dict.fromkeys(("hall", "amphitheatre", "gymnasium"), 1)
    assert resolve(shot.address.format(**names, date=1, organisation=1).split("?")[0])
