"""Every page of the demonstration: what its address names, and for whom it opens. For the test and the bench.

The lists below name addresses of the URL configuration. A new address that they leave out fails the test.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from bookings import agreements, blocking, calendars
from bookings.alerts.keeping import stop_address
from bookings.models import BookingRequest, Incident, Occurrence
from shareloc.accounts import invitations
from shareloc.accounts.models import User
from shareloc.demo import accounts, mail
from tests import factories
from venues import gallery
from venues.models import BusyTime, School, SchoolRole, Space, SpacePhoto
from venues.periods import Period

ROLES = ("anonymous", "association", "manager", "head", "caretaker", "region")
PUBLIC, SIGNED_IN = {*ROLES}, {*ROLES[1:]}
DECIDERS = {"manager", "head"}
# Who sees a request of the association to the manager's school.
SIDES = {"association", "region", *DECIDERS}

# The administration, and the API with its documentation, have tests of their own.
APART = ("admin/", "api/v1/")

# Whom a page opens for. `name?question`; `name#other` is the same address of another object, as `_named` has it.
PAGES: list[tuple[set[str], str]] = [
    (
        PUBLIC,
        """
        site:home site:how site:help site:help_association site:help_school site:help_lodge site:help_region
        site:stats site:legal site:privacy site:terms site:accessibility site:feedback site:feedback_sent
        site:health site:robots site:security site:sitemap
        account_inactive account_email_verification_sent account_confirm_email account_reset_password
        account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done
        accounts:invitation
        bookings:search bookings:search?q=lille&date={day}&start=18:30&end=20:30&capacity=25
        bookings:search?q=lille&date={day}&vue=calendrier bookings:search?q=lille&date={day}&vue=carte
        bookings:search?q=lille&date={day}&start=03:00&end=04:00 bookings:flexible?q=lille
        bookings:series?q=lille bookings:space bookings:space?mois={month} bookings:school_planning
        bookings:school_planning?mois={month} bookings:equipment
        bookings:verify bookings:verified bookings:calendar_feed bookings:alert_stop
        venues:places?q=lil venues:schools venues:schools?q=lille venues:school venues:photo
        demo:components demo:mailbox demo:mail demo:mail_html
        """,
    ),
    ({"anonymous"}, "account_login account_signup"),
    (
        SIGNED_IN,
        """
        site:account account_logout account_reauthenticate account_email account_change_password
        accounts:organisation_new bookings:requests bookings:mail_choice bookings:alerts bookings:calendars
        bookings:calendar_new?scope=person bookings:alert_new?q=lille&capacity=2000 bookings:ask
        bookings:ask_equipment
        """,
    ),
    (
        {"association"},
        """
        accounts:organisation_change accounts:document_new bookings:withdraw#waiting bookings:ask_move
        bookings:calendar_revoke bookings:ask?comme={reference}
        """,
    ),
    (
        SIDES,
        """
        bookings:request bookings:request#waiting bookings:day bookings:document
        bookings:agreement bookings:agreement_pdf bookings:agreement_sheet bookings:incident_photo
        """,
    ),
    (
        {"association", "region"},
        "accounts:organisation accounts:documents bookings:value bookings:value_certificate",
    ),
    # Who has one organisation is led on to its own.
    (SIGNED_IN - {"association"}, "bookings:values"),
    ({"association", *DECIDERS}, "bookings:cancel"),
    (
        DECIDERS,
        """
        bookings:offer#waiting bookings:queue bookings:school_requests bookings:conflicts bookings:moves
        bookings:block_new bookings:block bookings:block_change bookings:block_release
        bookings:pool_new bookings:pool bookings:divide
        venues:my_school venues:my_hours venues:my_closures venues:my_closure venues:my_rules venues:my_people
        venues:my_person_remove
        venues:my_room_new venues:my_room venues:my_room_hours venues:my_prices venues:my_standing
        venues:my_photos venues:my_photo_describe
        """,
    ),
    ({"region", *DECIDERS}, "bookings:statement bookings:statement_file"),
    ({"caretaker", *DECIDERS}, "bookings:lodge bookings:lodge_pdf bookings:lending"),
    (
        {"region"},
        """
        bookings:region bookings:region_schools bookings:region_organisations
        bookings:region_organisations?etat=tous bookings:region_journal bookings:region_agreements
        bookings:evening
        """,
    ),
]

# What only leads on to another page.
LEADS_ON = {
    "site:favicon": PUBLIC,
    "site:touch_icon": PUBLIC,
    "venues:my_schools": DECIDERS,
    "bookings:my_lodge": {"caretaker", *DECIDERS},
    "bookings:my_planning": {"caretaker", *DECIDERS},
    "account_set_password": SIGNED_IN,
}

# What only a button does.
BUTTONS = """
    site:language accounts:document_remove accounts:member_add accounts:invitation_withdraw
    accounts:member_change accounts:member_remove
    bookings:approve bookings:refuse bookings:accept_offer bookings:decline_offer bookings:approve_move
    bookings:refuse_move bookings:write bookings:ask_information bookings:answer_information bookings:arrive
    bookings:report bookings:review bookings:not_used bookings:no_show bookings:hand_over bookings:take_back
    bookings:agreement_draw_up bookings:agreement_sign bookings:decide_many bookings:region_remind
    bookings:region_verify bookings:region_withdraw bookings:space_delete bookings:alert_revoke
    bookings:calendar_rotate
    venues:my_closure_delete venues:my_room_publish venues:my_room_unpublish
    venues:my_room_duplicate venues:my_photo_first venues:my_photo_delete
    """
ACTS = {*BUTTONS.split()}


class Page(NamedTuple):
    """One address, and the roles it opens for."""

    label: str
    address: str
    roles: set[str]


def parameters() -> dict[str, list[str]]:
    """Every name of the URL configuration, the administration and the API apart, and what its address asks for."""
    return dict(_walked(get_resolver().url_patterns))


def _walked(
    patterns: list[Any], space: str = "", asked: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    for one in patterns:
        if str(one.pattern) in APART:
            continue
        here = (*asked, *(one.pattern.converters or one.pattern.regex.groupindex))
        if isinstance(one, URLPattern):
            yield ":".join(filter(None, (space, one.name))), list(here)
        else:
            yield from _walked(one.url_patterns, one.namespace or space, here)


def named() -> set[str]:
    """The names that the lists above know."""
    listed = {label.split("?")[0].split("#")[0] for _roles, labels in PAGES for label in labels.split()}
    return listed | set(LEADS_ON) | ACTS


def all_pages(made: Made) -> list[Page]:
    return [Page(label, made.address(label), roles) for roles, labels in PAGES for label in labels.split()]


# -- the demonstration, and what it lacks -------------------------------------------------------


def seed() -> None:
    """The demonstration's data, as `make demo` writes them."""
    call_command("load_vocabulary", verbosity=0)
    call_command("load_communes", verbosity=0)
    call_command("import_schools", "fixtures/lycees.csv", "--apply", verbosity=0)
    call_command("seed_demo", verbosity=0)


class Made:
    """The demonstration with one of everything an address can name, and a person of every role."""

    def __init__(self) -> None:
        self.school: School = SchoolRole.objects.get(user__email=accounts.MANAGER).school
        self.space = self.school.spaces.filter(kind=Space.Kind.HALL)[0]
        own = BookingRequest.objects.filter(
            organisation__members__email=accounts.ASSOCIATION, school=self.school
        )
        # A request with dates and equipment to come, and one not decided yet.
        to_come = Occurrence.objects.filter(
            request__in=own, state="approved", start_at__gt=timezone.now(), equipment__isnull=False
        )
        self.date = to_come.order_by("-start_at")[0]
        self.agreed, self.waiting = self.date.request, own.filter(state="submitted")[0]
        emails = (accounts.ASSOCIATION, accounts.MANAGER, accounts.HEAD, accounts.CARETAKER, accounts.REGION)
        self.users = {
            role: User.objects.get(email=email) for role, email in zip(ROLES[1:], emails, strict=True)
        }
        self.parameters = parameters()
        self.usual, self.special = self._usual(), self._special()

    def client(self, role: str) -> Client:
        # Allowed under any settings.
        client = Client(HTTP_HOST="127.0.0.1")
        if role in self.users:
            client.force_login(self.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def address(self, label: str) -> str:
        named, _, question = label.partition("?")
        name = named.split("#")[0]
        values = {**self.usual, **self.special.get(name, {}), **self.special.get(named, {})}
        found = reverse(name, kwargs={one: values[one] for one in self.parameters[name]})
        return f"{found}?{question.format(**self._words())}" if question else found

    def _words(self) -> dict[str, str]:
        """What questions say."""
        day = timezone.localdate() + dt.timedelta(days=14)
        return {"day": f"{day}", "month": f"{day:%Y-%m}", "reference": self.agreed.reference}

    def _usual(self) -> dict[str, Any]:
        """What addresses name by a word that says it."""
        agreement = self.agreed.agreements.last() or agreements.draw_up(self.agreed.pk)
        assert agreement
        return {
            "uai": self.school.uai,
            "reference": self.agreed.reference,
            "pk": self.space.pk,
            "version": agreement.version,
            "side": "school",
            "digest": agreement.digest,
            "incident": self._incident().pk,
            "token": self._photo().token,
            "size": SpacePhoto.LARGE,
            "secret": calendars.issue_for(self.users["association"], None)[1],
            "name": self._mail(),
            "uidb36": "1",
            "document": self.agreed.organisation.documents.all()[0].pk,
            "member": self.users["association"].memberships.get().pk,
        }

    def _special(self) -> dict[str, dict[str, Any]]:
        """What an address names otherwise than most."""
        organisation = self.agreed.organisation
        waiting = {"reference": self.waiting.reference, "pk": self.waiting.occurrences.all()[0].pk}
        invitation = invitations.invite(
            organisation, email="invitee@example.org", role="member", by=self.users["association"]
        )
        pks = {
            "bookings:pool": self.school.pools.all()[0],
            "bookings:document": organisation.documents.all()[0],
            "bookings:calendar_revoke": self.users["association"].calendar_tokens.get(),
            "venues:my_closure": factories.ClosureFactory.create(school=self.school),
            "venues:my_person_remove": self.school.roles.get(user=self.users["manager"]),
            "venues:my_photo_describe": self.space.photos.get(),
            **dict.fromkeys((name for name in self.parameters if name.startswith("accounts:")), organisation),
            **dict.fromkeys(("bookings:value", "bookings:value_certificate"), organisation),
            **dict.fromkeys(
                ("bookings:block", "bookings:block_change", "bookings:block_release"), self._block()
            ),
            **dict.fromkeys(
                ("bookings:day", "bookings:ask_move", "bookings:lending", "bookings:incident_photo"),
                self.date,
            ),
        }
        return {
            **{name: {"pk": found.pk} for name, found in pks.items()},
            **dict.fromkeys(("bookings:request#waiting", "bookings:withdraw#waiting"), waiting),
            "bookings:offer#waiting": waiting,
            "bookings:statement_file": {"kind": "xlsx"},
            "bookings:value_certificate": {
                "pk": organisation.pk,
                "key": agreements.value.years(organisation)[0].key,
            },
            "bookings:alert_stop": {"signed": stop_address(self.users["association"]).split("/")[-2]},
            "accounts:document_new": {"pk": organisation.pk, "kind": "assurance"},
            "accounts:invitation": {"signed": invitations.link(invitation).split("/")[-2]},
            "accounts:invitation_withdraw": {"pk": organisation.pk, "invitation": invitation.pk},
            "account_confirm_email": {"key": "nulle-part"},
            "account_reset_password_from_key": {"key": "nulle-part"},
        }

    def _incident(self) -> Incident:
        return factories.IncidentFactory.create(
            occurrence=self.date, photo=ContentFile(_picture().read(), "photo.jpg")
        )

    def _photo(self) -> SpacePhoto:
        return gallery.add(self.space, _picture(), size=1, alt="Estrade et rideau")

    def _block(self) -> BusyTime:
        start = factories.next_week(8)
        plan = blocking.Plan([self.space], [Period(start, start + dt.timedelta(hours=2))], "Réunion")
        return blocking.block(self.school, plan, series=uuid.uuid4())

    def _mail(self) -> str:
        backend = get_connection("shareloc.demo.mail.FolderBackend")
        EmailMessage("Essai", "Bonjour", to=["b@example.org"], connection=backend).send()
        return mail.names()[0]


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (1700, 1200), (30, 90, 80)).save(file, "JPEG")
    file.seek(0)
    return file
