"""What an organisation keeps on file, once for all schools: put there, replaced, taken off, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shareloc.web import formats, uploads

from .models import Document, User


class Standing(models.TextChoices):
    """How a document stands on a day."""

    ON_FILE = "on_file", gettext_lazy("Au dossier")
    VALID = "valid", gettext_lazy("Valide")
    COMING = "coming", gettext_lazy("À venir")
    SOON = "soon", gettext_lazy("Expire bientôt")
    EXPIRED = "expired", gettext_lazy("Expirée")


def standing(document: Document, today: dt.date) -> Standing:
    if document.valid_until is None:
        return Standing.ON_FILE
    if document.valid_until < today:
        return Standing.EXPIRED
    if document.valid_from is not None and document.valid_from > today:
        return Standing.COMING
    near = (document.valid_until - today).days <= settings.DOCUMENT_REMINDER_DAYS
    return Standing.SOON if near else Standing.VALID


@dataclass(frozen=True)
class Row:
    """A document as lists show it."""

    document: Document
    standing: Standing
    may_remove: bool = False


def rows(found: Iterable[Document], *, removable: Callable[[Document], bool] = lambda _: False) -> list[Row]:
    today = timezone.localdate()
    return [Row(document, standing(document, today), removable(document)) for document in found]


def validity(document: Document) -> str:
    """`valide jusqu’au 31 août 2027`; empty where there is no end."""
    if document.valid_until is None:
        return ""
    return _("valide jusqu’au %(day)s") % {"day": formats.date(document.valid_until)}


def is_followed(document: Document) -> bool:
    """Whether another certificate on file covers the day after this one ends."""
    if document.valid_until is None:
        return False
    others = Document.objects.insurance().filter(organisation=document.organisation_id)
    after = document.valid_until + dt.timedelta(days=1)
    return any(other.covers(after) for other in others.exclude(pk=document.pk))


@transaction.atomic
def deposit(document: Document, *, by: User, replacing: Document | None = None) -> Document:
    """Put a new document on file; the one it replaces is taken off in the same moment."""
    document.created_by = by
    document.save()
    if replacing is not None:
        remove(replacing)
    return document


def remove(document: Document) -> None:
    """Take it off the file. What schools relied on stays readable to them until it is forgotten."""
    Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now())


def attached(document: Document) -> FileResponse:
    """Its file, for whoever may read it: to be saved and never shown in the page's place; 404 where there is none."""
    return uploads.attached(
        document.file, name=_name(document), content_type=document.content_type or uploads.UNKNOWN
    )


def _name(document: Document) -> str:
    """What the file is called when it is saved: `attestation-assurance-12.pdf`."""
    called = {
        Document.Kind.INSURANCE: "attestation-assurance",
        Document.Kind.STATUTES: "statuts",
    }[Document.Kind(document.kind)]
    return f"{called}-{document.pk}.{uploads.ENDINGS.get(document.content_type, 'bin')}"
