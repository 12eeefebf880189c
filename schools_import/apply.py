"""From an extract to our schools: what it would change, whether it is sane, and the writing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from venues.models import School

from . import report
from .diff import Change, Plan, diff
from .models import ImportRun
from .records import RECORD_FIELDS, Extract, Perimeter

# What a changed school may carry along with the fields of its record.
WRITTEN_FIELDS = [
    *(name for name in RECORD_FIELDS if name != "uai"),
    "closed_on",
    "search_text",
    "changed_at",
]
BATCH = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import found and did. `run` is None when nothing was written."""

    plan: Plan
    objections: tuple[str, ...]
    run: ImportRun | None = None


def preview(extract: Extract, perimeter: Perimeter) -> Outcome:
    """What `import_schools` would do now. Writes nothing."""
    plan = diff(School.objects.all(), extract, perimeter)
    return Outcome(plan, tuple(objections(extract, plan)))


@transaction.atomic
def import_schools(
    extract: Extract, perimeter: Perimeter, *, source: str, content: bytes, force: bool = False
) -> Outcome:
    """Write what the extract says, all or nothing; nothing when there are objections and no `force`.

    Schools are locked while they are compared, so that two imports do not mix.
    """
    plan = diff(School.objects.select_for_update().order_by("pk"), extract, perimeter)
    found = tuple(objections(extract, plan))
    if found and not force:
        return Outcome(plan, found)
    _write(plan)
    run = ImportRun.objects.create(
        source=source[:500],
        digest=hashlib.sha256(content).hexdigest(),
        forced=bool(found),
        rows_read=extract.rows_read,
        new=len(plan.new),
        changed=len(plan.changed),
        gone=len(plan.gone),
        refused=len(extract.refused),
        summary=report.of(extract, plan),
    )
    return Outcome(plan, found, run)


def objections(extract: Extract, plan: Plan) -> Iterator[str]:
    """Why this extract should not be written, in French; each can be overridden by `force`."""
    yield from extract.objections
    if count := len(extract.refused):
        yield ngettext("%(count)d ligne refusée.", "%(count)d lignes refusées.", count) % {"count": count}
    if plan.loss > settings.IMPORT_MAX_LOSS:
        yield _too_many_gone(plan)


def _too_many_gone(plan: Plan) -> str:
    count = len(plan.gone)
    text = ngettext(
        "%(gone)d lycée sur %(open)d disparaîtrait (seuil : %(limit)s %%). Source complète ?",
        "%(gone)d lycées sur %(open)d disparaîtraient (seuil : %(limit)s %%). Source complète ?",
        count,
    )
    limit = f"{settings.IMPORT_MAX_LOSS * 100:g}".replace(".", ",")
    return text % {"gone": count, "open": plan.open_before, "limit": limit}


def _write(plan: Plan) -> None:
    new = [School(**record.known()) for record in plan.new]
    changed = [_changed(change) for change in plan.changed]
    gone = [_closed(school) for school in plan.gone]
    for school in (*new, *changed, *gone):
        school.refresh_search_text()
        school.changed_at = timezone.now()
    School.objects.bulk_create(new, batch_size=BATCH)
    School.objects.bulk_update([*changed, *gone], WRITTEN_FIELDS, batch_size=BATCH)


def _changed(change: Change) -> School:
    """A copy as it will be: the plan keeps the school as it was, for the report."""
    school = copy(change.school)
    for field in change.fields:
        setattr(school, field.field, field.after)
    school.closed_on = None
    return school


def _closed(school: School) -> School:
    closed = copy(school)
    closed.closed_on = timezone.localdate()
    return closed
