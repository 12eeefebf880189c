"""What the tables of a request's life refuse by themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bookings.models import Proposal
from shareloc.web.uploads import RandomName
from tests import factories
from venues.models import School

pytestmark = pytest.mark.django_db


def test_a_date_has_one_open_proposal_and_any_number_of_closed_ones() -> None:
    offer = factories.ProposalFactory.create(outcome=Proposal.Outcome.DECLINED)
    factories.ProposalFactory.create(occurrence=offer.occurrence, outcome=Proposal.Outcome.LAPSED)
    factories.ProposalFactory.create(occurrence=offer.occurrence)
    assert Proposal.objects.open().count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ProposalFactory.create(occurrence=offer.occurrence)


def test_a_space_that_is_proposed_is_not_deleted() -> None:
    space = factories.SpaceFactory.create()
    factories.ProposalFactory.create(spaces=[space])
    with pytest.raises(ProtectedError):
        space.delete()


def test_satisfaction_is_of_five() -> None:
    for given in (None, 1, 5):
        factories.VisitFactory.create(satisfaction=given)
    for given in (0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.VisitFactory.create(satisfaction=given)


def test_what_is_free_says_why() -> None:
    factories.PriceRuleFactory.create(amount=Decimal(0), free_ground="Association d’intérêt général")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.PriceRuleFactory.create(amount=Decimal(0))


def test_a_space_has_one_price_for_a_kind_of_organisation() -> None:
    rule = factories.PriceRuleFactory.create(organisation_kind="company")
    factories.PriceRuleFactory.create(space=rule.space)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.PriceRuleFactory.create(space=rule.space, organisation_kind="company")


def test_a_standing_signature_cites_its_delegation() -> None:
    standing = School.RegionSignature.STANDING
    factories.SchoolFactory.create(region_signature=standing, region_delegation="Délibération d’essai")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SchoolFactory.create(region_signature=standing)


def test_each_party_signs_once_and_only_the_region_by_delegation() -> None:
    signature = factories.SignatureFactory.create()
    factories.SignatureFactory.create(
        agreement=signature.agreement, side="region", delegation="Arrêté d’essai"
    )
    for wrong in ({"side": "organisation"}, {"side": "school", "delegation": "Arrêté d’essai"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.SignatureFactory.create(agreement=signature.agreement, **wrong)


def test_reasons_of_refusal_are_the_schools_own_or_the_regions(settings: object) -> None:
    settings.REFUSAL_REASONS = ["Travaux"]  # type: ignore[attr-defined]
    assert factories.SchoolFactory.create().refusals == ["Travaux"]
    assert factories.SchoolFactory.create(refusal_reasons="Examens\n\n Conseil \n").refusals == [
        "Examens",
        "Conseil",
    ]


def test_names_of_files_say_nothing() -> None:
    place = RandomName("documents")
    first, second = place(None, "Attestation Dupont.PDF"), place(None, "Attestation Dupont.PDF")
    assert first != second
    assert first.startswith("documents/") and first.endswith(".pdf") and "upont" not in first
    assert place(None, "../../etc/passwd.a/b").count("/") == 1
    assert "." not in place(None, "nom.très-étrange")
