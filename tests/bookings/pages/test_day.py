"""The page of a date's day: who sees it, who may say what, photographs, equipment out and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bookings import workflow
from bookings.models import Claim, Incident, Occurrence, OccurrenceEquipment, Visit
from tests import factories
from tests.bookings.pages.reading import links, words
from tests.conftest import Cast, paris

AtParis = Callable[[str], AbstractContextManager[Any]]
DURING, AFTER = "2026-11-12 19:00", "2026-11-12 20:30"


@pytest.fixture
def caretaker(cast: Cast) -> Client:
    role = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker")
    cast.users["caretaker"] = role.user
    return cast.client("caretaker")


@pytest.fixture
def date(cast: Cast, caretaker: Client, now: dt.datetime) -> Occurrence:
    """Thursday 12 November 2026, 18:00–20:00, approved: the gymnasium and twenty chairs."""
    cast.school.access_notes = "Portail de la rue de l’Essai."
    cast.school.emergency_instructions = "Point de rassemblement : la cour."
    cast.school.save()
    room = factories.SpaceFactory.create(school=cast.school, name="Gymnase", location="Bâtiment C")
    pool = factories.EquipmentPoolFactory.create(school=cast.school, quantity=20)
    asked = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, created_by=cast.user("member"), state="decided"
    )
    made = factories.OccurrenceFactory.create(
        request=asked,
        start_at=paris("2026-11-12 18:00"),
        state="approved",
        spaces=[room],
        equipment={pool: 20},
    )
    factories.ClaimFactory.create(occurrence=made)
    return made


def url(date: Occurrence, rest: str = "jour/") -> str:
    return f"/demandes/{date.request.reference}/dates/{date.pk}/{rest}"


def photo(kind: str = "JPEG") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind)
    return SimpleUploadedFile(f"C:\\chez moi.{kind}", file.getvalue(), "text/html")


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302), ("stranger", 404), ("member", 200), ("other_manager", 404), ("manager", 200),
        ("caretaker", 404), ("region", 200),
    ],
)  # fmt: skip
def test_who_sees_the_page(cast: Cast, date: Occurrence, role: str, status: int) -> None:
    assert cast.client(role).get(url(date)).status_code == status


ORGANISATION = {
    "anonymous": 302,
    "stranger": 404,
    "other_manager": 404,
    "manager": 403,
    "caretaker": 404,
    "region": 403,
}
SCHOOL = {
    "anonymous": 302,
    "stranger": 404,
    "other_manager": 404,
    "member": 403,
    "caretaker": 404,
    "region": 403,
}
EITHER = {"anonymous": 302, "stranger": 404, "other_manager": 404, "caretaker": 404, "region": 403}
LODGE = {"anonymous": 302, "stranger": 404, "other_manager": 404, "member": 403, "region": 403}
VERBS = {
    "arrivee/": ORGANISATION, "retour/": ORGANISATION, "non-utilisee/": ORGANISATION, "absence/": SCHOOL,
    "probleme/": EITHER, "materiel/remis/": LODGE, "materiel/rendu/": LODGE,
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "role", "status"), [(verb, *who) for verb, roles in VERBS.items() for who in roles.items()]
)
def test_who_may_not(
    cast: Cast, date: Occurrence, at_paris: AtParis, verb: str, role: str, status: int
) -> None:
    with at_paris(DURING):
        response = cast.client(role).post(url(date, verb), {"text": "Bonjour", "satisfaction": "3"})
    assert response.status_code == status
    assert not date.request.journal.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_by_looking(cast: Cast, date: Occurrence, verb: str) -> None:
    assert cast.client("manager").get(url(date, verb)).status_code == 405


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "Cette date attend la réponse du lycée Rien n’est encore promis"),
        ("offered", "Cette date attend la réponse de l’organisme Le lycée propose ces heures"),
        ("refused", "Cette date n’a pas lieu La salle n’est plus gardée"),
        ("cancelled", "Cette date est annulée La salle n’est plus gardée"),
    ],
)
@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("member", 200), ("other_manager", 404), ("manager", 200),
     ("caretaker", 404), ("region", 200)],
)  # fmt: skip
def test_a_date_that_is_not_promised_has_no_day_and_its_address_says_why(
    cast: Cast, date: Occurrence, state: str, said: str, role: str, status: int
) -> None:
    Claim.objects.all().delete()
    Occurrence.objects.update(state=state)
    page = cast.client(role).get(url(date))
    assert page.status_code == status
    if status == 200:
        assert said in words(page)
        assert "Venir et entrer" not in words(page)


def test_a_cancelled_date_says_by_whom_when_and_why_and_what_now(
    cast: Cast, date: Occurrence, at_paris: AtParis, django_assert_num_queries: Any
) -> None:
    with at_paris("2026-11-10 09:30"):
        workflow.cancel(date.request, by=cast.user("manager"), reason="Travaux")
        client = cast.client("member")
        with django_assert_num_queries(OF_NO_DAY, own=True):
            page = client.get(url(date))
        assert (
            f"Cette date est annulée Annulée par {cast.user('manager').name}, mardi 10 novembre 2026, "
            "09:30 Motif : Travaux La salle n’est plus gardée : ne venez pas pour cette date."
        ) in words(page)
        assert f"/demandes/{date.request.reference}/" in links(page)
        assert date.spaces.get().get_absolute_url() in links(page)
        assert any("date=2026-11-12&start=18%3A00&end=20%3A00" in link for link in links(page))
        seen = cast.client("manager").get(url(date))
    assert "Chercher une autre salle" not in words(seen)


# The request, its dates, their rooms, visits, equipment; the journal; whether one decides, answers.
OF_NO_DAY = 8


@pytest.mark.parametrize("verb", ["arrivee/", "retour/", "non-utilisee/", "probleme/"])
def test_what_is_sent_from_a_page_left_open_changes_nothing(
    cast: Cast, date: Occurrence, at_paris: AtParis, verb: str
) -> None:
    workflow.cancel(date.request, by=cast.user("manager"), reason="Travaux")
    lines = date.request.journal.count()
    with at_paris(DURING):
        response = cast.client("member").post(url(date, verb), {"text": "Bonjour"})
    assert response.status_code == 409
    assert "Cette date est annulée" in words(response)
    assert date.request.journal.count() == lines


def test_a_date_of_another_request_is_not_found(cast: Cast, date: Occurrence) -> None:
    other = factories.OccurrenceFactory.create(state="approved")
    assert cast.client("member").get(url(date).replace(str(date.pk), str(other.pk))).status_code == 404


# -- what it says ---------------------------------------------------------------------------------


def test_says_how_to_come_in_and_what_to_do_in_an_emergency(cast: Cast, date: Occurrence) -> None:
    said = words(cast.client("member").get(url(date)))
    assert "Jeudi 12 novembre 2026, 18:00–20:00" in said
    assert "Gymnase , Bâtiment C" in said
    assert "Portail de la rue de l’Essai." in said
    assert "En cas d’urgence Point de rassemblement : la cour." in said
    assert "Je suis arrivé" not in said


@pytest.mark.parametrize(
    ("moment", "role", "offered"),
    [
        ("2026-11-12 16:30", "member", set()),
        (DURING, "member", {"Je suis arrivé", "Signaler un problème…"}),
        (DURING, "manager", {"Signaler un problème…"}),
        (DURING, "region", set()),
        (AFTER, "member", {"Signaler un problème…", "Comment c’était ?", "Nous ne sommes pas venus…"}),
        (AFTER, "manager", {"Signaler un problème…", "Personne n’est venu…"}),
        ("2027-01-12 12:00", "member", set()),
    ],
)
def test_offers_what_can_be_said_now(
    cast: Cast, date: Occurrence, at_paris: AtParis, moment: str, role: str, offered: set[str]
) -> None:
    every = {
        "Je suis arrivé", "Signaler un problème…", "Comment c’était ?", "Nous ne sommes pas venus…",
        "Personne n’est venu…",
    }  # fmt: skip
    with at_paris(moment):
        said = words(cast.client(role).get(url(date)))
    assert {text for text in every if text in said} == offered


def test_as_many_statements_for_one_date_as_for_many(
    cast: Cast, date: Occurrence, django_assert_num_queries: Any
) -> None:
    client = cast.client("member")
    with django_assert_num_queries(12, own=True, exact=False) as first:
        client.get(url(date))
    for _n in range(5):
        other = factories.OccurrenceFactory.create(request=date.request, state="approved")
        factories.VisitFactory.create(occurrence=other)
        factories.IncidentFactory.create(occurrence=date)
    with django_assert_num_queries(len(first.captured_queries), exact=False):
        client.get(url(date))


# -- the verbs ------------------------------------------------------------------------------------


def test_arriving(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    with at_paris(DURING):
        client = cast.client("member")
        said = words(client.post(url(date, "arrivee/"), follow=True))
        again = client.post(url(date, "arrivee/"))
    assert "C’est noté : vous êtes là." in said
    assert "Arrivée notée à 19:00." in said
    assert again.status_code == 409
    assert "Votre arrivée est déjà notée, à 19:00." in words(again)
    assert Visit.objects.get().arrived_at == paris(DURING)


def test_too_early_nothing_is_changed(cast: Cast, date: Occurrence) -> None:
    response = cast.client("member").post(url(date, "arrivee/"))
    assert response.status_code == 409
    assert "Rien n’a été changé" in words(response)


def test_a_problem_with_its_photo_is_kept_for_those_who_see_the_request(
    cast: Cast, date: Occurrence, at_paris: AtParis, caretaker: Client
) -> None:
    with at_paris(DURING):
        sent = {"text": "Vitre cassée", "photo": photo()}
        said = words(cast.client("member").post(url(date, "probleme/"), sent, follow=True))
    assert "Vitre cassée" in said
    incident = Incident.objects.get()
    assert (incident.side, incident.reported_by) == ("organisation", cast.user("member"))
    assert incident.photo.name.startswith("incidents/") and incident.photo.name.endswith(".jpg")
    address = url(date, f"photos/{incident.pk}/")
    assert address in links(cast.client("manager").get(url(date)))
    for role, status in {
        "anonymous": 302, "stranger": 404, "member": 200, "other_manager": 404, "manager": 200, "region": 200,
        "caretaker": 404,
    }.items():  # fmt: skip
        assert cast.client(role).get(address).status_code == status
    served = cast.client("manager").get(address)
    assert served["Content-Type"] == "image/jpeg"
    assert served["Content-Disposition"] == (
        f'attachment; filename="{date.request.reference}-{incident.pk}.jpg"'
    )
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "private" in served["Cache-Control"]
    assert Image.open(BytesIO(b"".join(served.streaming_content))).size == (30, 20)


def test_the_photo_of_another_date_is_not_found(cast: Cast, date: Occurrence) -> None:
    other = factories.IncidentFactory.create(photo="incidents/x.jpg")
    gone = factories.IncidentFactory.create(occurrence=date, photo="incidents/parti.jpg")
    for incident in (other, gone):
        assert cast.client("member").get(url(date, f"photos/{incident.pk}/")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"text": ""}, "Dites en quelques mots ce qui se passe."),
        ({"text": "x" * 2001}, "Assurez-vous que cette valeur comporte au plus 2000 caractères"),
        (
            {"text": "Une photo ?", "photo": "gif"},
            "Ce fichier n’est pas une photo lisible : envoyez un JPEG ou un PNG.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    cast: Cast, date: Occurrence, at_paris: AtParis, sent: dict[str, Any], error: str
) -> None:
    if "photo" in sent:
        sent = {**sent, "photo": photo("GIF")}
    with at_paris(DURING):
        response = cast.client("member").post(url(date, "probleme/"), sent)
    assert response.status_code == 200
    assert error in words(response)
    assert "<title>Erreur" in response.content.decode()
    assert sent["text"][:50] in response.content.decode()
    assert not Incident.objects.exists()


def test_how_it_was(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    answers = {
        "left_clean": "yes",
        "left_whole": "no",
        "left_closed": "yes",
        "satisfaction": "4",
        "comment": "Un verre.",
    }
    with at_paris(AFTER):
        client = cast.client("member")
        missing = client.post(url(date, "retour/"), {"satisfaction": "9"})
        said = words(client.post(url(date, "retour/"), answers, follow=True))
        seen = words(cast.client("manager").get(url(date)))
    assert "Répondez par oui ou par non." in words(missing)
    assert "Merci ! Le lycée lit votre retour sur cette page." in said
    for text in (
        "Satisfaction 4 sur 5",
        "Propre et rangée oui",
        "Rien de cassé ni de manquant non",
        "Un verre.",
    ):
        assert text in seen


def test_equipment_alone_is_not_asked_about_its_room(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    date.spaces.clear()
    with at_paris(AFTER):
        client = cast.client("member")
        assert "propre et rangée" not in words(client.get(url(date)))
        assert client.post(url(date, "retour/"), {"satisfaction": "5"}).status_code == 302
    assert Visit.objects.get().left_clean is None


@pytest.mark.parametrize(("role", "verb"), [("member", "non-utilisee/"), ("manager", "absence/")])
def test_nobody_came(cast: Cast, date: Occurrence, at_paris: AtParis, role: str, verb: str) -> None:
    with at_paris(AFTER):
        page = cast.client(role).post(url(date, verb), {"reason": "Personne."}, follow=True)
    assert page.status_code == 200
    date.refresh_from_db()
    assert (date.state, date.reason) == ("not_used", "Personne.")
    assert ("Le lycée n’a vu personne à cette date" in words(page)) == (role == "manager")


@pytest.mark.parametrize("role", ["manager", "caretaker"])
def test_equipment_out_and_back(cast: Cast, date: Occurrence, at_paris: AtParis, role: str) -> None:
    pool = date.equipment.get().pool_id
    with at_paris(DURING):
        client = cast.client(role)
        assert "À remettre" in words(client.get(url(date, "materiel/")))
        assert "C’est noté : matériel remis." in words(client.post(url(date, "materiel/remis/"), follow=True))
        wrong = {
            f"materiel-{pool}-quantity": "21",
            f"materiel-{pool}-damaged": "",
            f"materiel-{pool}-condition": "Sale",
        }
        response = client.post(url(date, "materiel/rendu/"), wrong)
        assert "Il n’en a été prêté que 20." in words(response)
        assert 'value="Sale"' in response.content.decode()
        right = {**wrong, f"materiel-{pool}-quantity": "18", f"materiel-{pool}-damaged": "1"}
        said = words(client.post(url(date, "materiel/rendu/"), right, follow=True))
    assert "Rendu, avec une réserve" in said
    assert "Il en manque 2." in said and "1 est abîmé." in said and "Sale" in said
    line = OccurrenceEquipment.objects.get()
    assert (line.returned_quantity, line.damaged_quantity, line.condition) == (18, 1, "Sale")
    seen = words(cast.client("member").get(f"/demandes/{date.request.reference}/"))
    assert "2 manquants, 1 abîmé" in seen
    assert "Matériel rendu : 18 × " in seen


def test_what_is_outside_keeps_its_date_and_the_page_says_so(
    cast: Cast, date: Occurrence, at_paris: AtParis
) -> None:
    address, pool = f"/demandes/{date.request.reference}/", date.equipment.get().pool
    why = "Le matériel remis pour cette date n’est pas encore rendu : dès que le lycée a noté son retour"
    with at_paris("2026-11-12 09:00"):
        manager = cast.client("manager")
        manager.post(url(date, "materiel/remis/"))
        seen = cast.client("member").get(address)
        assert f"20 × {pool} : remis jeudi 12 novembre 2026, 09:00, pas encore rendu" in words(seen)
        assert f"{address}annuler/" not in links(seen)
        for page in (f"{address}annuler/", url(date, "proposer/")):
            refused = manager.get(page)
            assert refused.status_code == 409
            assert why in words(refused)
        back = {f"materiel-{pool.pk}-quantity": "20"}
        said = words(manager.post(url(date, "materiel/rendu/"), back, follow=True))
        assert "C’est noté : matériel rendu." in said
        assert manager.get(f"{address}annuler/").status_code == 200


@pytest.mark.parametrize("role", ["manager", "caretaker"])
@pytest.mark.parametrize("state", ["cancelled", "not_used"])
def test_what_is_out_is_taken_back_on_the_page_of_a_date_given_up(
    cast: Cast, date: Occurrence, at_paris: AtParis, role: str, state: str
) -> None:
    pool = date.equipment.get().pool_id
    date.equipment.update(collected_at=paris("2026-11-11 18:30"))
    Claim.objects.all().delete()
    Occurrence.objects.update(state=state)
    with at_paris("2027-11-11 18:30"):
        client = cast.client(role)
        assert "Au retour" in words(client.get(url(date, "materiel/")))
        client.post(url(date, "materiel/rendu/"), {f"materiel-{pool}-quantity": "20"})
    assert OccurrenceEquipment.objects.get().returned_quantity == 20


def test_the_request_leads_to_its_days(cast: Cast, date: Occurrence, django_assert_num_queries: Any) -> None:
    client, address = cast.client("member"), f"/demandes/{date.request.reference}/"
    with django_assert_num_queries(30, exact=False) as one:
        assert url(date) in links(client.get(address))
    for _n in range(4):
        other = factories.OccurrenceFactory.create(request=date.request, state="took_place")
        factories.VisitFactory.create(occurrence=other, satisfaction=5, answered_at=paris(AFTER))
    with django_assert_num_queries(len(one.captured_queries), exact=False):
        assert "Satisfaction : 5 sur 5" in words(client.get(address))
