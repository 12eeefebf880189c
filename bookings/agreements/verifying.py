"""What anybody may learn of an agreement from its number, its hash or its file: which version, signed by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ..models import Agreement, Occurrence
from ..states import AGREED
from .standing import Side, sides_of

DIGEST = re.compile("[0-9a-f]{64}")
# Not written by hand: hyphens that a copy from a document may bring.
HYPHENS = re.compile("[\N{HYPHEN}-\N{EM DASH}]")


@dataclass(frozen=True)
class Verified:
    """One version, as anybody may know it: parties by what they are, never by name."""

    agreement: Agreement
    sides: list[Side]
    # The version that replaced it.
    replaced_by: int | None
    # Whether dates are left that it is about.
    has_dates: bool

    @property
    def is_complete(self) -> bool:
        return all(side.signature for side in self.sides)


def find(text: str) -> Verified | None:
    """The version with this hash, or the newest with this number; capitals, spaces and hyphens are forgiven."""
    said = HYPHENS.sub("-", "".join(text.split()))
    versions = Agreement.objects.prefetch_related("signatures")
    if DIGEST.fullmatch(said.lower()):
        found = versions.filter(digest=said.lower()).first()
    else:
        found = versions.filter(number=said.upper()).order_by("version").last()
    return _verified(found) if found else None


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of a file, read piece by piece."""
    total = sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()


def _verified(agreement: Agreement) -> Verified:
    dates = Occurrence.objects.filter(request=agreement.request_id, state__in=AGREED)
    return Verified(agreement, sides_of(agreement), agreement.replaced_by(), dates.exists())
