"""Addresses found once."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, set_script_prefix

from shareloc.web.addresses import path_of


def test_an_address_is_what_django_finds() -> None:
    assert path_of("venues:school", "0590001A") == "/lycees/0590001A/"
    assert path_of("venues:school", "0590002B") == "/lycees/0590002B/"
    with pytest.raises(NoReverseMatch):
        path_of("venues:nowhere")


def test_it_follows_where_the_site_is_mounted() -> None:
    try:
        set_script_prefix("/salles-des-lycees/")
        assert path_of("venues:school", "0590001A") == "/salles-des-lycees/lycees/0590001A/"
    finally:
        set_script_prefix("/")
    assert path_of("venues:school", "0590001A") == "/lycees/0590001A/"
