"""How states, kinds of space and stretches of time look: a tone and an icon for each. Pure.

States and kinds are named by their values, because the apps that define them stand above this one;
tests make sure that every one of them has a look.
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """`tone`: free, wait, stop, info or quiet (colours in tokens.css); `icon`: a name in the sprite."""

    tone: str
    icon: str


STATES = {
    # Requests
    "submitted": Look("wait", "send"),
    "information_asked": Look("info", "chat-left-text"),
    "decided": Look("free", "check2-all"),
    "closed": Look("quiet", "flag"),
    # Dates
    "pending": Look("wait", "hourglass-split"),
    "offered": Look("info", "arrow-left-right"),
    "approved": Look("free", "check-circle-fill"),
    "refused": Look("stop", "x-circle-fill"),
    "declined": Look("quiet", "hand-thumbs-down"),
    "withdrawn": Look("quiet", "arrow-counterclockwise"),
    "cancelled": Look("stop", "calendar-x"),
    "expired": Look("quiet", "clock-history"),
    "took_place": Look("free", "calendar-check"),
    "not_used": Look("quiet", "door-closed"),
}
UNKNOWN = Look("quiet", "question-circle")


def of_state(state: str) -> Look:
    return STATES.get(state, UNKNOWN)


# Kinds of space that have a drawing in kinds.svg.
KINDS = frozenset(
    {
        "classroom", "amphitheatre", "gymnasium", "hall", "library", "canteen", "kitchen", "workshop",
        "laboratory", "computer_room", "sports_ground", "car_park", "boarding_room",
    }
)  # fmt: skip

# Stretches of time in week tables and strips: free, taken by a booking, held for somebody, lesson, closed.
SLOTS = frozenset({"free", "taken", "held", "lesson", "closed"})
