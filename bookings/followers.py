"""What else follows from a line of the journal, besides mail: whoever does it registers here (`apps`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .models import Journal
from .states import Verb

Follower = Callable[[Journal], None]
_FOLLOWERS: dict[str, list[Follower]] = {}


def follow(verbs: Iterable[Verb], act: Follower) -> None:
    """Have `act` called with each new line of these verbs, in its transaction: it queues a task, no more."""
    for verb in verbs:
        _FOLLOWERS.setdefault(verb, []).append(act)


def queue(line: Journal) -> None:
    for act in _FOLLOWERS.get(line.verb, ()):
        act(line)
