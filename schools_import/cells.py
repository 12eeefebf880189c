"""One row of the annuaire, read as values. Pure."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from venues import uai as uais
from venues.geo import is_plausible
from venues.models import School
from venues.places import fold

from .formats import Row
from .records import Perimeter, SchoolRecord, department_code

# `2,17E+13`, `#####`, `#REF!`: what a spreadsheet leaves of a number, a narrow column, a formula.
SPREADSHEET_SCAR = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+|#+|#[A-Z/0]+[!?]")
# Lines of an address that lead a letter and not a visitor: `BP 112`, `80093 AMIENS CEDEX 3`.
POSTAL_LINE = re.compile(r"(BP|CS|TSA|B\.P\.)\s*\d[\d\s]*|\d{5} .*|.* CEDEX( \d+)?", re.IGNORECASE)
POSTCODE = re.compile(r"\d{5}")
INSEE_CODE = re.compile(r"\d{5}|2[AB]\d{3}")
FRENCH_PHONE = re.compile(r"0\d{9}")
POSITION = re.compile(r"([^,\s]+)\s*,\s*([^,\s]+)")
MAX_PUPILS = 20_000
# A metre.
DECIMALS = 5

Kind = School.Kind
Precision = School.Precision

PRECISIONS = {
    "numero de rue": Precision.SITE,
    "plaque adresse": Precision.SITE,
    "coordonnees fournies": Precision.SITE,
    "rue": Precision.STREET,
    "voie": Precision.STREET,
    "lieu dit": Precision.STREET,
    "zone d adressage": Precision.STREET,
    "ville": Precision.COMMUNE,
    "commune": Precision.COMMUNE,
    # Written by our own fixture only: the position is that of the lycée in which a section is housed.
    "lycee d accueil": Precision.HOST_SITE,
}
URL = URLValidator(schemes=["http", "https"])


class RefusedError(Exception):
    """A row cannot be trusted; the message, in French, says why."""


class Cells:
    """The cells of one row, read as values. Faulty optional values are noted in `ignored`."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.ignored: list[str] = []

    # -- Is it ours? ----------------------------------------------------------------------------

    @property
    def likely_uai(self) -> str:
        candidate = self.raw("identifiant_de_l_etablissement").upper()
        return candidate if uais.is_valid(candidate) else ""

    @property
    def department(self) -> str:
        """The département's code; an empty cell is told by the UAI, whose first digits are the same code."""
        return department_code(self.raw("code_departement") or self.likely_uai[:3])

    def concern(self, perimeter: Perimeter) -> bool:
        """Whether this row is an open school of ours. Raises RefusedError when that cannot be known."""
        kind, status = self.raw("type_etablissement"), self.raw("statut_public_prive")
        if not perimeter.may_hold(kind=kind, status=status, department=self.department):
            return False
        if not (kind and status and self.department):
            raise RefusedError(_("type, statut ou département manquant"))
        return not fold(self.raw("etat")).startswith("ferme")

    # -- The record -----------------------------------------------------------------------------

    def record(self) -> SchoolRecord:
        """The school of this row. Raises RefusedError."""
        self._check_scars()
        latitude, longitude = self._position()
        return SchoolRecord(
            uai=self._uai(),
            name=self._name(),
            department=self.department,
            kind=self._kind(),
            address=self._address(),
            postcode=self._code("code_postal", POSTCODE),
            commune=self._text("nom_commune", 100),
            insee_code=self._code("code_commune", INSEE_CODE),
            department_name=self._text("libelle_departement", 60),
            phone=self._phone(),
            email=self._email(),
            website=self._website(),
            siret=self._siret(),
            pupils=self._pupils(),
            latitude=latitude,
            longitude=longitude,
            precision=PRECISIONS.get(fold(self.raw("precision_localisation"))),
        )

    def raw(self, column: str) -> str:
        """The cell without surrounding or doubled spaces; empty when it is absent."""
        return " ".join(self.row.cells.get(column, "").split())

    def _check_scars(self) -> None:
        for column in self.row.cells:
            value = self.raw(column)
            if SPREADSHEET_SCAR.fullmatch(value):
                raise RefusedError(
                    _("« %(value)s » dans %(column)s : fichier abîmé par un tableur (Excel)")
                    % {"value": value[:40], "column": column}
                )
            if any(unicodedata.category(char) in {"Cc", "Cs"} or char == "\ufffd" for char in value):
                raise RefusedError(_("caractère illisible dans %(column)s") % {"column": column})

    def _uai(self) -> str:
        if self.likely_uai:
            return self.likely_uai
        raise RefusedError(
            _("UAI « %(uai)s » non valable : sept chiffres et leur lettre de contrôle")
            % {"uai": self.raw("identifiant_de_l_etablissement")[:20]}
        )

    def _name(self) -> str:
        name = self.raw("nom_etablissement")
        if not 0 < len(name) <= 200:
            raise RefusedError(_("nom absent ou de plus de 200 caractères"))
        return name

    def _ignore(self, column: str) -> None:
        value = self.raw(column)[:60]
        self.ignored.append(_("« %(value)s » ignoré dans %(column)s") % {"value": value, "column": column})

    def _text(self, column: str, longest: int) -> str | None:
        text = self.raw(column)
        if len(text) > longest:
            self._ignore(column)
            return None
        return text or None

    def _address(self) -> str | None:
        """The lines of the address that a visitor can follow."""
        lines = (self.raw(column) for column in ("adresse_1", "adresse_2", "adresse_3"))
        address = ", ".join(line for line in lines if line and not POSTAL_LINE.fullmatch(line))
        if len(address) > 250:
            self._ignore("adresse_1")
            return None
        return address or None

    def _code(self, column: str, shape: re.Pattern[str]) -> str | None:
        code = self.raw(column).replace(" ", "").upper()
        if not code or shape.fullmatch(code):
            return code or None
        if code.isdecimal() and len(code) == 4:
            raise RefusedError(
                _("« %(value)s » dans %(column)s a perdu son zéro : fichier abîmé par un tableur (Excel)")
                % {"value": code, "column": column}
            )
        self._ignore(column)
        return None

    def _phone(self) -> str | None:
        """French numbers two digits at a time, however they were written."""
        digits = re.sub(r"[\s.\-]", "", self.raw("telephone"))
        if FRENCH_PHONE.fullmatch(digits):
            return " ".join(digits[start : start + 2] for start in range(0, 10, 2))
        return self._text("telephone", 30)

    def _email(self) -> str | None:
        email = self._text("mail", 254)
        try:
            if email:
                validate_email(email)
        except ValidationError:
            self._ignore("mail")
            return None
        return email

    def _website(self) -> str | None:
        website = self._text("web", 290)
        if website is None:
            return None
        address = website if "://" in website else f"http://{website}"
        try:
            URL(address)
        except ValidationError:
            self._ignore("web")
            return None
        return address

    def _siret(self) -> str | None:
        siret = self.raw("siren_siret").replace(" ", "")
        if siret and not (siret.isascii() and siret.isdecimal() and len(siret) == 14):
            self._ignore("siren_siret")
            return None
        return siret or None

    def _pupils(self) -> int | None:
        number = self.raw("nombre_d_eleves").removesuffix(".0")
        if not number:
            return None
        if number.isascii() and number.isdecimal() and len(number) <= 5 and int(number) <= MAX_PUPILS:
            return int(number)
        self._ignore("nombre_d_eleves")
        return None

    def _position(self) -> tuple[float, float] | tuple[None, None]:
        latitude, longitude = self.raw("latitude"), self.raw("longitude")
        if not (latitude and longitude):
            pair = self.raw("position")
            if not pair:
                return None, None
            match = POSITION.fullmatch(pair)
            latitude, longitude = match.groups() if match else (pair, "")
        return self._degrees(latitude, longitude)

    def _degrees(self, latitude: str, longitude: str) -> tuple[float, float]:
        try:
            point = tuple(round(float(text.replace(",", ".")), DECIMALS) for text in (latitude, longitude))
        except ValueError:
            point = (float("nan"), float("nan"))
        if not is_plausible(*point, department=self.department):
            raise RefusedError(
                _("position « %(latitude)s, %(longitude)s » hors de France")
                % {"latitude": latitude[:30], "longitude": longitude[:30]}
            )
        return point[0], point[1]

    # -- What kind of school --------------------------------------------------------------------

    def _flag(self, column: str) -> bool | None:
        return {"1": True, "0": False, "oui": True, "non": False}.get(fold(self.raw(column)))

    def _kind(self) -> str | None:
        """What the ministry, the nature and the tracks make of it; None when none of them is told."""
        nature, ministry = fold(self.raw("libelle_nature")), fold(self.raw("ministere_tutelle"))
        return (
            _kind_by_ministry(ministry, agricultural=self._flag("lycee_agricole"))
            or _kind_by_name(nature, fold(self.raw("nom_etablissement")))
            or self._kind_by_tracks()
            or _kind_by_nature(nature)
        )

    def _kind_by_tracks(self) -> Kind | None:
        academic = _either(self._flag("voie_generale"), self._flag("voie_technologique"))
        match academic, self._flag("voie_professionnelle"):
            case True, True:
                return Kind.POLYVALENT
            case True, False:
                return Kind.GENERAL_TECHNOLOGICAL
            case False, True:
                return Kind.VOCATIONAL
            case False, False:
                return Kind.OTHER
        return None


def _either(first: bool | None, second: bool | None) -> bool | None:
    """Whether one of the two holds; None while an unknown one might."""
    if first or second:
        return True
    return None if first is None or second is None else False


def _kind_by_ministry(ministry: str, *, agricultural: bool | None) -> Kind | None:
    """A lycée of Éducation nationale may teach farming without being a lycée agricole."""
    if ministry == "mer":
        return Kind.MARITIME
    if "agriculture" in ministry or (agricultural and not ministry):
        return Kind.AGRICULTURAL
    return None


def _kind_by_name(nature: str, name: str) -> Kind | None:
    if nature.startswith("section"):
        return Kind.SECTION
    if name.startswith("micro lycee"):
        return Kind.MICRO_LYCEE
    return None


def _kind_by_nature(nature: str) -> Kind | None:
    if "agricole" in nature:
        return Kind.AGRICULTURAL
    if "polyvalent" in nature:
        return Kind.POLYVALENT
    if "professionnel" in nature:
        return Kind.VOCATIONAL
    if "general" in nature or "technologique" in nature:
        return Kind.GENERAL_TECHNOLOGICAL
    return Kind.OTHER if nature else None
