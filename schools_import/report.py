"""What an import says: in French, in the same words for the same data, without a date or a duration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.models import School

from .diff import Change, FieldChange, Plan
from .geocoding import Geocoded
from .records import Extract, RowNote, SchoolRecord


def of(extract: Extract, plan: Plan) -> str:
    """The whole report: a section for each kind of change, then one line of figures."""
    sections = [
        [_("Lignes lues : %(read)d, dont %(ours)d dans le périmètre") % _read(extract)],
        _section(_("Nouveaux"), [_new(record) for record in plan.new]),
        _section(
            _("Modifiés"), [line for change in plan.changed for line in _changed(change)], len(plan.changed)
        ),
        _section(_("Disparus (à fermer)"), [_school(school) for school in plan.gone]),
        _section(_("Refusés"), [_note(extract, note) for note in extract.refused]),
        _section(_("Valeurs ignorées"), [_note(extract, note) for note in extract.ignored]),
        [_figures(extract, plan)],
    ]
    return "\n".join(line for section in sections for line in section)


def geocoded(result: Geocoded) -> str:
    """What geocoding found, and whether the geocoder gave up."""
    found = len(result.found)
    title = ngettext(
        "Géocodage : %(count)d position trouvée", "Géocodage : %(count)d positions trouvées", found
    )
    lines = [title % {"count": found}]
    lines += [f"  {uai}  {place.precision.label}" for uai, place in result.found.items()]
    lines += [f"  {uai}  {_('adresse introuvable')}" for uai in result.unknown]
    if result.failed:
        lines += _failed(result)
    return "\n".join(lines)


def _failed(result: Geocoded) -> Iterator[str]:
    count = len(result.failed)
    text = ngettext(
        "  Le géocodeur ne répond pas bien (%(error)s) : %(count)d lycée reste sans position.",
        "  Le géocodeur ne répond pas bien (%(error)s) : %(count)d lycées restent sans position.",
        count,
    )
    yield text % {"error": result.error, "count": count}
    yield _("  Relancez la même commande plus tard : seuls les lycées sans position seront cherchés.")


def _read(extract: Extract) -> dict[str, int]:
    return {"read": extract.rows_read, "ours": len(extract.records)}


def _section(title: str, lines: list[str], count: int | None = None) -> list[str]:
    return ["", f"{title} : {len(lines) if count is None else count}", *(f"  {line}" for line in lines)]


def _new(record: SchoolRecord) -> str:
    return f"{record.uai}  {record.name}, {record.commune or '—'} ({record.department})"


def _school(school: School) -> str:
    return f"{school.uai}  {school.name}, {school.commune or '—'} ({school.department})"


def _changed(change: Change) -> Iterator[str]:
    yield _school(change.school) + (_(" — rouvert") if change.reopened else "")
    for field in change.fields:
        yield f"  {_label(field.field)} : {_value(field, field.before)} → {_value(field, field.after)}"


def _label(name: str) -> str:
    return str(School._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _value(field: FieldChange, value: Any) -> str:
    if value in (None, ""):
        return _("(vide)")
    if isinstance(value, float):
        return f"{value:.5f}".replace(".", ",")
    labels = dict(School._meta.get_field(field.field).flatchoices)  # type: ignore[union-attr]
    return f"« {labels.get(value, value)} »"


def _note(extract: Extract, note: RowNote) -> str:
    about = f" ({note.uai})" if note.uai else ""
    return f"{extract.row_word} {note.line}{about} : {note.reason}"


def _figures(extract: Extract, plan: Plan) -> str:
    figures = [
        ngettext("%(count)d nouveau", "%(count)d nouveaux", len(plan.new)) % {"count": len(plan.new)},
        ngettext("%(count)d modifié", "%(count)d modifiés", len(plan.changed)) % {"count": len(plan.changed)},
        ngettext("%(count)d rouvert", "%(count)d rouverts", len(plan.reopened))
        % {"count": len(plan.reopened)},
        ngettext("%(count)d disparu", "%(count)d disparus", len(plan.gone)) % {"count": len(plan.gone)},
        ngettext("%(count)d inchangé", "%(count)d inchangés", plan.unchanged) % {"count": plan.unchanged},
        ngettext("%(count)d refusé", "%(count)d refusés", len(extract.refused))
        % {"count": len(extract.refused)},
    ]
    return "\n" + _("Résumé : %(figures)s.") % {"figures": ", ".join(figures)}
