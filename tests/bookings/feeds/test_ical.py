"""The body of a calendar, byte by byte."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.feeds import Entry, Feed
from tests.bookings.feeds.reading import events, titles, unfolded

PARIS = ZoneInfo("Europe/Paris")
GOLDEN = Path(__file__).parent / "golden"
CHANGED = dt.datetime(2026, 10, 2, 9, 15, 30, 999_999, tzinfo=dt.UTC)


def paris(text: str, *, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def entry(start: dt.datetime, end: dt.datetime, **fields: object) -> Entry:
    values = {"uid": "0f0e", "status": "CONFIRMED", "sequence": 0, "changed_at": CHANGED, "title": "Judo"}
    return Entry(start=start, end=end, **{**values, **fields})  # type: ignore[arg-type]


def feed(*entries: Entry, name: str = "Gymnase, parquet – Lycée d’essai") -> Feed:
    return Feed(name=name, stamp="0", changed_at=CHANGED, make_entries=lambda: entries)


def golden_feed() -> Feed:
    full = entry(
        paris("2026-10-22 18:30"),
        paris("2026-10-22 20:30"),
        uid="5c1a3c2e-0000-4000-8000-000000000001",
        sequence=2,
        title="Judo, adultes ; débutants – Club de l’Essai",
        place="Gymnase, bâtiment B – Lycée d’essai, 1 rue de l’Essai, 59000 Lille",
        point=(50.6333, 3.0667),
        url="https://shareloc.example.org/demandes/R-7K2M-9QXD/",
        contact="Intendance, 03 20 00 00 00, intendance@example.org",
        details="Demande R-7K2M-9QXD : acceptée\nNombre de personnes : 20",
    )
    pending = entry(
        paris("2026-12-31 22:00"),
        paris("2027-01-01 04:00"),
        uid="2",
        status="TENTATIVE",
        title="En attente : Bal",
    )
    cancelled = entry(
        paris("2027-05-08 09:00"),
        paris("2027-05-08 10:00"),
        uid="3",
        status="CANCELLED",
        title="Annulé : Chorale",
    )
    return feed(full, pending, cancelled)


@pytest.mark.parametrize(("name", "made"), [("dates", golden_feed()), ("empty", feed())])
def test_golden(name: str, made: Feed):
    assert made.body() == (GOLDEN / f"{name}.ics").read_bytes()


def test_both_clock_changes_in_golden():
    spring = entry(paris("2027-03-28 01:00"), paris("2027-03-28 04:00"), uid="printemps")
    autumn = entry(paris("2026-10-25 01:00"), paris("2026-10-25 04:00"), uid="automne")
    made = feed(autumn, spring)
    assert made.body() == (GOLDEN / "clock_changes.ics").read_bytes()
    lengths = [event.end.astimezone(dt.UTC) - event.start.astimezone(dt.UTC) for event in events(made.body())]
    assert lengths == [dt.timedelta(hours=4), dt.timedelta(hours=2)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # From the first 02:15 to the second one, which local time cannot tell apart.
        (paris("2026-10-25 02:15"), paris("2026-10-25 02:15", fold=1)),
        (paris("2026-10-25 02:30", fold=1), paris("2026-10-25 04:00")),
        (paris("2026-10-25 01:00"), paris("2026-10-25 02:30", fold=1)),
    ],
)
def test_second_of_two_equal_hours_is_said_in_utc(start: dt.datetime, end: dt.datetime):
    (event,) = events(feed(entry(start, end)).body())
    assert (event.start, event.end) == (start.astimezone(dt.UTC), end.astimezone(dt.UTC))
    assert "TZID" not in event["DTSTART"].params
    assert "TZID" not in event["DTEND"].params


def test_first_of_two_equal_hours_is_said_in_local_time():
    body = feed(entry(paris("2026-10-25 02:15"), paris("2026-10-25 04:00"))).body()
    assert "DTSTART;TZID=Europe/Paris:20261025T021500" in unfolded(body)


def test_no_method_no_rule_no_now():
    lines = unfolded(golden_feed().body())
    events_only = lines[lines.index("BEGIN:VEVENT") :]
    assert not [line for line in lines if line.startswith(("METHOD", "ORGANIZER", "EXDATE"))]
    assert not [line for line in events_only if line.startswith(("RRULE", "RDATE"))]
    assert golden_feed().body() == golden_feed().body()


HOSTILE = [
    "Judo\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:faux",
    "Judo\r\nEND:VEVENT\r\nEND:VCALENDAR",
    "Judo\rEND:VEVENT",
    "Judo\u2028END:VEVENT\u2029END:VEVENT\x85END:VEVENT\x0bEND:VEVENT\x0cEND:VEVENT\x1eEND:VEVENT",
    "<script>alert(1)</script>{{7*7}}",
    'a;b,c\\d"e:f',
    "🥋👩‍👩‍👧‍👦 judo é" * 20,
    "é" * 10_000,
    "\x00\x1b[31m\u202eoduj\ufeff",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str):
    when = paris("2026-10-22 18:30"), paris("2026-10-22 20:30")
    body = feed(entry(*when, title=text, place=text, details=text, contact=text), name=text).body()
    lines = unfolded(body)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert lines.count("END:VCALENDAR") == 1
    assert len(body.decode().splitlines()) == body.count(b"\r\n")
    (event,) = events(body)
    assert event["SUMMARY"] == event["LOCATION"] == event["DESCRIPTION"] == event["CONTACT"]
    assert not set(event["SUMMARY"]) & set("\x00\x1b\u202e\ufeff\r\u2028")


@pytest.mark.parametrize("text", ["a;b,c\\d:f", "🥋 judo", "é" * 10_000, "deux\nlignes"])
def test_honest_text_arrives_whole(text: str):
    (event,) = events(feed(entry(paris("2026-10-22 18:30"), paris("2026-10-22 20:30"), details=text)).body())
    assert event["DESCRIPTION"] == text


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), name=st.text(max_size=80))
def test_any_text_makes_a_calendar(text: str, name: str):
    lines = unfolded(
        feed(entry(paris("2026-10-22 18:30"), paris("2026-10-22 20:30"), title=text), name=name).body()
    )
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VCALENDAR") == 1


def test_etag_is_strong_and_follows_name_and_stamp():
    made = feed()
    etags = [dataclasses.replace(made, **other).etag for other in ({}, {"name": "Autre"}, {"stamp": "autre"})]
    assert len(set(etags)) == 3
    assert all(etag[0] == etag[-1] == '"' for etag in etags)


def test_entries_are_made_only_when_asked_for():
    def make() -> list[Entry]:
        raise AssertionError("entries were made")

    made = dataclasses.replace(feed(), make_entries=make)
    assert made.etag == feed().etag
    with pytest.raises(AssertionError, match="entries were made"):
        made.body()


def test_empty_calendar_holds_one_past_event():
    body = feed().body()
    assert titles(body) == ["Calendrier Shareloc\u00a0: aucune date pour l’instant"]
    (event,) = events(body)
    assert event.end < dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
    assert event["TRANSP"] == "TRANSPARENT"
