"""The parser: three shapes, columns by name, values, and everything it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools_import.records import Extract, SchoolRecord, UnreadableError, department_code
from tests.factories import valid_uai
from tests.schools_import.files import COLUMNS, Cells, csv_file, json_export, json_record, parse, school
from venues.models import School

Kind = School.Kind
Precision = School.Precision

EXPECTED = SchoolRecord(
    uai="0590001F",
    name="Lycée d’essai 1",
    department="59",
    kind=Kind.GENERAL_TECHNOLOGICAL,
    address="1 rue de l’Essai",
    postcode="59012",
    commune="Lille",
    insee_code="59350",
    department_name="Nord",
    phone="03 00 00 00 01",
    email="lycee1@example.org",
    website="https://lycee1.example.org/",
    siret="19590000100017",
    pupils=800,
    latitude=50.63331,
    longitude=3.06672,
    precision=Precision.SITE,
)


def only(extract: Extract) -> SchoolRecord:
    """The one record of an extract in which nothing is wrong."""
    assert (extract.refused, extract.ignored, extract.objections) == ((), (), ())
    (record,) = extract.records
    return record


def record(**cells: str) -> SchoolRecord:
    return only(parse(csv_file([school(**cells)])))


def refusals(*schools: Cells) -> list[tuple[int, str]]:
    extract = parse(csv_file(list(schools)))
    return [(note.line, note.reason.replace("\u00a0", " ")) for note in extract.refused]


# --- Shapes ------------------------------------------------------------------------------------


def test_csv_row_becomes_a_typed_record() -> None:
    assert record() == EXPECTED


@pytest.mark.parametrize(
    ("columns", "titles"),
    [
        (COLUMNS[::-1], None),
        ([name for name in COLUMNS if name != "Nombre_d_eleves"], None),
        (COLUMNS, {name: name.upper() for name in COLUMNS}),
        (
            COLUMNS,
            {
                "Code_postal": "Code postal",
                "coordX_origine": "coordonnee_X",
                "coordY_origine": "coordonnee_Y",
                "epsg_origine": "epsg",
                "multi_uai": "etablissement_multi_lignes",
            },
        ),
        (COLUMNS, {"Nombre_d_eleves": "Nombre d'élèves", "Code_departement": "Code département"}),
    ],
    ids=["any order", "without pupils", "any case", "spelled as in 2023", "labels"],
)
def test_columns_are_found_by_name(columns: list[str], titles: dict[str, str] | None) -> None:
    expected = EXPECTED if "Nombre_d_eleves" in columns else replace(EXPECTED, pupils=None)
    assert only(parse(csv_file([school()], columns=columns, titles=titles))) == expected


def test_bom_and_line_ends_do_not_matter() -> None:
    content = csv_file([school()]).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert only(parse(content)) == EXPECTED


def test_blank_lines_and_quoted_cells_are_read() -> None:
    content = csv_file([school(Nom_etablissement='Lycée « A ; B »\n"C"'), school(2)]).replace(
        b"\r\n0590002", b"\r\n\r\n0590002"
    )
    first, second = parse(content).records
    assert (first.name, second.name) == ('Lycée « A ; B » "C"', "Lycée d’essai 2")


def test_json_export_gives_the_same_record() -> None:
    assert only(parse(json_export([school()]))) == EXPECTED


@pytest.mark.parametrize(
    "position", [{"lon": 3.06672, "lat": 50.63331}, "50.63331, 3.06672"], ids=["object", "text"]
)
def test_json_position_stands_in_for_missing_coordinates(position: Any) -> None:
    written = {**json_record(school()), "latitude": None, "position": position}
    del written["longitude"]
    assert only(parse(json.dumps([written]).encode())) == EXPECTED


def test_json_numbers_flags_and_booleans_are_read_like_text() -> None:
    written = {
        **json_record(school()),
        "code_postal": 59012,
        "voie_professionnelle": True,
        "siren_siret": 19590000100017,
    }
    assert only(parse(json.dumps([written]).encode())) == replace(EXPECTED, kind=Kind.POLYVALENT)


def test_page_of_records_is_read_when_it_is_whole() -> None:
    page = {"total_count": 1, "results": [json_record(school())]}
    assert only(parse(json.dumps(page).encode())) == EXPECTED


# --- Perimeter ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        {"Statut_public_prive": "Privé"},
        {"Type_etablissement": "Collège"},
        {"Code_departement": "075"},
        {"etat": "FERME"},
        {"etat": "FERMÉ"},
    ],
    ids=str,
)
def test_rows_that_are_not_ours_are_left_out(cells: dict[str, str]) -> None:
    extract = parse(csv_file([school(1, **cells), school(2)]))
    assert [found.uai for found in extract.records] == [valid_uai(590_002)]
    assert (extract.refused, extract.rows_read) == ((), 2)


@pytest.mark.parametrize("etat", ["OUVERT", "A FERMER", ""])
def test_a_school_not_yet_closed_is_ours(etat: str) -> None:
    assert record(etat=etat) == EXPECTED


def test_perimeter_follows_the_settings(settings: Any) -> None:
    settings.IMPORT_DEPARTMENTS, settings.IMPORT_TYPES = ["2A", "971"], ["Collège"]
    settings.IMPORT_STATUSES = ["Public", "Privé"]
    rows = [
        school(1, Code_departement="02A", Type_etablissement="Collège", latitude="41.92", longitude="8.73"),
        school(2, Code_departement="971", Type_etablissement="Collège", latitude="16.24", longitude="-61.53"),
        school(3),
    ]
    assert [found.department for found in parse(csv_file(rows)).records] == ["2A", "971"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("059", "59"),
        ("59", "59"),
        ("002", "02"),
        ("02", "02"),
        ("2", "02"),
        ("02A", "2A"),
        ("2b", "2B"),
        ("971", "971"),
    ],
)
def test_department_code(written: str, code: str) -> None:
    assert department_code(written) == code


def test_empty_department_is_told_by_the_uai() -> None:
    assert record(Code_departement="") == EXPECTED


@pytest.mark.parametrize("column", ["Type_etablissement", "Statut_public_prive"])
def test_row_that_might_be_ours_is_refused(column: str) -> None:
    assert refusals(school(**{column: ""})) == [(2, "type, statut ou département manquant")]


# --- Values ------------------------------------------------------------------------------------


def test_empty_cells_and_missing_columns_are_none() -> None:
    bare = {
        name: cell for name, cell in school().items() if name in COLUMNS[:4] or name == "Code_departement"
    }
    expected = SchoolRecord(uai="0590001F", name="Lycée d’essai 1", department="59")
    assert only(parse(csv_file([bare]))) == expected
    assert only(parse(csv_file([bare], columns=list(bare)))) == expected


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (("12 rue Haute", "BP 112", ""), "12 rue Haute"),
        (("12 rue Haute", "Cité scolaire", "CS 90 017"), "12 rue Haute, Cité scolaire"),
        (("2 rue Haute", "80093 AMIENS CEDEX 3", ""), "2 rue Haute"),
        (("BP 12", "", ""), None),
    ],
)
def test_address_is_the_lines_a_visitor_can_follow(lines: tuple[str, str, str], address: str | None) -> None:
    assert record(Adresse_1=lines[0], Adresse_2=lines[1], Adresse_3=lines[2]).address == address


@pytest.mark.parametrize("written", ["0300000001", "03.00.00.00.01", "03 00 00 00 01"])
def test_phone_numbers_are_written_one_way(written: str) -> None:
    assert record(Telephone=written).phone == "03 00 00 00 01"


def test_website_without_a_scheme_gets_one() -> None:
    assert record(Web="www.example.org/lycee").website == "http://www.example.org/lycee"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"Voie_professionnelle": "1"}, Kind.POLYVALENT),
        ({"Voie_generale": "0", "Voie_technologique": "0", "Voie_professionnelle": "1"}, Kind.VOCATIONAL),
        ({"Voie_generale": "0"}, Kind.GENERAL_TECHNOLOGICAL),
        ({"Voie_generale": "0", "Voie_technologique": "0"}, Kind.OTHER),
        ({"Lycee_Agricole": "1"}, Kind.GENERAL_TECHNOLOGICAL),
        ({"Lycee_Agricole": "1", "ministere_tutelle": "AGRICULTURE"}, Kind.AGRICULTURAL),
        ({"Lycee_Agricole": "1", "ministere_tutelle": ""}, Kind.AGRICULTURAL),
        ({"ministere_tutelle": "MER"}, Kind.MARITIME),
        ({"libelle_nature": "SECTION D ENSEIGNEMENT PROFESSIONNEL"}, Kind.SECTION),
        ({"Nom_etablissement": "Micro-lycée d’essai", "Voie_generale": ""}, Kind.MICRO_LYCEE),
    ],
    ids=str,
)
def test_kind_is_derived_from_ministry_nature_and_tracks(cells: dict[str, str], kind: Kind) -> None:
    assert record(**cells).kind == kind


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        ("LYCEE POLYVALENT", Kind.POLYVALENT),
        ("LYCEE PROFESSIONNEL", Kind.VOCATIONAL),
        ("LYCEE D ENSEIGNEMENT GENERAL", Kind.GENERAL_TECHNOLOGICAL),
        ("LYCEE ENS GENERAL TECHNO PROF AGRICOLE", Kind.AGRICULTURAL),
        ("LYCEE EXPERIMENTAL", Kind.OTHER),
        ("", None),
    ],
)
def test_nature_speaks_where_tracks_are_silent(nature: str, kind: Kind | None) -> None:
    silent = {"Voie_generale": "", "Voie_technologique": "", "Voie_professionnelle": "1"}
    assert record(libelle_nature=nature, **silent).kind == kind


@pytest.mark.parametrize(
    ("written", "precision"),
    [
        ("Numéro de rue", Precision.SITE),
        ("Rue", Precision.STREET),
        ("Lieu-dit", Precision.STREET),
        ("Ville", Precision.COMMUNE),
        ("Lycée d'accueil", Precision.HOST_SITE),
        ("", None),
        ("autre chose", None),
    ],
)
def test_precision(written: str, precision: Precision | None) -> None:
    assert record(precision_localisation=written).precision == precision


def test_position_is_kept_to_the_metre_and_reads_a_decimal_comma() -> None:
    found = record(latitude="50,633312345", longitude="3.066719999")
    assert (found.latitude, found.longitude) == (50.63331, 3.06672)


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("Mail", "pas une adresse", "email"),
        ("Web", "javascript:alert(1)", "website"),
        ("SIREN_SIRET", "195900001", "siret"),
        ("Nombre_d_eleves", "-3", "pupils"),
        ("Nombre_d_eleves", "99999", "pupils"),
        ("Code_postal", "5900A", "postcode"),
        ("Code_commune", "59", "insee_code"),
        ("Nom_commune", "L" * 101, "commune"),
    ],
)
def test_faulty_optional_value_is_ignored_and_said(column: str, value: str, field: str) -> None:
    extract = parse(csv_file([school(**{column: value})]))
    assert extract.records == (replace(EXPECTED, **{field: None}),)
    (note,) = extract.ignored
    assert (note.line, note.uai) == (2, "0590001F")
    assert note.reason == f"«\u00a0{value[:60]}\u00a0» ignoré dans {column.lower()}"


# --- Refused rows ------------------------------------------------------------------------------

MANGLED = "fichier abîmé par un tableur (Excel)"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (
            "Identifiant_de_l_etablissement",
            "0590001A",
            "UAI « 0590001A » non valable : sept chiffres et leur lettre de contrôle",
        ),
        (
            "Identifiant_de_l_etablissement",
            "",
            "UAI «  » non valable : sept chiffres et leur lettre de contrôle",
        ),
        ("SIREN_SIRET", "1,96E+13", f"« 1,96E+13 » dans siren_siret : {MANGLED}"),
        ("SIREN_SIRET", "2.17e+13", f"« 2.17e+13 » dans siren_siret : {MANGLED}"),
        ("Telephone", "#####", f"« ##### » dans telephone : {MANGLED}"),
        ("Nom_etablissement", "#REF!", f"« #REF! » dans nom_etablissement : {MANGLED}"),
        ("Code_postal", "2404", f"« 2404 » dans code_postal a perdu son zéro : {MANGLED}"),
        ("Code_commune", "2168", f"« 2168 » dans code_commune a perdu son zéro : {MANGLED}"),
        ("Nom_etablissement", "", "nom absent ou de plus de 200 caractères"),
        ("Nom_etablissement", "L" * 201, "nom absent ou de plus de 200 caractères"),
        ("Nom_etablissement", "Lyc\ufffde", "caractère illisible dans nom_etablissement"),
        ("Adresse_1", "rue\x00Haute", "caractère illisible dans adresse_1"),
        ("latitude", "NaN", "position « NaN, 3.06672 » hors de France"),
        ("latitude", "inf", "position « inf, 3.06672 » hors de France"),
        ("latitude", "3.06672", "position « 3.06672, 3.06672 » hors de France"),
        ("longitude", "306672", "position « 50.63331, 306672 » hors de France"),
        ("longitude", "est", "position « 50.63331, est » hors de France"),
    ],
)
def test_row_is_refused_with_its_line_and_reason(column: str, value: str, reason: str) -> None:
    assert refusals(school(2), school(1, **{column: value})) == [(3, reason)]


def test_what_is_wrong_outside_the_perimeter_is_not_our_business() -> None:
    foreign = school(1, Statut_public_prive="Privé", SIREN_SIRET="1,96E+13", latitude="NaN")
    assert refusals(foreign, foreign, school(2)) == []


def test_repeated_row_is_refused_and_the_first_one_kept() -> None:
    extract = parse(csv_file([school(1), school(2), school(1)]))
    assert [found.uai for found in extract.records] == [valid_uai(590_001), valid_uai(590_002)]
    assert [(note.line, note.reason, note.uai) for note in extract.refused] == [
        (4, "doublon de ligne 2", "0590001F")
    ]


def test_contradictory_rows_are_all_refused() -> None:
    other = school(1, Nom_etablissement="Lycée renommé", Telephone="03 00 00 00 02")
    extract = parse(csv_file([school(1), school(2), other]))
    assert [found.uai for found in extract.records] == [valid_uai(590_002)]
    reason = "doublons contradictoires (2, 4)\u00a0: nom, téléphone"
    assert [(note.line, note.reason) for note in extract.refused] == [(2, reason), (4, reason)]


def test_truncated_last_line_is_refused_and_its_school_known() -> None:
    content = csv_file([school(1), school(2)])
    extract = parse(content[: content.rindex(b"03 00")])
    (note,) = extract.refused
    assert (note.line, note.uai) == (3, valid_uai(590_002))
    assert note.reason == "ligne incomplète, 19 cellules sur 72\u00a0: le fichier semble tronqué"


def test_file_cut_inside_a_letter_is_truncated_and_not_wrongly_encoded() -> None:
    content = csv_file([school(1), school(2)])
    (note,) = parse(content[: content.rindex("é".encode()) + 1]).refused
    assert note.reason.startswith("ligne incomplète")


def test_row_with_too_many_cells_is_refused() -> None:
    content = csv_file([school(1), school(2)]).replace(b"rue de l", b"rue; de l", 1)
    (note,) = parse(content).refused
    assert (note.line, note.reason) == (2, "ligne trop longue, 73 cellules pour 72 colonnes")


def test_quote_that_never_closes_is_refused() -> None:
    content = csv_file([school(1), school(2)]).replace(b"Lille", b'"Lille')
    extract = parse(content)
    assert extract.records == ()
    assert extract.refused[0].line == 2
    assert extract.refused[0].reason.startswith("guillemet jamais refermé")


def test_json_record_of_another_shape_is_refused() -> None:
    items = [json_record(school(1)), "texte", {**json_record(school(2)), "nom_commune": ["Lille"]}]
    extract = parse(json.dumps(items).encode())
    assert [(note.line, note.reason, note.uai) for note in extract.refused] == [
        (2, "enregistrement illisible", ""),
        (3, "valeur inattendue dans «\u00a0nom_commune\u00a0»", valid_uai(590_002)),
    ]
    assert extract.row_word == "enregistrement"


def test_page_with_fewer_records_than_announced_is_truncated() -> None:
    page = {"total_count": 276, "results": [json_record(school())]}
    extract = parse(json.dumps(page).encode())
    assert extract.objections == (
        "La source annonce 276 établissements et en donne 1\u00a0: elle est tronquée.",
    )


def test_source_without_a_school_of_ours_is_objected_to() -> None:
    (objection,) = parse(csv_file([school(Statut_public_prive="Privé")])).objections
    assert objection.startswith("Aucun établissement du périmètre dans la source")


# --- Unreadable sources ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Le fichier est vide."),
        (b"\xef\xbb\xbf \r\n", "Le fichier est vide."),
        (
            csv_file([school()]).removeprefix(b"\xef\xbb\xbf").decode().encode("cp1252"),
            "L’encodage n’est pas UTF-8 (ligne 2)",
        ),
        (csv_file([school()]).decode().encode("utf-16"), "L’encodage n’est pas UTF-8 (ligne 1)"),
        (csv_file([school()]).decode("latin-1").encode(), "Les accents sont abîmés"),
        (b"<!doctype html><html></html>", "C’est une page web"),
        (b"PK\x03\x04\x14\x00", "C’est un classeur"),
        (
            b"nom;ville\r\nA;B\r\n",
            "Ce n’est pas l’annuaire : colonnes absentes (identifiant_de_l_etablissement, ",
        ),
        (csv_file([school()]).replace(b";", b","), "Ce n’est pas l’annuaire"),
        (
            csv_file([school()], titles={"Adresse_2": "Adresse_1"}),
            "La colonne « adresse_1 » figure deux fois.",
        ),
        (json_export([school()])[:-40], "Le JSON est coupé ou abîmé"),
        (b"[" * 100_000, "Le JSON est coupé ou abîmé"),
        (
            b'{"error_code": "ODSQLError", "message": "Unknown field"}',
            "Le fichier JSON n’est ni un export ni une page de l’annuaire. (Unknown field)",
        ),
        (b"[]", "Ce n’est pas l’annuaire"),
        (b'"A', "La ligne de titres est illisible"),
    ],
    ids=[
        "empty",
        "blank",
        "cp1252",
        "utf-16",
        "mojibake",
        "web page",
        "workbook",
        "other columns",
        "commas",
        "column twice",
        "json cut",
        "json too deep",
        "portal error",
        "empty list",
        "title line",
    ],
)
def test_unreadable_source_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        parse(content)
    assert str(raised.value).replace("\u00a0", " ").startswith(reason)


# --- Anything at all ---------------------------------------------------------------------------


def parsed_or_refused(content: bytes) -> None:
    """The parser's promise: an extract or UnreadableError, and no record a database would refuse."""
    try:
        extract = parse(content)
    except UnreadableError:
        return
    for found in extract.records:
        School(**found.known()).clean_fields()


@given(st.binary(max_size=400))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    parsed_or_refused(content)


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)))
def test_any_text_in_cells_is_parsed_or_refused(cells: dict[str, str]) -> None:
    content = csv_file([school()]).decode("utf-8-sig").split("\r\n")[0]
    row = {**school(), **cells}
    line = ";".join(row.get(column, "") for column in COLUMNS)
    parsed_or_refused(f"{content}\r\n{line}\r\n".encode("utf-8", "surrogatepass"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["lat", "lon", "x"]), inner),
    max_leaves=5,
)


@given(
    st.lists(st.dictionaries(st.sampled_from([name.lower() for name in COLUMNS]), json_values), max_size=3)
)
def test_any_json_is_parsed_or_refused(changes: list[dict[str, Any]]) -> None:
    items = [{**json_record(school(number)), **change} for number, change in enumerate(changes)]
    parsed_or_refused(json.dumps(items).encode())


@given(st.data())
def test_a_file_cut_anywhere_gives_no_school_half_read(data: st.DataObject) -> None:
    content = csv_file([school(1), school(2), school(3)])
    whole = {found.uai: found for found in parse(content).records}
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    try:
        extract = parse(cut)
    except UnreadableError:
        return
    assert all(whole[found.uai] == found for found in extract.records)
