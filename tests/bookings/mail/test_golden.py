"""Every mail, letter for letter. After a change that is wanted: UPDATE_GOLDEN=1 pytest, and read the diff."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from bookings import agreements, alerts, expiring, workflow
from bookings.problems import Line
from bookings.workflow import DraftDate, Returned, due
from tests.conftest import Mailbox, paris
from tests.factories import (
    BusyTimeFactory,
    InsuranceFactory,
    SpaceFactory,
    StandingApprovalFactory,
    UserFactory,
)
from venues.models import Space
from venues.periods import Period

from .conftest import Scene

pytestmark = pytest.mark.usefixtures("now")

GOLDEN = Path(__file__).parent / "golden"
HEADERS = ("From", "To", "Reply-To", "Subject", "Auto-Submitted")


def text_of(message: EmailMessage) -> str:
    body: Any = message.get_body(preferencelist=("plain",))
    headers = "".join(f"{name}: {message[name].strip()}\n" for name in HEADERS if message[name])
    return headers + "\n" + settled(body.get_content().replace("\r\n", "\n"))


def html_of(message: EmailMessage) -> str:
    """What it says, not how it looks: that is the same for all mails and another's to change."""
    body: Any = message.get_body(preferencelist=("html",))
    html = body.get_content().replace("\r\n", "\n")
    return settled(re.sub(r"<style>.*?</style>", "<style>…</style>", html, flags=re.DOTALL))


def settled(text: str) -> str:
    """Numbers and signatures that are others in each database."""
    text = re.sub(r"/(salles|dates|organismes)/\d+/", r"/\1/1/", text)
    return re.sub(r"/alertes/arreter/[^/]+/", "/alertes/arreter/SIGNATURE/", text)


def same(name: str, content: str) -> None:
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(content, encoding="utf-8")
    assert content == file.read_text(encoding="utf-8")


def same_mail(name: str, message: EmailMessage) -> None:
    same(f"{name}.txt", text_of(message))
    same(f"{name}.html", html_of(message))


@pytest.fixture
def last(work: Callable[[], None], smtp_server: Mailbox) -> Callable[..., EmailMessage]:
    """`last(by)`: do the verb, let the worker send, and return the mail that person got."""

    def mail_to(address: str, verb: Callable[[], Any]) -> EmailMessage:
        work()
        smtp_server.messages.clear()
        verb()
        work()
        (message,) = [message for message in smtp_server.messages if message["To"] == address]
        return message

    return mail_to


MESSAGE = "Bonjour,\n\nnous cherchons une salle pour nos cours du jeudi.\nMerci d’avance."


def ask(scene: Scene, **values: Any) -> Any:
    """Three Thursdays, the second of which the school needs for a lesson."""
    start = paris("2026-11-12 17:00")
    BusyTimeFactory.create(space=scene.gymnasium, start_at=start, end_at=paris("2026-11-12 19:00"))
    contact = {"contact_name": "Responsable d’essai", "contact_phone": "06 00 00 00 00"}
    return scene.submit("2026-11-05", "2026-11-12", "2026-11-19", message=MESSAGE, **contact, **values)


def test_submitted(scene: Scene, last: Callable[..., EmailMessage]):
    same_mail("submitted", last("demandeur@example.org", lambda: ask(scene)))


def test_to_decide(scene: Scene, last: Callable[..., EmailMessage]):
    same_mail("to_decide", last("gestionnaire@example.org", lambda: ask(scene, chairs=20)))


def test_to_decide_one_date(scene: Scene, last: Callable[..., EmailMessage]):
    same_mail("to_decide_one_date", last("proviseur@example.org", lambda: scene.submit("2026-11-05")))


def test_to_decide_many_dates(scene: Scene, last: Callable[..., EmailMessage]):
    """More dates than a mail spells out, in two rooms."""
    days = [f"2027-{month:02}-{day:02}" for month in (1, 3, 5) for day in range(4, 18)]
    other = SpaceFactory.create(school=scene.school, name="Dojo", capacity=30)

    def two_rooms() -> None:
        request = scene.submit(*days)
        first = request.occurrences.order_by("start_at").first()
        first.spaces.set([other])

    same_mail("to_decide_many_dates", last("gestionnaire@example.org", two_rooms))


def test_approved(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    approve = last("demandeur@example.org", lambda: workflow.approve(request, by=scene.manager))
    same_mail("approved", approve)


def test_approved_in_part(scene: Scene, last: Callable[..., EmailMessage]):
    request = ask(scene, chairs=20)
    approve = last("demandeur@example.org", lambda: workflow.approve(request, by=scene.manager))
    same_mail("approved_in_part", approve)


def test_refused(scene: Scene, last: Callable[..., EmailMessage]):
    request = ask(scene)
    reason = "Le gymnase est en travaux jusqu’à Noël."
    refused = last("demandeur@example.org", lambda: workflow.refuse(request, by=scene.manager, reason=reason))
    same_mail("refused", refused)


def test_withdrawn(scene: Scene, last: Callable[..., EmailMessage]):
    request = ask(scene)
    withdrawn = last("gestionnaire@example.org", lambda: workflow.withdraw(request, by=scene.asker))
    same_mail("withdrawn", withdrawn)


def test_cancelled_by_the_school(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    reason = "Conseil de classe."
    cancelled = last(
        "demandeur@example.org", lambda: workflow.cancel(request, by=scene.manager, reason=reason)
    )
    same_mail("cancelled_by_the_school", cancelled)


def test_cancelled_by_the_organisation(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05", "2026-11-19")
    workflow.approve(request, by=scene.manager)
    reason = "Notre professeur est malade."
    cancelled = last(
        "gestionnaire@example.org", lambda: workflow.cancel(request, by=scene.asker, reason=reason)
    )
    same_mail("cancelled_by_the_organisation", cancelled)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("alert", "q=Lille&within_km=10&date=2026-11-05&start=18:00&end=20:00&capacity=45"),
        ("alert_many_rooms", "kind=gymnasium"),
    ],
)
def test_alert(scene: Scene, last: Callable[..., EmailMessage], name: str, query: str):
    scene.school.spaces.update(published=False)
    filters = alerts.asked_by(query)
    assert filters.is_valid()
    alerts.keep(filters, by=scene.asker, at=timezone.now())

    def lend() -> None:
        scene.school.spaces.update(published=True)
        if name == "alert_many_rooms":
            for number in range(6):
                kind, room = Space.Kind.GYMNASIUM, f"Gymnase {number}"
                SpaceFactory.create(school=scene.school, kind=kind, name=room, hourly_rate=8)
        alerts.fire_due()

    same_mail(name, last("demandeur@example.org", lend))


# -- other dates --------------------------------------------------------------------------------


@pytest.fixture
def offered(scene: Scene) -> Any:
    """Thursday was asked for; the school offers Friday."""
    request = scene.submit("2026-11-05", chairs=20)
    offer(scene, request)
    return request


def offer(scene: Scene, request: Any, **until: dt.datetime) -> None:
    date = request.occurrences.get()
    lines = tuple(Line(line.pool, line.quantity) for line in date.equipment.select_related("pool"))
    place = DraftDate(Period(paris("2026-11-06 18:00"), paris("2026-11-06 20:00")), (scene.gymnasium,), lines)
    reason = "Conseil de classe jeudi."
    workflow.offer(request, by=scene.manager, occurrence=date.pk, to=place, message=reason, **until)


def ask_move(scene: Scene, request: Any) -> None:
    place = DraftDate(Period(paris("2026-11-06 19:00"), paris("2026-11-06 21:00")), (scene.gymnasium,))
    workflow.ask_move(
        request,
        by=scene.asker,
        occurrence=request.occurrences.get().pk,
        to=place,
        message="Notre tournoi change de jour.",
    )


@pytest.fixture
def promised(scene: Scene) -> Any:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    return request


def test_offer(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05", chairs=20)
    same_mail("offer", last("demandeur@example.org", lambda: offer(scene, request)))


def test_an_offer_held_until_midnight_names_its_last_day(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    midnight = paris("2026-10-22 00:00")
    mail = last("demandeur@example.org", lambda: offer(scene, request, expires_at=midnight))
    assert "La salle vous est gardée jusqu’au mercredi 21 octobre 2026 inclus. Acceptez" in text_of(mail)


def test_offer_taken(scene: Scene, offered: Any, last: Callable[..., EmailMessage]):
    taken = last("demandeur@example.org", lambda: workflow.accept_offer(offered, by=scene.asker))
    same_mail("offer_taken", taken)


def test_offer_accepted(scene: Scene, offered: Any, last: Callable[..., EmailMessage]):
    accepted = last("gestionnaire@example.org", lambda: workflow.accept_offer(offered, by=scene.asker))
    same_mail("offer_accepted", accepted)


def test_offer_declined(scene: Scene, offered: Any, last: Callable[..., EmailMessage]):
    declined = last(
        "gestionnaire@example.org",
        lambda: workflow.decline_offer(offered, by=scene.asker, reason="Trop tard pour nous."),
    )
    same_mail("offer_declined", declined)


def test_offer_lapsed(scene: Scene, offered: Any, last: Callable[..., EmailMessage]):
    lapsed = last("demandeur@example.org", lambda: due.lapse(at=paris("2026-10-21 10:00")))
    same_mail("lapsed", lapsed)


def test_move_asked(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    same_mail("move_asked", last("gestionnaire@example.org", lambda: ask_move(scene, promised)))


def test_move_approved(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    ask_move(scene, promised)
    date = promised.occurrences.get().pk
    moved = last(
        "demandeur@example.org",
        lambda: workflow.approve_move(promised, by=scene.manager, occurrence=date),
    )
    same_mail("move_approved", moved)


def test_move_refused(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    ask_move(scene, promised)
    date = promised.occurrences.get().pk
    refused = last(
        "demandeur@example.org",
        lambda: workflow.refuse_move(promised, by=scene.manager, occurrence=date, reason="Examens blancs."),
    )
    same_mail("move_refused", refused)


# -- words --------------------------------------------------------------------------------------

QUESTION = "Combien de voitures ?\nLe parc est petit."


def test_information_asked(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    asked = last(
        "demandeur@example.org", lambda: workflow.ask_information(request, by=scene.manager, text=QUESTION)
    )
    same_mail("information_asked", asked)


def test_information_given(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    workflow.ask_information(request, by=scene.manager, text=QUESTION)
    given = last(
        "gestionnaire@example.org",
        lambda: workflow.answer_information(request, by=scene.asker, text="Une douzaine."),
    )
    same_mail("information_given", given)


def test_message(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05")
    written = last(
        "gestionnaire@example.org",
        lambda: workflow.write_message(
            request, by=scene.asker, side="organisation", text="Bonjour,\n\noù sont les clés ?"
        ),
    )
    same_mail("message", written)


# -- time ---------------------------------------------------------------------------------------


def test_reminder(scene: Scene, last: Callable[..., EmailMessage]):
    scene.submit("2026-11-05")
    reminder = last("gestionnaire@example.org", lambda: due.remind(at=paris("2026-10-18 08:00")))
    same_mail("reminder", reminder)


def test_escalated(scene: Scene, last: Callable[..., EmailMessage]):
    UserFactory.create(email="region@example.org", name="Agent d’essai", is_region_officer=True)
    scene.submit("2026-11-05")
    same_mail("escalated", last("region@example.org", lambda: due.escalate(at=paris("2026-10-22 08:00"))))


def test_expired(scene: Scene, last: Callable[..., EmailMessage]):
    scene.submit("2026-11-05")
    same_mail("expired", last("demandeur@example.org", lambda: due.expire(at=paris("2026-11-05 18:00"))))


def test_missed(scene: Scene, last: Callable[..., EmailMessage]):
    scene.submit("2026-11-05")
    same_mail("missed", last("gestionnaire@example.org", lambda: due.expire(at=paris("2026-11-05 18:00"))))


def test_standing(scene: Scene, last: Callable[..., EmailMessage]):
    scene.gymnasium.needs_insurance = False
    StandingApprovalFactory.create(space=scene.gymnasium, weekday=3, starts_at=dt.time(17), minutes=240)
    same_mail("standing", last("gestionnaire@example.org", lambda: scene.submit("2026-11-05")))


def test_blocked(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    start = paris("2026-11-05 17:00")
    BusyTimeFactory.create(space=scene.gymnasium, start_at=start, end_at=paris("2026-11-05 19:00"))
    same_mail("blocked", last("gestionnaire@example.org", lambda: due.block()))


# -- the day ------------------------------------------------------------------------------------

EVENING, AFTER = "2026-11-05 19:00", "2026-11-05 20:05"


def test_prepare(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    scene.school.emergency_instructions = "Alarme : 18.\nRassemblement dans la cour."
    scene.school.save()
    with time_machine.travel(paris("2026-11-04 08:00"), tick=False):
        same_mail("prepare", last("demandeur@example.org", due.prepare))


def test_afterwards(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    with time_machine.travel(paris(AFTER), tick=False):
        same_mail("afterwards", last("demandeur@example.org", due.take_place))


def report(scene: Scene, request: Any, side: str) -> None:
    workflow.report(
        request,
        by=scene.manager if side == "school" else scene.asker,
        side=side,
        occurrence=request.occurrences.get().pk,
        text="Une vitre est cassée.\nPersonne n’est blessé.",
        photo=ContentFile(b"", name="photo.jpg") if side == "school" else None,
    )


def test_reported_by_the_organisation(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    with time_machine.travel(paris(EVENING), tick=False):
        reported = last("gestionnaire@example.org", lambda: report(scene, promised, "organisation"))
    same_mail("reported_by_the_organisation", reported)


def test_reported_by_the_school(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    with time_machine.travel(paris(EVENING), tick=False):
        reported = last("demandeur@example.org", lambda: report(scene, promised, "school"))
    same_mail("reported_by_the_school", reported)


def test_not_used(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    date = promised.occurrences.get().pk
    with time_machine.travel(paris(AFTER), tick=False):
        said = last(
            "gestionnaire@example.org",
            lambda: workflow.not_used(promised, by=scene.asker, occurrence=date, reason="Grève des bus."),
        )
    same_mail("not_used", said)


def test_no_show(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    date = promised.occurrences.get().pk
    with time_machine.travel(paris(AFTER), tick=False):
        said = last(
            "demandeur@example.org",
            lambda: workflow.no_show(
                promised, by=scene.manager, occurrence=date, reason="La loge a attendu."
            ),
        )
    same_mail("no_show", said)


def test_taken_back(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05", chairs=20)
    workflow.approve(request, by=scene.manager)
    date, returned = request.occurrences.get().pk, {scene.chairs.pk: Returned(18, 1, "Un pied tordu")}
    with time_machine.travel(paris(AFTER), tick=False):
        said = last(
            "demandeur@example.org",
            lambda: workflow.take_back(request, by=scene.manager, occurrence=date, returned=returned),
        )
    same_mail("taken_back", said)


# -- the agreement ------------------------------------------------------------------------------


def sign_all(scene: Scene, agreement: Any) -> None:
    officer = UserFactory.create(email="region@example.org", is_region_officer=True)
    for side, by in (("organisation", scene.asker), ("region", officer), ("school", scene.head)):
        agreements.sign(agreement, side=side, by=by, name="Signataire d’essai", capacity="qualité d’essai")


def test_agreement_to_sign(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    same_mail("agreement_to_sign", last("demandeur@example.org", lambda: agreements.draw_up(promised.pk)))


def test_agreement_to_sign_for_the_school(scene: Scene, promised: Any, last: Callable[..., EmailMessage]):
    drawn = last("proviseur@example.org", lambda: agreements.draw_up(promised.pk))
    same_mail("agreement_to_sign_for_school", drawn)


def test_agreement_to_sign_again(scene: Scene, last: Callable[..., EmailMessage]):
    request = scene.submit("2026-11-05", "2026-11-12")
    first = request.occurrences.order_by("start_at").first()
    workflow.approve(request, by=scene.manager)
    agreements.draw_up(request.pk)
    workflow.cancel(request, by=scene.asker, reason="Malade", occurrences=[first.pk])
    same_mail(
        "agreement_to_sign_again", last("demandeur@example.org", lambda: agreements.draw_up(request.pk))
    )


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("agreement_signed", "demandeur@example.org"),
        ("agreement_signed_by_all", "gestionnaire@example.org"),
    ],
)
def test_agreement_signed(
    scene: Scene, promised: Any, last: Callable[..., EmailMessage], name: str, address: str
):
    agreement = agreements.draw_up(promised.pk)
    same_mail(name, last(address, lambda: sign_all(scene, agreement)))


def test_expiring(scene: Scene, last: Callable[..., EmailMessage]) -> None:
    InsuranceFactory.create(
        organisation=scene.organisation,
        policy_number="P-1234",
        valid_until=timezone.localdate() + dt.timedelta(days=30),
    )
    same_mail("expiring", last(scene.colleague.email, expiring.remind))


def test_no_golden_file_is_left_over():
    told = "\n".join(file.read_text() for file in GOLDEN.parents[1].rglob("test_*.py"))
    named = set(re.findall(r'same_mail\(\s*"(\w+)"|^        \("(\w+)", "', told, re.M))
    named = {name for pair in named for name in pair if name}
    assert {file.name for file in GOLDEN.iterdir()} <= {
        f"{name}.{end}" for name in named for end in ("txt", "html")
    }
