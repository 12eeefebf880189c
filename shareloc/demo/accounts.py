"""The demonstration's accounts and organisations. They name no real person and no real association."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone

from shareloc.accounts.models import Document, Membership, Organisation, User
from shareloc.web import formats, pdf
from shareloc.web.uploads import PDF
from venues.models import School, SchoolRole

PASSWORD = "shareloc-demo"
# Soon enough for the reminder that goes a month before.
EXPIRING_DAYS = 20
CERTIFICATE = Path(__file__).with_name("certificate.typ")
ASSOCIATION = "association@example.org"
MANAGER = "gestionnaire@example.org"
HEAD = "chef@example.org"
CARETAKER = "loge@example.org"
NEWCOMER = "premier@example.org"
REGION = "region@example.org"
# Those one can sign in as, in the order in which they are shown.
SIGN_IN = (ASSOCIATION, MANAGER, HEAD, CARETAKER, NEWCOMER, REGION)
# Whom a lycée would call: plainly nobody.
CONTACT, PHONE = "Responsable fictif", "03 00 00 00 00"


class Accounts(NamedTuple):
    """The people one can sign in as, and the organisations that ask for rooms."""

    association: User
    manager: User
    head: User
    region: User
    # Answers for the lycées that have no manager in the demonstration; cannot sign in.
    lender: User
    # The first is that of `association`; each of the others has a member who cannot sign in.
    organisations: list[Organisation]


def exist() -> bool:
    return User.objects.filter(email=ASSOCIATION).exists()


def create(school: School, *, today: dt.date) -> Accounts:
    """The accounts, three of them of that school, the association verified and insured for a year."""
    association = _account(ASSOCIATION, "association")
    manager = _of_school(school, MANAGER, "gestionnaire", SchoolRole.Role.MANAGER)
    head = _of_school(school, HEAD, "chef d’établissement", SchoolRole.Role.HEAD)
    _of_school(school, CARETAKER, "loge", SchoolRole.Role.CARETAKER)
    lender = _account("autres-lycees@example.org", "autres lycées", password=None)
    region = _account(REGION, "Région", is_region_officer=True, is_staff=True, is_superuser=True)
    own = _organisation("Association de démonstration", "W000000001", verified_by=region)
    Membership.objects.create(user=association, organisation=own, role=Membership.Role.ADMIN)
    insure(own, today, by=association)
    return Accounts(association, manager, head, region, lender, [own, *_others(region, today)])


def welcome(school: School) -> User:
    """The manager of a lycée that proposes nothing yet: whose first room is to be made."""
    return _of_school(school, NEWCOMER, "gestionnaire, premier jour", SchoolRole.Role.MANAGER)


def _account(email: str, who: str, *, password: str | None = PASSWORD, **flags: bool) -> User:
    user = User.objects.create_user(email, password, name=f"Compte de démonstration – {who}", **flags)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def _of_school(school: School, email: str, who: str, role: SchoolRole.Role) -> User:
    user = _account(email, who)
    SchoolRole.objects.create(user=user, school=school, role=role)
    return user


def _organisation(name: str, rna: str = "", *, verified_by: User | None = None, **more: str) -> Organisation:
    now = timezone.now()
    return Organisation.objects.create(
        name=name,
        rna=rna,
        **more,
        purpose="Organisme fictif, donnée de démonstration.",
        commitment_signed_at=now,
        verified_at=now if verified_by else None,
        verified_by=verified_by,
    )


def _others(region: User, today: dt.date) -> list[Organisation]:
    """Organisations without a password: a verified one, a verified one without insurance, two new ones, a firm."""
    choir = _organisation("Chorale de démonstration", "W000000002", verified_by=region)
    judo = _organisation("Judo-club de démonstration", "W000000003", verified_by=region)
    theatre = _organisation("Théâtre de démonstration", "W000000004")
    photo = _organisation("Club photo de démonstration", "W000000005")
    # Nobody's number, though Luhn's check lets it pass.
    firm = _organisation(
        "Entreprise de démonstration",
        siret="000000000",
        kind=Organisation.Kind.COMPANY,
        verified_by=region,
    )
    insure(choir, today)
    insure(theatre, today)
    insure(photo, today, days=EXPIRING_DAYS)
    insure(firm, today)
    names = ("chorale", "judo", "theatre", "photo", "entreprise")
    others = [choir, judo, theatre, photo, firm]
    for organisation, who in zip(others, names, strict=True):
        member = _account(f"{who}@example.org", who, password=None)
        Membership.objects.create(user=member, organisation=organisation, role=Membership.Role.ADMIN)
    return others


def insure(
    organisation: Organisation, today: dt.date, *, days: int = 365, by: User | None = None
) -> Document:
    """A certificate from a month ago to a year from `today`, or so many days, with a file that says that it is none."""
    certificate = Document(
        organisation=organisation,
        kind=Document.Kind.INSURANCE,
        insurer="Assurance de démonstration",
        policy_number="DEMO-0001",
        cover_amount=5_000_000,
        valid_from=today - dt.timedelta(days=30),
        valid_until=today + dt.timedelta(days=days),
        created_by=by,
    )
    printed = _printed(certificate)
    certificate.content_type, certificate.size = PDF, len(printed)
    certificate.file.save("document.pdf", ContentFile(printed), save=False)
    certificate.save()
    return certificate


def _printed(certificate: Document) -> bytes:
    assert certificate.valid_from
    assert certificate.valid_until
    facts = {
        "organisation": certificate.organisation.name,
        "insurer": certificate.insurer,
        "number": certificate.policy_number,
        "first": formats.date(certificate.valid_from),
        "last": formats.date(certificate.valid_until),
    }
    return pdf.render(CERTIFICATE, facts)
