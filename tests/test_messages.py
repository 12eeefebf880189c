"""The English catalogue is complete and fresh, and no text escapes it. French is what is written in the code.

`make messages` writes what is new into the catalogue; the translations are then ours to add.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.test_house import APPS, ROOT, python_files, short, templates, text_of, tracked

CATALOGUE = Path("shareloc/locale/en/LC_MESSAGES/django.po")
# A plain space before a sign that French sets apart, or within quotation marks.
LOOSE = re.compile(r"(?<=\S) [:;?!»]|« ")
PLACE = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(ROOT / CATALOGUE))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What `make messages` would write now, made in a copy."""
    if not shutil.which("xgettext"):
        pytest.skip("gettext absent")
    copy = tmp_path_factory.mktemp("messages")
    for file in tracked():
        if file.suffix in {".py", ".html", ".txt", ".po"} and file.relative_to(ROOT).parts[0] in (
            *APPS,
            "manage.py",
        ):
            target = copy / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    (copy / CATALOGUE).unlink()
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale=en", "--no-location", "--no-wrap"],
        cwd=copy, env={**os.environ, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "shareloc.settings"},
        check=True, capture_output=True,
    )  # fmt: skip
    return polib.pofile(str(copy / CATALOGUE))


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def test_the_catalogue_has_every_text(catalogue: polib.POFile, fresh: polib.POFile):
    kept, wanted = {key(e) for e in catalogue if not e.obsolete}, {key(e) for e in fresh}
    assert sorted(wanted - kept) == [], "make messages, puis traduire"
    assert sorted(kept - wanted) == [], "make messages"


def test_signs_of_two_parts_follow_a_space_that_does_not_break(catalogue: polib.POFile):
    assert [e.msgid for e in catalogue if LOOSE.search(e.msgid + e.msgid_plural)] == []


def test_every_text_is_translated(catalogue: polib.POFile):
    assert [e.msgid for e in catalogue if not e.translated() or e.fuzzy or e.obsolete] == []


def test_translations_keep_what_is_filled_in(catalogue: polib.POFile):
    """A name in braces or after a percent sign that is lost, or new, breaks the page that shows it."""
    wrong = [
        (french, english)
        for entry in catalogue
        for french, english in pairs(entry)
        if set(PLACE.findall(french)) != set(PLACE.findall(english))
    ]
    assert wrong == []


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each French text with its translation: one, or a singular and a plural."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def test_the_compiled_catalogue_is_that_of_the_texts(catalogue: polib.POFile):
    compiled = polib.mofile(str(ROOT / CATALOGUE.with_suffix(".mo")))
    told = {key(e): (e.msgstr, e.msgstr_plural) for e in compiled}
    assert told == {key(e): (e.msgstr, e.msgstr_plural) for e in catalogue}


# --- text that gettext never sees ------------------------------------------------------------------

HIDDEN = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<style>.*?</style>"
    r"|{%\s*block \w+_class\s*%}.*?{%\s*endblock"
    r"|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%.*?%}|{{.*?}}|<!--.*?-->|&\w+;|&#\w+;",
    re.DOTALL,
)
TAG = re.compile(r"<[^<>]*>", re.DOTALL)
SPOKEN = re.compile(r"""\s(?:aria-label|alt|title|placeholder|content)="([^"]*)\"""")
# Not addresses, of mail or of this site's own pages.
WORD = re.compile(r"(?<![@.\w-])[^\W\d_]{2,}(?![@.]\w)(?![\w-]*@)")
# Names are the same in every language, and so are units.
NAMES = {"Shareloc", "shareloc", "UAI", "RNA", "SIRET", "min", "km", "m²", "px"}


def untranslated(text: str) -> list[str]:
    """Words of a template that no translation reaches."""
    bare = HIDDEN.sub(" ", text)
    spoken = [value for tag in TAG.findall(bare) if "<meta" not in tag for value in SPOKEN.findall(tag)]
    return [
        word for part in (TAG.sub(" ", bare), *spoken) for word in WORD.findall(part) if word not in NAMES
    ]


def test_untranslated_words_are_found():
    assert untranslated('<p>{% translate "Oui" %} <b>Non</b></p><a title="Là">{{ name }}</a>') == [
        "Non",
        "Là",
    ]
    assert untranslated("{# rien #}{% blocktranslate %}Oui {{ name }}{% endblocktranslate %}&nbsp;:") == []


def test_no_template_escapes_translation():
    found = {
        short(file): words
        for name, file in templates().items()
        if file.suffix == ".html" and (words := untranslated(text_of(file)))
    }
    assert found == {}


TRANSLATING = re.compile(r"from django\.utils\.translation import (\w+) as (\w+)")


def test_translation_goes_by_names_that_gettext_reads():
    """What is called otherwise is never found in the code, so never translated."""
    hidden = [
        f"{short(file)}: {name} as {alias}"
        for file in python_files()
        for name, alias in TRANSLATING.findall(text_of(file))
        if "gettext" in name and alias != "_"
    ]
    assert hidden == []


LAZY = {"_", "gettext_lazy", "ngettext_lazy", "pgettext_lazy"}


def written_at_import(file: Path) -> list[int]:
    """Lines that fill in a translated text while the module is loaded: in whatever language that was."""

    class Reader(ast.NodeVisitor):
        lines: list[int] = []

        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            """What is inside is done later."""

        def visit_Lambda(self, node: ast.Lambda) -> None:
            """So is this."""

        def visit_BinOp(self, node: ast.BinOp) -> None:
            made = node.left
            if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in LAZY:
                self.lines = [*self.lines, node.lineno]
            self.generic_visit(node)

    reader = Reader()
    reader.visit(ast.parse(text_of(file)))
    return reader.lines


def test_no_text_is_filled_in_while_a_module_is_loaded(tmp_path: Path):
    bad = tmp_path / "bad.py"
    bad.write_text('A = _("%(n)s jours") % {"n": 2}\n\ndef b():\n    return _("%(n)s jours") % {"n": 2}\n')
    assert written_at_import(bad) == [1]
    assert {short(file): lines for file in python_files() if (lines := written_at_import(file))} == {}
