"""What the shorter mails about a request say: a subject, a few sentences, what to do next.

They share one template (`bookings/mail/news`): only their words differ. `mail` is what they are made
of; the other modules say which mail says what, each of its own time in the life of a request.
"""

from __future__ import annotations

from ..models import Journal
from . import agreement, day, proposals, talking, waiting
from .mail import News

WORDS = {**proposals.WORDS, **talking.WORDS, **waiting.WORDS, **day.WORDS, **agreement.WORDS}


def news(template: str, line: Journal) -> News:
    """The words of that mail of a journal line."""
    return WORDS[template](line)
