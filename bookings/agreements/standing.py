"""Where the agreement of a request stands: its versions, who signed, who is still to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import Agreement, BookingRequest, Occurrence, Signature
from . import covering


@dataclass(frozen=True)
class Side:
    """One party to an agreement, and its signature once there is one."""

    name: str
    label: str
    signature: Signature | None


@dataclass(frozen=True)
class Standing:
    """The versions of a request's agreement, the newest first, beside the dates promised now."""

    versions: list[Agreement]
    # Whether there are dates to agree on, and whether the newest version is about exactly those.
    is_called_for: bool
    is_up_to_date: bool

    @property
    def current(self) -> Agreement | None:
        """The version to be signed or signed; none where it is still to be drawn up, or without object."""
        return self.versions[0] if self.versions and self.is_up_to_date else None

    @property
    def is_missing(self) -> bool:
        """Whether a version is still to be drawn up."""
        return self.is_called_for and not self.is_up_to_date

    @property
    def older(self) -> list[Agreement]:
        return [version for version in self.versions if version != self.current]

    @property
    def sides(self) -> list[Side]:
        """The three parties, in the order in which agreements name them."""
        return sides_of(self.current) if self.current else []

    @property
    def is_complete(self) -> bool:
        return bool(self.sides) and all(side.signature for side in self.sides)

    @property
    def waits_for(self) -> list[str]:
        """Which parties have not signed."""
        return [side.name for side in self.sides if side.signature is None]


def sides_of(agreement: Agreement) -> list[Side]:
    """Who signed this version, and who has not, from its loaded signatures."""
    made = {signature.side: signature for signature in agreement.signatures.all()}
    return [Side(value, str(label), made.get(value)) for value, label in Signature.Side.choices]


def standing_of(asked: BookingRequest, dates: Sequence[Occurrence]) -> Standing:
    """Where it stands, beside these loaded dates of the request; at most two statements."""
    versions = list(asked.agreements.prefetch_related("signatures").order_by("-version"))
    about = covering.agreed(dates)
    fits = bool(about and versions) and versions[0].covers == covering.digest_of(about)
    return Standing(versions, bool(about), fits)
