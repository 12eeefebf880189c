"""The official annuaire of schools: from its text to typed records of our perimeter. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from venues.models import School

from . import formats
from .cells import Cells, RefusedError
from .formats import Row, Table
from .records import Extract, Perimeter, RowNote, SchoolRecord, UnreadableError

REQUIRED = (
    "identifiant_de_l_etablissement",
    "nom_etablissement",
    "type_etablissement",
    "statut_public_prive",
    "code_departement",
)
OPTIONAL = (
    "adresse_1",
    "adresse_2",
    "adresse_3",
    "code_postal",
    "code_commune",
    "nom_commune",
    "libelle_departement",
    "voie_generale",
    "voie_technologique",
    "voie_professionnelle",
    "lycee_agricole",
    "libelle_nature",
    "ministere_tutelle",
    "telephone",
    "mail",
    "web",
    "siren_siret",
    "nombre_d_eleves",
    "latitude",
    "longitude",
    "position",
    "precision_localisation",
    "etat",
)
COLUMNS = frozenset(REQUIRED + OPTIONAL)


def parse(content: bytes, perimeter: Perimeter) -> Extract:
    """Everything the source says of our perimeter. Raises UnreadableError when it is not the annuaire."""
    table = formats.read(content, columns=COLUMNS)
    missing = [name for name in REQUIRED if name not in table.columns]
    if missing:
        raise UnreadableError(
            _("Ce n’est pas l’annuaire : colonnes absentes (%(columns)s). Elles sont séparées par « ; ».")
            % {"columns": ", ".join(missing)}
        )
    return _Reading(perimeter, table).extract()


@dataclass
class _Reading:
    """One pass over the rows of a table."""

    perimeter: Perimeter
    table: Table
    found: list[tuple[int, SchoolRecord]] = field(default_factory=list)
    refused: list[RowNote] = field(default_factory=list)
    ignored: list[RowNote] = field(default_factory=list)

    def extract(self) -> Extract:
        for row in self.table.rows:
            self._take(row)
        records = self._without_duplicates()
        return Extract(
            records=tuple(sorted(records, key=lambda record: record.uai)),
            refused=tuple(sorted(self.refused, key=lambda note: note.line)),
            ignored=tuple(self.ignored),
            objections=tuple(self._objections(records)),
            rows_read=len(self.table.rows),
            row_word=self.table.row_word,
        )

    def _take(self, row: Row) -> None:
        cells = Cells(row)
        try:
            if row.fault:
                raise RefusedError(row.fault)
            if cells.concern(self.perimeter):
                self.found.append((row.line, cells.record()))
        except RefusedError as refusal:
            self.refused.append(RowNote(row.line, str(refusal), cells.likely_uai))
        self.ignored.extend(RowNote(row.line, reason, cells.likely_uai) for reason in cells.ignored)

    def _without_duplicates(self) -> list[SchoolRecord]:
        by_uai: dict[str, list[tuple[int, SchoolRecord]]] = defaultdict(list)
        for line, record in self.found:
            by_uai[record.uai].append((line, record))
        kept = (self._one_of(group) for group in by_uai.values())
        return [record for record in kept if record is not None]

    def _one_of(self, group: list[tuple[int, SchoolRecord]]) -> SchoolRecord | None:
        """The first of equal rows, the others refused; none of rows that contradict each other."""
        (first_line, first), *others = group
        differing = sorted({name for _line, other in others for name in first.contradicts(other)})
        if not differing:
            self._refuse_repeated(others, first_line)
            return first
        lines = ", ".join(str(line) for line, _record in group)
        names = ", ".join(str(School._meta.get_field(name).verbose_name) for name in differing)  # type: ignore[union-attr]
        reason = _("doublons contradictoires (%(lines)s) : %(names)s") % {"lines": lines, "names": names}
        self.refused.extend(RowNote(line, reason, first.uai) for line, _record in group)
        return None

    def _refuse_repeated(self, others: Iterable[tuple[int, SchoolRecord]], first_line: int) -> None:
        reason = _("doublon de %(row)s %(line)d") % {"row": self.table.row_word, "line": first_line}
        self.refused.extend(RowNote(line, reason, record.uai) for line, record in others)

    def _objections(self, records: list[SchoolRecord]) -> Iterable[str]:
        announced, read = self.table.announced, len(self.table.rows)
        if announced is not None and announced != read:
            yield _(
                "La source annonce %(announced)d établissements et en donne %(read)d : elle est tronquée."
            ) % {
                "announced": announced,
                "read": read,
            }
        if not records:
            yield _(
                "Aucun établissement du périmètre dans la source : vérifiez-la, et les réglages IMPORT_*."
            )
