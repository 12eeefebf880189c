"""PDF from typst templates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import typst

from shareloc.web import pdf

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "fr", font: "Libertinus Serif")
= #data.title
#data.text
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "sheet.typ"
    file.write_text(TEMPLATE, encoding="utf-8")
    return file


def test_is_a_tagged_pdf_in_french(template: Path):
    made = pdf.render(template, {"title": "Fiche de la loge", "text": dt.date(2026, 10, 22)})
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/Marked true" in made
    assert b"/Lang(fr)" in made


@pytest.mark.parametrize(
    "text",
    [
        '#panic() $x$ *gras* `a` \\ " \' <label> @ref #read("x")',
        "\x00\x07 \u202e\ufeff \ud800 \t\r\n",
        "\N{FAMILY} \N{CJK UNIFIED IDEOGRAPH-6F22} \N{ARABIC LETTER ALEF} Ω ж Ť e\u0301",
    ],
)
def test_what_people_wrote_is_printed_and_never_markup(template: Path, text: str):
    assert pdf.render(template, {"title": text, "text": text}).startswith(b"%PDF-1.7")


def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "inside").mkdir()
    template = tmp_path / "inside" / "sheet.typ"
    template.write_text('#set document(title: "x")\n= x\n#read("../secret.txt")')
    with pytest.raises(typst.TypstError):
        pdf.render(template, {})
