"""The command: dry by default, all or nothing, the same words for the same data, nothing lost unasked."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict

from schools_import.models import ImportRun
from tests.factories import SchoolFactory, valid_uai
from tests.schools_import.files import COLUMNS, FIXTURE, Cells, csv_file, sample, school
from tests.web_server import serving
from venues.models import School

pytestmark = pytest.mark.django_db


def run(source: Path | str, *options: str) -> str:
    """What the command prints, its no-break spaces made plain."""
    out = io.StringIO()
    call_command("import_schools", str(source), *options, stdout=out)
    return plain(out.getvalue())


def refused(source: Path | str, *options: str) -> tuple[str, str]:
    """What the command prints, and the error it ends with."""
    out = io.StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("import_schools", str(source), *options, stdout=out)
    assert raised.value.returncode == 1
    return plain(out.getvalue()), plain(str(raised.value))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def figures(output: str) -> str:
    """The line of figures."""
    return next(line for line in output.splitlines() if line.startswith("Résumé"))


def rows() -> list[dict[str, Any]]:
    """Every school as stored, its times included."""
    return list(School.objects.order_by("uai").values())


@pytest.fixture
def source(tmp_path: Path) -> Any:
    """`source(rows)` writes them as a file and gives its path."""

    def write(schools: list[Cells], **options: Any) -> Path:
        path = tmp_path / "annuaire.csv"
        path.write_bytes(csv_file(schools, **options))
        return path

    return write


REFUSED = "Import refusé, rien n’a été écrit. Corrigez la source, ou passez outre avec --force."


# --- Dry run -----------------------------------------------------------------------------------


def test_dry_run_tells_everything_and_writes_nothing(source: Any) -> None:
    SchoolFactory(uai=valid_uai(590_001), name="Lycée ancien", commune="Lille")
    SchoolFactory(uai=valid_uai(590_009), name="Lycée parti")
    path = source([school(1), school(2)])
    before = rows()
    output = run(path, "--force")
    assert rows() == before
    assert not ImportRun.objects.exists()
    lines = output.splitlines()
    assert lines[:5] == [
        f"Source : {path}",
        "Lignes lues : 2, dont 2 dans le périmètre",
        "",
        "Nouveaux : 1",
        "  0590002G  Lycée d’essai 2, Lille (59)",
    ]
    assert "    nom : « Lycée ancien » → « Lycée d’essai 1 »" in lines
    assert "    élèves : (vide) → « 800 »" in lines
    assert "    latitude : 50,63330 → 50,63331" in lines
    gone = lines.index("Disparus (à fermer) : 1")
    assert lines[gone + 1] == "  0590009P  Lycée parti, Lille (59)"
    assert figures(output) == "Résumé : 1 nouveau, 1 modifié, 0 rouverts, 1 disparu, 0 inchangés, 0 refusés."
    assert lines[-1] == "Essai à blanc : rien n’a été écrit. Ajoutez --apply pour écrire."


def test_dry_run_says_the_same_twice_without_time_or_duration(source: Any) -> None:
    path = source([school(1), school(2)])
    first = run(path)
    assert first == run(path)
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d|\d/\d\d/\d|\d+([.,]\d+)? ?(s|ms)\b|second", first)


# --- Applying ----------------------------------------------------------------------------------


def test_apply_writes_schools_and_records_the_run(source: Any) -> None:
    path = source([school(1), school(2, Mail="faux")])
    output = run(path, "--apply")
    first, second = School.objects.order_by("uai")
    expected = {
        "uai": "0590001F",
        "name": "Lycée d’essai 1",
        "kind": "general_technological",
        "address": "1 rue de l’Essai",
        "postcode": "59012",
        "commune": "Lille",
        "insee_code": "59350",
        "department": "59",
        "department_name": "Nord",
        "phone": "03 00 00 00 01",
        "email": "lycee1@example.org",
        "website": "https://lycee1.example.org/",
        "siret": "19590000100017",
        "pupils": 800,
        "latitude": 50.63331,
        "longitude": 3.06672,
        "precision": "site",
        "closed_on": None,
    }
    assert {name: model_to_dict(first)[name] for name in expected} == expected
    assert first.search_text == "lycee d essai 1 lille 59012 0590001f"
    assert second.email == ""
    made = ImportRun.objects.get()
    counts = (made.rows_read, made.new, made.changed, made.gone, made.refused, made.forced)
    assert (made.source, counts) == (str(path), (2, 2, 0, 0, 0, False))
    assert len(made.digest) == 64
    assert plain(made.summary) in output
    assert output.endswith("Import appliqué.\n")


def test_apply_says_what_the_dry_run_said(source: Any) -> None:
    SchoolFactory(uai=valid_uai(590_001), name="Lycée ancien")
    path = source([school(1), school(2)])
    dry = run(path).splitlines()
    assert run(path, "--apply").splitlines()[:-1] == dry[:-1]


def test_applying_twice_changes_nothing(source: Any) -> None:
    path = source([school(1), school(2)])
    run(path, "--apply")
    before = rows()
    assert figures(run(path, "--apply")).startswith(
        "Résumé : 0 nouveaux, 0 modifiés, 0 rouverts, 0 disparus, 2 inchangés"
    )
    assert rows() == before


def test_changed_school_is_found_by_its_new_name_and_keeps_its_rules(source: Any) -> None:
    path = source([school(1)])
    run(path, "--apply")
    School.objects.update(answer_days=3, access_notes="Par la loge")
    run(source([school(1, Nom_etablissement="Lycée Élan")]), "--apply")
    changed = School.objects.named_like("elan").get()
    assert (changed.name, changed.answer_days, changed.access_notes) == ("Lycée Élan", 3, "Par la loge")
    assert changed.changed_at > changed.created_at


def test_missing_columns_and_empty_cells_erase_nothing(source: Any) -> None:
    run(source([school(1)]), "--apply")
    before = rows()
    few = [
        "Identifiant_de_l_etablissement",
        "Nom_etablissement",
        "Type_etablissement",
        "Statut_public_prive",
        "Code_departement",
    ]
    run(source([school(1)], columns=few), "--apply")
    run(source([{name: school(1)[name] for name in few}], columns=COLUMNS), "--apply")
    assert rows() == before


def test_gone_school_is_closed_and_reopened_when_it_is_back(source: Any, now: Any) -> None:
    schools = [school(number) for number in range(1, 31)]
    run(source(schools), "--apply")
    run(source(schools[1:]), "--apply")
    closed = School.objects.get(uai=valid_uai(590_001))
    assert (closed.closed_on, School.objects.count()) == (now.date(), 30)
    assert "disparu" in figures(run(source(schools[1:])))
    output = run(source(schools), "--apply")
    assert "  0590001F  Lycée d’essai 1, Lille (59) — rouvert" in output.splitlines()
    assert School.objects.open().count() == 30


# --- Refusals ----------------------------------------------------------------------------------


def test_refused_rows_are_told_and_nothing_is_written(source: Any) -> None:
    path = source([school(1), school(2, SIREN_SIRET="1,96E+13")])
    output, error = refused(path, "--apply")
    line = "  ligne 3 (0590002G) : « 1,96E+13 » dans siren_siret : fichier abîmé par un tableur (Excel)"
    assert line in output.splitlines()
    assert "Objection : 1 ligne refusée." in output.splitlines()
    assert error == REFUSED
    assert not School.objects.exists()
    assert not ImportRun.objects.exists()


def test_dry_run_of_a_refused_source_ends_with_1_too(source: Any) -> None:
    assert refused(source([school(1), school(1)]))[1] == REFUSED


def test_force_writes_what_is_sane_and_leaves_refused_schools_alone(source: Any) -> None:
    run(source([school(1), school(2)]), "--apply")
    damaged = school(2, Nom_etablissement="Autre nom", latitude="NaN")
    output = run(source([school(1, Nom_etablissement="Lycée neuf"), damaged]), "--apply", "--force")
    assert figures(output) == "Résumé : 0 nouveaux, 1 modifié, 0 rouverts, 0 disparus, 0 inchangés, 1 refusé."
    assert list(School.objects.open().order_by("uai").values_list("name", flat=True)) == [
        "Lycée neuf",
        "Lycée d’essai 2",
    ]
    made = ImportRun.objects.first()
    assert made is not None
    assert (made.forced, made.refused) == (True, 1)


def test_sudden_loss_is_refused_without_force(source: Any) -> None:
    schools = [school(number) for number in range(1, 41)]
    run(source(schools), "--apply")
    # Two of forty are the five per cent that may go; three are not.
    assert "2 disparus" in figures(run(source(schools[2:])))
    output, error = refused(source(schools[3:]), "--apply")
    objection = "Objection : 3 lycées sur 40 disparaîtraient (seuil : 5 %). Source complète ?"
    assert objection in output.splitlines()
    assert error == REFUSED
    assert School.objects.open().count() == 40
    run(source(schools[3:]), "--apply", "--force")
    assert School.objects.open().count() == 37


def test_unreadable_source_cannot_be_forced(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(csv_file([school()]).decode("utf-8-sig").encode("cp1252"))
    output, error = refused(path, "--apply", "--force")
    assert (output, error.split(" (")[0]) == ("", "Source refusée. L’encodage n’est pas UTF-8")
    assert refused(tmp_path / "absent.csv")[1].startswith("Source refusée. Impossible de lire")


def test_source_may_be_an_address() -> None:
    with serving(lambda path, query: (200, csv_file([school()]))) as server:
        output = run(f"{server.address}/annuaire.csv?apikey=secret", "--apply")
    assert "secret" not in output
    assert ImportRun.objects.get().source == f"{server.address}/annuaire.csv?apikey=***"


# --- The schools that come with the project -----------------------------------------------------


def test_the_fixture_brings_274_schools_and_is_stable() -> None:
    assert "274 nouveaux" in figures(run(FIXTURE, "--apply"))
    assert School.objects.open().count() == 274
    assert set(School.objects.values_list("department", flat=True)) == {"02", "59", "60", "62", "80"}
    assert not School.objects.filter(latitude=None).exists()
    kinds = {kind: School.objects.filter(kind=kind).count() for kind in School.Kind.values}
    assert kinds == {
        "general_technological": 86,
        "vocational": 103,
        "polyvalent": 47,
        "agricultural": 16,
        "maritime": 1,
        "section": 14,
        "micro_lycee": 6,
        "other": 1,
    }
    precisions = {value: School.objects.filter(precision=value).count() for value in School.Precision.values}
    assert precisions == {"site": 235, "host_site": 18, "street": 0, "commune": 21, "": 0}
    assert "274 inchangés" in figures(run(FIXTURE, "--apply"))


def test_the_real_extract_imports_and_the_fixture_updates_it() -> None:
    output = run(sample(), "--apply")
    assert "Lignes lues : 440, dont 276 dans le périmètre" in output
    assert (
        figures(output)
        == "Résumé : 276 nouveaux, 0 modifiés, 0 rouverts, 0 disparus, 0 inchangés, 0 refusés."
    )
    phones = dict(School.objects.exclude(phone="").values_list("uai", "phone"))
    assert len(phones) == 276
    output = run(FIXTURE, "--apply")
    assert re.match(
        r"Résumé : 1 nouveau, \d+ modifiés, 0 rouverts, 3 disparus, \d+ inchangés, 0 refusés\.",
        figures(output),
    )
    assert set(School.objects.exclude(closed_on=None).values_list("uai", flat=True)) == {
        "0802214X",
        "0801825Z",
        "0022210S",
    }
    assert dict(School.objects.exclude(phone="").values_list("uai", "phone")) == phones


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.97])
def test_the_real_extract_cut_anywhere_is_refused(share: float, tmp_path: Path) -> None:
    content = sample().read_bytes()
    (tmp_path / "cut.csv").write_bytes(content[: int(len(content) * share)])
    assert refused(tmp_path / "cut.csv", "--apply")[1] == REFUSED
    assert not School.objects.exists()
