"""Makers of sources in the shapes of the annuaire, from invented schools."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from schools_import import annuaire
from schools_import.records import Extract, Perimeter
from tests.factories import valid_uai

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "fixtures" / "lycees.csv"

# The titles of the official export of 2024.
TITLES = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;"
    "Adresse_2;Adresse_3;Code_postal;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;"
    "Ecole_maternelle;Ecole_elementaire;Voie_generale;Voie_technologique;Voie_professionnelle;Telephone;"
    "Fax;Web;Mail;Restauration;Hebergement;ULIS;Apprentissage;Segpa;Section_arts;Section_cinema;"
    "Section_theatre;Section_sport;Section_internationale;Section_europeenne;Lycee_Agricole;"
    "Lycee_militaire;Lycee_des_metiers;Post_BAC;Appartenance_Education_Prioritaire;GRETA;SIREN_SIRET;"
    "Nombre_d_eleves;Fiche_onisep;position;Type_contrat_prive;Libelle_departement;Libelle_academie;"
    "Libelle_region;coordX_origine;coordY_origine;epsg_origine;nom_circonscription;latitude;longitude;"
    "precision_localisation;date_ouverture;date_maj_ligne;etat;ministere_tutelle;multi_uai;rpi_concentre;"
    "rpi_disperse;code_nature;libelle_nature;Code_type_contrat_prive;PIAL;etablissement_mere;"
    "type_rattachement_etablissement_mere;code_circonscription;code_zone_animation_pedagogique;"
    "libelle_zone_animation_pedagogique;code_bassin_formation;libelle_bassin_formation"
)
COLUMNS = TITLES.split(";")

Cells = dict[str, str]


def school(number: int = 1, **cells: str) -> Cells:
    """The cells of an invented lycée of the perimeter; `cells` replaces some."""
    return {
        "Identifiant_de_l_etablissement": valid_uai(590_000 + number),
        "Nom_etablissement": f"Lycée d’essai {number}",
        "Type_etablissement": "Lycée",
        "Statut_public_prive": "Public",
        "Adresse_1": f"{number} rue de l’Essai",
        "Adresse_2": "BP 112",
        "Code_postal": "59012",
        "Code_commune": "59350",
        "Nom_commune": "Lille",
        "Code_departement": "059",
        "Voie_generale": "1",
        "Voie_technologique": "1",
        "Voie_professionnelle": "0",
        "Telephone": "03 00 00 00 01",
        "Mail": f"lycee{number}@example.org",
        "Web": f"https://lycee{number}.example.org/",
        "Lycee_Agricole": "0",
        "SIREN_SIRET": "19590000100017",
        "Nombre_d_eleves": "800",
        "position": "50.63331, 3.06672",
        "Libelle_departement": "Nord",
        "latitude": "50.63331",
        "longitude": "3.06672",
        "precision_localisation": "Numéro de rue",
        "etat": "OUVERT",
        "ministere_tutelle": "MINISTERE DE L'EDUCATION NATIONALE",
        "libelle_nature": "LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE",
        **cells,
    }


def csv_file(
    schools: list[Cells], *, columns: list[str] = COLUMNS, titles: dict[str, str] | None = None
) -> bytes:
    """The official CSV: BOM, semicolons, CRLF. `titles` spells some columns otherwise."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([(titles or {}).get(column, column) for column in columns])
    writer.writerows([[cells.get(column, "") for column in columns] for cells in schools])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def json_record(cells: Cells) -> dict[str, Any]:
    """One object of the JSON export: lower-case keys, null for what is empty, position as an object."""
    record: dict[str, Any] = {column.lower(): cells.get(column) or None for column in COLUMNS}
    record["nombre_d_eleves"] = int(cells["Nombre_d_eleves"]) if cells.get("Nombre_d_eleves") else None
    for column in ("latitude", "longitude"):
        record[column] = float(cells[column]) if cells.get(column) else None
    if record["latitude"] is not None:
        record["position"] = {"lon": record["longitude"], "lat": record["latitude"]}
    return record


def json_export(schools: list[Cells]) -> bytes:
    """The bare array of the JSON export."""
    return json.dumps([json_record(cells) for cells in schools], ensure_ascii=False).encode()


def parse(content: bytes) -> Extract:
    return annuaire.parse(content, Perimeter.from_settings())


def sample() -> Path:
    """The real extract of 19 March 2024, which is not part of the project; the test is skipped without it."""
    path = Path(
        os.environ.get("ANNUAIRE_SAMPLE") or ROOT.parent / "shared" / "data" / "annuaire_hdf_2024-03-19.csv"
    )
    if not path.is_file():
        pytest.skip("extrait réel de l’annuaire absent : définissez ANNUAIRE_SAMPLE")
    return path
