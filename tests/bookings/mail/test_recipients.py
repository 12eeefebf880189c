"""Who is told what: exactly these people, and nobody who cannot or must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from bookings import agreements, audience, mails, workflow
from bookings.models import Delivery, Journal
from bookings.states import Verb
from shareloc.accounts.models import Membership
from tests.conftest import Mailbox
from tests.factories import MembershipFactory, SchoolRoleFactory, UserFactory
from venues.models import SchoolRole

from .conftest import Scene, told

pytestmark = pytest.mark.usefixtures("now")

ASKER, COLLEAGUE = "demandeur@example.org", "collegue@example.org"
MANAGER, HEAD = "gestionnaire@example.org", "proviseur@example.org"

Work = Callable[[], None]


def addresses(mailbox: Mailbox) -> list[str]:
    return [address for address, _subject in told(mailbox)]


def test_each_verb_tells_exactly_these(scene: Scene, work: Work, smtp_server: Mailbox):
    request = scene.submit("2026-11-05", "2026-11-12", "2026-11-19")
    first, second, third = request.occurrences.order_by("start_at")
    assert told(smtp_server) == []
    work()
    assert addresses(smtp_server) == [ASKER, MANAGER, HEAD]

    workflow.approve(request, by=scene.manager, occurrences=[first.pk, second.pk])
    work()
    assert addresses(smtp_server) == [ASKER]

    workflow.refuse(request, by=scene.head, reason="Travaux", occurrences=[third.pk])
    work()
    assert addresses(smtp_server) == [ASKER]

    workflow.cancel(request, by=scene.manager, reason="Examens", occurrences=[first.pk])
    work()
    assert addresses(smtp_server) == [ASKER]

    workflow.cancel(request, by=scene.asker, reason="Empêchement", occurrences=[second.pk])
    work()
    assert addresses(smtp_server) == [MANAGER, HEAD]
    assert not Journal.objects.filter(notified_at=None).exists()


def test_withdrawn_tells_the_school_and_the_asker_of_a_colleague(
    scene: Scene, work: Work, smtp_server: Mailbox
):
    request = scene.submit()
    work()
    told(smtp_server)
    workflow.withdraw(request, by=scene.colleague)
    work()
    assert addresses(smtp_server) == [ASKER, MANAGER, HEAD]


def test_templates_go_to_their_side(scene: Scene):
    line = scene.submit().journal.get()
    assert [(person.email, template) for person, template in audience.recipients(line)] == [
        (ASKER, "submitted"),
        (MANAGER, "to_decide"),
        (HEAD, "to_decide"),
    ]


# A signature is told when it is the last; what is read on the page; equipment that came back whole.
SILENT = {Verb.SIGN, Verb.ARRIVE, Verb.REVIEW, Verb.HAND_OVER, Verb.TAKE_BACK}


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_its_mail(scene: Scene, verb: Verb):
    UserFactory.create(is_region_officer=True)
    request = scene.submit()
    line = Journal.objects.create(
        request=request,
        verb=verb,
        at=request.submitted_at,
        data={"occurrences": [], "side": "school", "complete": False},
    )
    assert bool(audience.recipients(line)) == (verb not in SILENT)


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (Verb.OFFER, {ASKER: "offer"}),
        (Verb.ACCEPT_OFFER, {ASKER: "offer_taken", MANAGER: "offer_accepted", HEAD: "offer_accepted"}),
        (Verb.DECLINE_OFFER, {MANAGER: "offer_declined", HEAD: "offer_declined"}),
        (Verb.ASK_MOVE, {MANAGER: "move_asked", HEAD: "move_asked"}),
        (Verb.APPROVE_MOVE, {ASKER: "move_approved"}),
        (Verb.REFUSE_MOVE, {ASKER: "move_refused"}),
        (Verb.ASK_INFORMATION, {ASKER: "information_asked"}),
        (Verb.ANSWER_INFORMATION, {MANAGER: "information_given", HEAD: "information_given"}),
    ],
)
def test_who_learns_what(scene: Scene, verb: Verb, told: dict[str, str]):
    request = scene.submit()
    by_school = verb in mails.BY_SCHOOL
    line = Journal.objects.create(
        request=request,
        verb=verb,
        at=request.submitted_at,
        actor=UserFactory.create() if by_school else scene.asker,
        data={"occurrences": []},
    )
    assert {person.email: template for person, template in audience.recipients(line)} == told


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("asker", {MANAGER, HEAD}),
        ("colleague", {ASKER, MANAGER, HEAD}),
        ("manager", {ASKER, HEAD}),
        ("head", {ASKER, MANAGER}),
    ],
)
def test_a_problem_is_told_to_everybody_concerned_but_who_reports_it(scene: Scene, who: str, told: set[str]):
    request = scene.submit()
    side = "organisation" if who in ("asker", "colleague") else "school"
    line = Journal.objects.create(
        request=request,
        verb=Verb.REPORT,
        at=request.submitted_at,
        actor=getattr(scene, who),
        data={"occurrences": [request.occurrences.get().pk], "side": side, "incident": 0},
    )
    found = audience.recipients(line)
    assert {person.email for person, _template in found} == told
    for person, template in found:
        body = mails.message(Delivery(journal=line, recipient=person, template=template), line).body
        other = "Contact du lycée" if person == scene.asker else "Contact de l’organisme"
        own = "Contact de l’organisme" if person == scene.asker else "Contact du lycée"
        assert (other in body, own in body) == (True, False)


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (Verb.APPROVE, {ASKER: "approved", MANAGER: "standing", HEAD: "standing"}),
        (Verb.LAPSE, {ASKER: "lapsed", MANAGER: "lapsed", HEAD: "lapsed"}),
        (Verb.REMIND, {MANAGER: "reminder", HEAD: "reminder"}),
        (Verb.ESCALATE, {"region@example.org": "escalated"}),
        (Verb.EXPIRE, {ASKER: "expired", MANAGER: "missed", HEAD: "missed"}),
        (Verb.BLOCK, {MANAGER: "blocked", HEAD: "blocked"}),
    ],
)
def test_what_the_program_does_is_told(scene: Scene, verb: Verb, told: dict[str, str]):
    UserFactory.create(is_region_officer=True, email="region@example.org")
    request = scene.submit()
    line = Journal.objects.create(
        request=request, verb=verb, at=request.submitted_at, data={"occurrences": []}
    )
    assert {person.email: template for person, template in audience.recipients(line)} == told


def test_everybody_chooses_what_they_do_without(scene: Scene):
    scene.manager.muted_mails = ["to_decide", "a kind of another time"]
    scene.manager.save()
    line = Journal.objects.get(request=scene.submit())
    assert [person.email for person, _template in audience.recipients(line)] == [ASKER, HEAD]


def test_decisions_always_come(scene: Scene):
    scene.asker.muted_mails = list(audience.KINDS)
    scene.asker.save()
    request = scene.submit()
    workflow.approve(request, by=scene.manager)
    told = [audience.recipients(line) for line in request.journal.order_by("pk")]
    assert [[(p.email, t) for p, t in found if p == scene.asker] for found in told] == [
        [],
        [(ASKER, "approved")],
    ]


def test_a_verb_rolled_back_tells_nobody(scene: Scene, work: Work, smtp_server: Mailbox):
    class Interrupted(Exception):
        pass

    def interrupted() -> None:
        with transaction.atomic():
            scene.submit()
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    work()
    assert told(smtp_server) == []
    assert not Delivery.objects.exists()


def test_unverified_and_inactive_people_are_not_written_to(scene: Scene, work: Work, smtp_server: Mailbox):
    EmailAddress.objects.filter(user=scene.manager).update(verified=False)
    scene.head.is_active = False
    scene.head.save()
    scene.submit()
    work()
    assert addresses(smtp_server) == [ASKER]


def test_an_address_changed_but_not_verified_gets_nothing(scene: Scene, work: Work, smtp_server: Mailbox):
    scene.manager.email = "faute-de-frappe@example.org"
    scene.manager.save()
    scene.submit()
    work()
    assert addresses(smtp_server) == [ASKER, HEAD]


def test_who_decides_no_more_when_the_mail_leaves_gets_none(scene: Scene, work: Work, smtp_server: Mailbox):
    scene.submit()
    SchoolRole.objects.filter(user=scene.manager).delete()
    work()
    assert addresses(smtp_server) == [ASKER, HEAD]


def test_the_loge_and_other_schools_are_not_asked_to_decide(scene: Scene, work: Work, smtp_server: Mailbox):
    SchoolRoleFactory.create(school=scene.school, role=SchoolRole.Role.CARETAKER)
    SchoolRoleFactory.create()
    scene.submit()
    work()
    assert addresses(smtp_server) == [ASKER, MANAGER, HEAD]


def test_an_asker_who_left_is_replaced_by_the_administrators(scene: Scene, work: Work, smtp_server: Mailbox):
    # An administrator elsewhere who is a plain member here is no administrator here.
    plain = MembershipFactory.create(organisation=scene.organisation).user
    MembershipFactory.create(user=plain, role=Membership.Role.ADMIN)
    Membership.objects.filter(user=scene.asker).delete()
    scene.submit()
    work()
    assert addresses(smtp_server) == [COLLEAGUE, MANAGER, HEAD]


def test_one_mail_to_who_has_two_roles(scene: Scene, work: Work, smtp_server: Mailbox):
    SchoolRoleFactory.create(school=scene.school, user=scene.manager, role=SchoolRole.Role.HEAD)
    SchoolRoleFactory.create(school=scene.school, user=scene.asker)
    scene.submit()
    work()
    assert addresses(smtp_server) == [ASKER, MANAGER, HEAD]


def test_done_by_the_program_both_sides_are_told(scene: Scene):
    request = scene.submit()
    workflow.approve(request, by=scene.manager)
    workflow.cancel(request, by=None, reason="Fermeture du lycée")
    line = request.journal.get(verb=Verb.CANCEL)
    assert [person.email for person, _template in audience.recipients(line)] == [ASKER, MANAGER, HEAD]


def test_nobody_left_to_tell(scene: Scene, work: Work, smtp_server: Mailbox):
    request = scene.submit()
    for person in (scene.asker, scene.colleague, scene.manager, scene.head):
        person.is_active = False
        person.save()
    work()
    assert told(smtp_server) == []
    assert request.journal.get().notified_at is not None


def test_answers_go_to_the_other_side(scene: Scene, work: Work, smtp_server: Mailbox):
    scene.submit()
    work()
    assert [(m["To"], m["Reply-To"]) for m in smtp_server.messages] == [
        (ASKER, "lycee@example.org"),
        (MANAGER, ASKER),
        (HEAD, ASKER),
    ]


def test_a_colleague_answers_the_school_too(scene: Scene, work: Work, smtp_server: Mailbox):
    scene.submit()
    stranger = UserFactory.create()
    Membership.objects.filter(user=scene.asker).update(user=stranger)
    work()
    assert smtp_server.messages[0]["To"] == COLLEAGUE
    assert smtp_server.messages[0]["Reply-To"] == "lycee@example.org"


@pytest.mark.usefixtures("agreements_too")
def test_an_agreement_is_to_be_signed_then_signed(scene: Scene, work: Work, smtp_server: Mailbox):
    """The worker draws it up after the approval; each side is told once, at the end whoever signed last too."""
    officer = UserFactory.create(email="region@example.org", is_region_officer=True)
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    work()
    subjects = [(address, "convention à signer" in subject) for address, subject in told(smtp_server)]
    assert subjects[-3:] == [(ASKER, True), (MANAGER, True), (HEAD, True)]
    agreement = request.agreements.get()
    for side, by in (("organisation", scene.asker), ("region", officer)):
        agreements.sign(agreement, side=side, by=by, name="Essai", capacity="essai")
        work()
        assert told(smtp_server) == []
    agreements.sign(agreement, side="school", by=scene.head, name="Essai", capacity="essai")
    work()
    assert addresses(smtp_server) == [ASKER, MANAGER, HEAD]


@pytest.mark.usefixtures("agreements_too")
def test_mails_of_agreements_can_be_done_without(scene: Scene, work: Work, smtp_server: Mailbox):
    scene.manager.muted_mails = ["agreements"]
    scene.manager.save()
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    work()
    to_sign = [address for address, subject in told(smtp_server) if "convention" in subject]
    assert to_sign == [ASKER, HEAD]


@pytest.mark.parametrize(("returned", "damaged", "mailed"), [(20, 0, []), (20, 1, [ASKER]), (19, 0, [ASKER])])
def test_equipment_back_is_told_of_where_something_is_wrong(
    scene: Scene, returned: int, damaged: int, mailed: list[str]
):
    request = scene.submit()
    item = {"name": "Chaises", "quantity": 20, "returned": returned, "damaged": damaged}
    data = {"occurrences": [], "equipment": [item]}
    line = Journal.objects.create(
        request=request, verb=Verb.TAKE_BACK, actor=scene.manager, at=request.submitted_at, data=data
    )
    assert [person.email for person, _template in audience.recipients(line)] == mailed


@pytest.mark.parametrize(
    ("verb", "kind", "before", "after"),
    [(Verb.PREPARE, "day_before", [ASKER], []), (Verb.TAKE_PLACE, "afterwards", [ASKER], [])],
)
def test_what_the_day_says_can_be_done_without(
    scene: Scene, verb: Verb, kind: str, before: list[str], after: list[str]
):
    request = scene.submit()
    line = Journal.objects.create(
        request=request, verb=verb, at=request.submitted_at, data={"occurrences": []}
    )
    assert [person.email for person, _template in audience.recipients(line)] == before
    scene.asker.muted_mails = [kind]
    scene.asker.save()
    assert [person.email for person, _template in audience.recipients(line)] == after
