"""The words of one mail, and the names that most of them say."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..models import Journal


@dataclass(frozen=True)
class News:
    """The words of one mail: sentences, the dates concerned if `dates`, what comes after them.

    `quote` is somebody's own words, under the title `quoted`.
    """

    # After “Demande R-…”.
    subject: str
    sentences: list[str]
    # On the button; the link leads to the request's page.
    link: str
    quoted: str = ""
    quote: str = ""
    dates: bool = True
    after: str = ""
    # Whose address ends the mail: the school's, or the organisation's.
    contact: str = "school"
    # Where the link leads within the site, if not to the request's page.
    path: str = ""
    # (title, text) of what the school lets its guests know.
    notes: list[tuple[str, str]] = field(default_factory=list)


def names(line: Journal) -> dict[str, str]:
    """Who and what a line of the journal is about, as the sentences name it."""
    request = line.request
    return {
        "school": request.school.name,
        "organisation": request.organisation.name,
        "purpose": request.purpose,
    }
