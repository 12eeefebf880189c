"""Taste as tests: what every file of the house keeps to. Quick; `make check` runs it too."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
APPS = ("shareloc", "venues", "bookings", "schools_import")
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "package-lock.json")


@cache
def tracked() -> list[Path]:
    """Files under version control, or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("pas de dépôt git ici")
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [
        file
        for app in (*APPS, "tests")
        for file in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def templates() -> dict[str, Path]:
    """Our templates by the name Django knows them by."""
    return {
        file.relative_to(folder).as_posix(): file
        for app in APPS
        for folder in (ROOT / app).rglob("templates")
        if folder.is_dir()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


# --- code ----------------------------------------------------------------------------------------


def test_every_module_states_its_purpose():
    silent = [
        short(file)
        for file in python_files()
        if file.read_text().strip() and not (ast.get_docstring(ast.parse(file.read_text())) or "").strip()
    ]
    assert silent == []


def test_no_migration_is_missing(db: None):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_module_is_named_after_nothing():
    vague = {"utils.py", "helpers.py", "core.py", "misc.py", "common.py", "manager2.py"}
    assert [short(file) for file in python_files() if file.name in vague] == []


def test_nothing_is_left_to_do():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        short(file) for file in python_files() if file != Path(__file__) and marks.search(file.read_text())
    ]
    assert found == []


def test_venues_does_not_look_up_into_bookings():
    """A lookup by a reverse relation is an import in disguise."""
    upward = re.compile(r"""["'](?:\w+__)?(?:claims|occurrences|requests|asked)(?:__\w+)?["']|bookings__""")
    files = [file for file in python_files() if file.is_relative_to(ROOT / "venues")]
    found = [
        f"{short(file)}: {line.strip()}"
        for file in files
        for line in file.read_text().splitlines()
        if upward.search(line) and "related_name" not in line
    ]
    assert found == []


# --- templates -----------------------------------------------------------------------------------


def test_every_template_compiles():
    assert [name for name in templates() if get_template(name) is None] == []


def test_every_template_is_used():
    """Named by code, by another template, or by a library that looks for that name."""
    sources = [file.read_text() for file in python_files()]
    sources += [file.read_text() for file in templates().values()]
    everything = "\n".join(sources)
    looked_for = re.compile(
        r"^(\d{3}|robots|base)\.\w+$|^(account|admin|registration|django|axes|rest_framework)/"
    )
    unused = [
        name
        for name in templates()
        if not looked_for.match(name) and name not in everything and name.rsplit(".", 1)[0] not in everything
    ]
    # Names put together from a stem: bookings/mail/<verb>.txt
    assert [name for name in unused if "/mail/" not in name] == []


INLINE = {
    "script without src": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "javascript: address": re.compile(r"javascript:", re.I),
    "other host's script, style, image or font": re.compile(
        r"<(?:script|img|iframe|source)[^>]*\bsrc=[\"']https?:|<link[^>]*rel=[\"'](?:stylesheet|preload)[\"'][^>]*href=[\"']https?:",
        re.I,
    ),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_keep_to_the_strict_policy(what: str):
    # Mails have no policy but their reader's, and need their styles in place.
    pages = {name: file for name, file in templates().items() if "/mail/" not in name}
    assert [name for name, file in pages.items() if INLINE[what].search(file.read_text())] == []


def test_the_policy_has_no_unsafe_source():
    sources = [
        str(source) for value in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in value
    ]
    assert [source for source in sources if "unsafe" in source or "*" in source] == []


def test_template_engine_escapes():
    assert engines["django"].engine.autoescape is True


# --- data ----------------------------------------------------------------------------------------

# Fields that say something of a person, and why they are kept. A new one must be entered here.
PERSONAL = {
    "accounts.User.email": "to sign in and be written to",
    "accounts.User.name": "shown to the school that lends",
    "accounts.User.phone": "to be reached about a loan",
    "accounts.Organisation.email": "contact of an organisation",
    "accounts.Organisation.phone": "contact of an organisation",
    "accounts.Invitation.email": "to invite somebody; forgotten after INVITATION_DAYS",
    "bookings.BookingRequest.contact_name": "who is on the spot",
    "bookings.BookingRequest.contact_phone": "who is on the spot",
    "bookings.Signature.name": "a contract names who signed it; kept as long as the agreement",
    "site.Feedback.email": "to answer a remark, if its author wishes; deleted with it after FEEDBACK_DAYS",
    "venues.School.email": "published by the annuaire",
    "venues.School.phone": "published by the annuaire",
    "venues.School.lending_contact": "a service rather than a person",
}
PERSONAL_NAMES = re.compile(r"(^|_)(email|phone|contact|birth|surname|first_name|last_name)(_|$)")
OURS = {"accounts", "venues", "bookings", "schools_import", "demo", "web", "site"}


def test_every_personal_field_is_known():
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
        if PERSONAL_NAMES.search(field.name)
    }
    assert found <= PERSONAL.keys()


def test_known_personal_fields_exist():
    for name in PERSONAL:
        label, model, field = name.split(".")
        apps.get_model(label, model)._meta.get_field(field)


# --- files ---------------------------------------------------------------------------------------

REGISTRIES = re.compile(r"(files\.)?pythonhosted\.org|pypi\.org|registry\.npmjs\.org|registry\.yarnpkg\.com")


def test_no_file_names_a_registry():
    found = [short(file) for file in tracked() if file != Path(__file__) and REGISTRIES.search(text_of(file))]
    assert found == []


def test_no_file_knows_where_it_lies():
    # Both the folder of this clone and where homes usually are.
    here = re.compile(rf"{re.escape(str(ROOT))}\b|/home/\w+/|/Users/\w+/")
    assert [short(file) for file in tracked() if file != Path(__file__) and here.search(text_of(file))] == []


def test_no_large_file_slips_in():
    assert [short(file) for file in tracked() if file.stat().st_size > 1_500_000] == []


# --- lock files ----------------------------------------------------------------------------------


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file."""
    lines = re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / name).read_text(), re.M)
    return {canonicalize_name(package): version for package, version in lines}


def wanted(group: str | None = None) -> list[Requirement]:
    rows = project()["project"]["dependencies"] if group is None else project()["dependency-groups"][group]
    return [Requirement(row) for row in rows if isinstance(row, str)]


@pytest.mark.parametrize(
    ("lock", "group"),
    [
        ("requirements.txt", None),
        ("requirements-build.txt", "build"),
        ("requirements-dev.txt", None),
        ("requirements-dev.txt", "build"),
        ("requirements-dev.txt", "dev"),
    ],
)
def test_locks_satisfy_pyproject(lock: str, group: str | None):
    versions = locked(lock)
    unmet = [
        str(row)
        for row in wanted(group)
        if versions.get(canonicalize_name(row.name), "0") not in row.specifier
        or canonicalize_name(row.name) not in versions
    ]
    assert unmet == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-build.txt"])
def test_tests_run_on_the_versions_that_are_shipped(lock: str):
    assert locked(lock).items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", [name for name in LOCKS if name.endswith(".txt")])
def test_every_locked_library_has_its_hashes(lock: str):
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    bare = [
        block.split()[0] for block in blocks if "==" in block.split("\n")[0] and "--hash=sha256:" not in block
    ]
    assert bare == []


# --- documentation -------------------------------------------------------------------------------


def test_every_setting_is_documented():
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "shareloc" / "settings.py").read_text()))
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "deployment.md").read_text()))
    assert read - documented == set()


def test_documents_link_to_files_that_exist():
    broken = [
        f"{short(file)}: {target}"
        for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text())
        if not (file.parent / target).exists()
    ]
    assert broken == []
