"""Reading a calendar as strictly as the standard is written, for tests."""

from __future__ import annotations

import icalendar


def unfolded(body: bytes) -> list[str]:
    """The content lines of a body, after checking how they are laid down."""
    assert body.endswith(b"\r\n")
    assert not body.startswith(b"\xef\xbb\xbf")
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(body: bytes) -> list[icalendar.Event]:
    """The VEVENTs of a body, in order."""
    return list(icalendar.Calendar.from_ical(body).events)


def titles(body: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(body)]
