"""Static files from npm packages: what is served, what is not, and that manifest storage accepts it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.management import call_command

from bookings.states import OccurrenceState, RequestState
from shareloc.web import looks, npm
from shareloc.web.icons import ICONS
from venues.models import Space

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(autouse=True)
def _packages() -> None:
    if not npm.packages_are_installed():
        pytest.skip("node_modules absent : make setup")


@pytest.mark.parametrize(
    "path",
    [
        "npm/bootstrap/dist/css/bootstrap.min.css",
        "npm/bootstrap/dist/css/bootstrap.min.css.map",
        "npm/htmx.org/dist/htmx.min.js",
        "npm/leaflet/dist/leaflet.js",
        "npm/leaflet/dist/images/marker-icon.png",
        "npm/icons.svg",
    ],
)
def test_allowed_files_are_found(path: str):
    found = find(path)
    assert found
    assert Path(found).is_file()


@pytest.mark.parametrize(
    "path",
    [
        "npm/bootstrap/package.json",
        "npm/bootstrap/../../package.json",
        "npm/leaflet/dist/images/../leaflet-src.js",
        "npm/@popperjs/core/package.json",
        "npm/../package.json",
        "bootstrap/dist/css/bootstrap.min.css",
    ],
)
def test_other_files_are_not(path: str):
    assert not find(path)


def test_missing_packages_are_said_clearly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(npm, "NODE_MODULES", tmp_path)
    finder = npm.PackageFinder()
    (warning,) = finder.check()
    assert warning.id == "web.W001"
    assert "npm ci" in str(warning.hint)
    with pytest.raises(FileNotFoundError, match="make setup"):
        list(finder.list([]))
    assert finder.find("npm/icons.svg") == []


def test_collectstatic_with_the_production_storage(settings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"npm/icons.svg", "web/tokens.css", "web/shareloc.css", "web/kinds.svg"} <= names.keys()
    # The font's address inside the style sheet is that of the collected file.
    tokens = (tmp_path / names["web/tokens.css"]).read_text()
    fonts = re.findall(r'url\("([^"]+)"\)', tokens)
    assert len(fonts) == 3
    assert all((tmp_path / "web" / font).resolve().is_file() for font in fonts)


def test_lock_file_names_no_host_and_pins_what_is_asked():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    assert all("resolved" not in entry and "integrity" in entry for entry in packages.values())
    assert {name: packages[name]["version"] for name in wanted} == wanted


def test_package_manager_runs_no_scripts_and_writes_no_addresses():
    lines = (ROOT / ".npmrc").read_text().splitlines()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(lines)


# --- icons and pictograms ------------------------------------------------------------------------


def _symbols(path: str) -> list[str]:
    found = find(path)
    assert found
    root = ElementTree.parse(found).getroot()
    return [symbol.get("id", "") for symbol in root]


def test_sprite_has_each_icon_once():
    assert _symbols("npm/icons.svg") == list(ICONS)
    assert len(set(ICONS)) == len(ICONS)


def test_every_icon_named_anywhere_is_in_the_sprite():
    used: set[str] = set()
    for file in ROOT.rglob("*.html"):
        if not {"node_modules", ".venv", "var"} & set(file.relative_to(ROOT).parts):
            text = file.read_text()
            used |= set(re.findall(r'\{% icon "([^"]+)"', text))
            used |= set(re.findall(r'\bicon="([^"]+)"', text))
    used |= {look.icon for look in looks.STATES.values()}
    assert used - set(ICONS) == set()
    assert "search" in used


def test_every_kind_of_space_has_a_drawing():
    assert set(Space.Kind.values) == looks.KINDS
    assert set(_symbols("web/kinds.svg")) == looks.KINDS | {"other"}


def test_every_state_has_a_look():
    states = {*RequestState.values, *OccurrenceState.values}
    assert states - looks.STATES.keys() == set()
    assert {look.tone for look in looks.STATES.values()} <= {"free", "wait", "stop", "info", "quiet"}
