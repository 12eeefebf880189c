"""Drawing up: what the PDF says, when a version is made, and what happens when things go wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from bookings import agreements, workflow
from bookings.agreements import covering, drawing, facts
from bookings.models import Agreement, BookingRequest, Journal, Signature
from bookings.problems import Line
from bookings.states import Verb
from bookings.workflow import DraftDate, due
from shareloc.web import pdf
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris
from venues.models import School

from .conftest import pdf_of, text_of

Drawn = Callable[..., Agreement]
Approved = Callable[..., BookingRequest]


def stored() -> set[str]:
    """Names of the files of agreements."""
    folder = Path(default_storage.path("agreements"))
    return {file.name for file in folder.iterdir()} if folder.is_dir() else set()


# -- what it says -------------------------------------------------------------------------------


def test_says_everything(scene: Scene, drawn: Drawn) -> None:
    School.objects.update(
        board_decided_on=dt.date(2026, 9, 24),
        agreement_clauses="Pas de chaussures de ville.\n\nLe parking ferme à 22 h.",
        access_notes="Portail de la rue de l’Essai.",
        lending_contact="Service de gestion",
        emergency_instructions="Rassemblement sous le préau.",
    )
    said = text_of(drawn(2, contact_name="Camille Exemple", contact_phone="03 20 00 00 00").file.read())
    for words in (
        "L. 214-6-2 du code de l’éducation",
        "délibération du conseil d’administration du lycée en date du 24 septembre 2026",
        "La Région Hauts-de-France",
        f"{scene.school.name}, établissement public local d’enseignement, UAI {scene.school.uai}",
        "chef d’établissement, ci-après « le lycée »",
        f"{scene.organisation.name} (Association), RNA {scene.organisation.rna}",
        "l’activité suivante : Chorale. Elle réunit au plus 20 personnes.",
        "Camille Exemple, 03 20 00 00 00",
        "Gymnase Salle de classe – 60 personnes",
        "2 dates, soit 4 h de prêt en tout",
        "jeudi 12 novembre 2026, 18:00–20:00 Gymnase",
        "jeudi 19 novembre 2026, 18:00–20:00 Gymnase",
        "assureur Mutuelle d’essai, contrat n° POLICE-",
        "extincteurs",
        "issues de secours",
        "Consignes propres au lycée : Rassemblement sous le préau.",
        "Portail de la rue de l’Essai.",
        "Contact au lycée : Service de gestion.",
        "propres et rangés",
        "Annulation",
        "au plus tard 2 jours avant le début",
        "ni les sous-louer",
        "État des lieux",
        "Pas de chaussures de ville.",
        "Le parking ferme à 22 h.",
        "/conventions/verifier/",
    ):
        assert words in said, words


def test_money_is_what_was_frozen(approved: Approved) -> None:
    request = approved(2)
    request.occurrences.update(price=10, value=30, price_ground="barème du lycée")
    BookingRequest.objects.update(deposit=150)
    agreement = agreements.draw_up(request.pk)
    assert agreement
    said = text_of(agreement.file.read())
    assert "Le prix du prêt est de 20 € pour l’ensemble des dates" in said
    assert "Calcul : barème du lycée." in said
    assert "La valeur du prêt est estimée à 60 €" in said
    assert "Une caution de 150 € est remise" in said
    assert "1 jeudi 12 novembre 2026, 18:00–20:00 Gymnase 10 €" in said


def test_a_free_loan_says_why(approved: Approved) -> None:
    request = approved()
    request.occurrences.update(price=0, value=30, price_ground="Association d’intérêt général")
    agreement = agreements.draw_up(request.pk)
    assert agreement
    said = text_of(agreement.file.read())
    assert "à titre gratuit. Motif de la gratuité : Association d’intérêt général." in said
    assert "Aucune caution" in said


def test_without_insurance_it_is_asked_for(scene: Scene, drawn: Drawn) -> None:
    scene.organisation.documents.all().delete()
    scene.space.needs_insurance = False
    scene.space.save()
    assert "Il en remet l’attestation au lycée qui la demande." in text_of(drawn().file.read())


def test_what_people_wrote_is_no_markup(scene: Scene, drawn: Drawn) -> None:
    School.objects.update(agreement_clauses='#read("/etc/passwd") *gras* $x$ @ref <a> \\ [x]')
    said = text_of(drawn(purpose="Jeux = #pagebreak() 🎲").file.read())
    assert '#read("/etc/passwd") *gras* $x$ @ref <a> \\ [x]' in said
    assert "Jeux = #pagebreak() ?" in said


def test_tagged_french_and_titled(drawn: Drawn) -> None:
    agreement = drawn()
    made = pdf_of(agreement.file.read())
    root: Any = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "fr-FR"
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert made.metadata
    assert made.metadata.title == f"Convention de prêt de locaux scolaires {agreement.number}, version 1"


def test_two_hundred_dates(scene: Scene, now: dt.datetime) -> None:
    request = factories.BookingRequestFactory.create(school=scene.school, organisation=scene.organisation)
    for day in range(200):
        start = paris("2026-11-02 18:00") + dt.timedelta(days=day)
        factories.OccurrenceFactory.create(
            request=request, start_at=start, spaces=[scene.space], state="approved"
        )
    agreement = agreements.draw_up(request.pk)
    assert agreement
    made = pdf_of(agreement.file.read())
    with_header = [page for page in made.pages if "Salles et matériel" in page.extract_text()]
    assert len(with_header) >= 4
    assert "200 jeudi 20 mai 2027, 18:00–20:00" in text_of(agreement.file.open().read())


def test_same_facts_same_bytes(approved: Approved, now: dt.datetime) -> None:
    request = approved(3)
    said = facts.of(request, covering.promised(request.pk), version=1, at=now)
    first = pdf.render(drawing.template(), said)
    agreement = agreements.draw_up(request.pk)
    assert agreement
    assert agreement.file.read() == first
    assert agreement.digest == sha256(first).hexdigest()


def test_is_in_french_whoever_asks(drawn: Drawn) -> None:
    with translation.override("en"):
        said = text_of(drawn().file.read())
    assert "(Association), RNA" in said
    assert "Salle de classe" in said


def test_the_region_may_have_its_own_text(drawn: Drawn, settings: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.typ"
    own.write_text(
        '#let data = json(bytes(sys.inputs.data))\n#set document(title: "x", date: none)\n'
        '#set text(lang: "fr", font: "Libertinus Serif")\n= Texte de la Région\n#data.number'
    )
    settings.AGREEMENT_TEMPLATE = str(own)
    assert "Texte de la Région" in text_of(drawn().file.read())


# -- versions -----------------------------------------------------------------------------------


def test_number_comes_from_the_reference(drawn: Drawn) -> None:
    agreement = drawn()
    assert agreement.number == f"C{agreement.request.reference[1:]}"
    assert agreement.version == 1


def test_nothing_new_is_not_drawn_up_again(drawn: Drawn) -> None:
    agreement = drawn(2)
    assert agreements.draw_up(agreement.request_id) is None
    due.take_place(at=paris("2027-01-01 00:00"))
    assert agreements.draw_up(agreement.request_id) is None
    assert Agreement.objects.count() == 1


def test_nothing_promised_has_no_agreement(scene: Scene) -> None:
    assert agreements.draw_up(scene.submit(evening("2026-11-12")).pk) is None


def test_a_cancelled_date_makes_a_version_and_the_old_one_stays(scene: Scene, drawn: Drawn) -> None:
    first = drawn(2)
    body = first.file.read()
    date = first.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(first.request, by=scene.member, reason="Malade", occurrences=[date.pk])
    second = agreements.draw_up(first.request_id)
    assert second
    assert (second.number, second.version) == (first.number, 2)
    assert "12 novembre" not in text_of(second.file.read())
    first.refresh_from_db()
    assert first.file.open().read() == body
    assert sha256(body).hexdigest() == first.digest != second.digest


def test_a_moved_date_makes_a_version(scene: Scene, drawn: Drawn) -> None:
    first = drawn()
    date = first.request.occurrences.get()
    place = DraftDate(evening("2026-11-13"), (scene.space,))
    workflow.ask_move(first.request, by=scene.member, occurrence=date.pk, to=place, message="")
    workflow.approve_move(first.request, by=scene.manager, occurrence=date.pk)
    second = agreements.draw_up(first.request_id)
    assert second
    assert "vendredi 13 novembre 2026" in text_of(second.file.read())


def test_more_equipment_is_another_agreement(scene: Scene, approved: Approved) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises")
    )
    request = approved(equipment=(Line(pool, 4),))
    first = agreements.draw_up(request.pk)
    assert first
    assert "4 × Chaises" in text_of(first.file.read())
    request.occurrences.get().equipment.update(quantity=5)
    assert agreements.draw_up(request.pk)


def test_all_cancelled_is_left_without_object(scene: Scene, drawn: Drawn) -> None:
    agreement = drawn()
    workflow.cancel(agreement.request, by=scene.manager, reason="Travaux")
    assert agreements.draw_up(agreement.request_id) is None
    assert Agreement.objects.get() == agreement


def test_the_journal_tells(drawn: Drawn) -> None:
    agreement = drawn()
    line = Journal.objects.get(verb=Verb.DRAW_UP)
    assert (line.actor, line.data) == (
        None,
        {"occurrences": [], "agreement": agreement.pk, "version": 1, "digest": agreement.digest},
    )


def test_a_standing_signature_cites_its_delegation(scene: Scene, drawn: Drawn) -> None:
    act = "Délibération n° 1 d’essai"
    School.objects.update(region_signature=School.RegionSignature.STANDING, region_delegation=act)
    agreement = drawn()
    signature = Signature.objects.get()
    assert (signature.side, signature.name, signature.delegation) == ("region", "Région Hauts-de-France", act)
    assert signature.signed_at == agreement.generated_at
    assert act in text_of(agreement.file.read())
    assert Journal.objects.get(verb=Verb.SIGN).data["digest"] == agreement.digest


# -- when ---------------------------------------------------------------------------------------


def tasks() -> list[int]:
    """Requests for which a task will draw up."""
    found = DBTaskResult.objects.filter(task_path=drawing._draw_up.module_path).order_by("enqueued_at")
    return [given["args"][0] for given in found.values_list("args_kwargs", flat=True)]


def test_verbs_that_change_promises_queue_it(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    assert tasks() == []
    workflow.approve(request, by=scene.manager)
    assert tasks() == [request.pk]
    date = request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(request, by=scene.member, reason="Malade", occurrences=[date.pk])
    assert tasks() == [request.pk] * 2
    place = DraftDate(evening("2026-11-20"), (scene.space,))
    workflow.offer(request, by=scene.manager, occurrence=request.occurrences.last().pk, to=place, message="")
    assert tasks() == [request.pk] * 3
    workflow.accept_offer(request, by=scene.member)
    assert tasks() == [request.pk] * 4


def test_an_offer_for_what_was_never_promised_changes_nothing(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"))
    place = DraftDate(evening("2026-11-20"), (scene.space,))
    workflow.offer(request, by=scene.manager, occurrence=request.occurrences.get().pk, to=place, message="")
    assert tasks() == []


def test_run_due_makes_up_for_a_lost_task(
    approved: Approved, scene: Scene, now: dt.datetime, at_paris: Callable[[str], Any]
) -> None:
    request = approved()
    assert agreements.draw_up_missing() == 0  # its task may still be on its way
    with at_paris("2026-10-14 10:20"):
        assert agreements.draw_up_missing() == 1
        assert agreements.draw_up_missing() == 0
    assert Agreement.objects.get().request == request
    workflow.cancel(request, by=scene.manager, reason="Travaux")
    with at_paris("2026-10-14 10:40"):
        call_command("run_due", verbosity=0)
    assert Agreement.objects.count() == 1


def test_one_that_cannot_be_drawn_up_keeps_nobody_waiting(
    approved: Approved, at_paris: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = approved(), approved(2)
    render = pdf.render

    def failing(template: Path, data: Any) -> bytes:
        if broken.reference in str(data):
            raise OSError("no room on the disk")
        return render(template, data)

    monkeypatch.setattr(pdf, "render", failing)
    with at_paris("2026-10-14 10:20"):
        assert agreements.draw_up_missing() == 1
    assert Agreement.objects.get().request == sound


def test_a_file_is_not_left_behind(approved: Approved, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dates change while the first version is rendered: it is begun again, and kept once."""
    request = approved(2)
    before = stored()
    render = pdf.render
    date = request.occurrences.order_by("start_at").first()
    assert date
    cancelled: list[bool] = []

    def slow(template: Path, data: Any) -> bytes:
        body = render(template, data)
        if not cancelled:
            cancelled.append(True)
            workflow.cancel(request, by=scene.member, reason="Malade", occurrences=[date.pk])
        return body

    monkeypatch.setattr(pdf, "render", slow)
    agreement = agreements.draw_up(request.pk)
    assert agreement
    assert agreement.version == 1
    assert "12 novembre" not in text_of(agreement.file.read())
    assert len(stored() - before) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(scene: Scene, approved: Approved) -> None:
    request = approved()

    def one(_n: int) -> bool:
        try:
            return agreements.draw_up(request.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]
    assert Agreement.objects.count() == 1


def test_as_many_statements_for_forty_dates_as_for_one(
    approved: Approved, django_assert_num_queries: Callable[..., Any]
) -> None:
    # Dates, rooms, equipment (3), the last version, the request, insurance; under the lock: the request,
    # versions, dates again (3); the version, a line of the journal and its mail.
    for count in (1, 40):
        request = approved(count)
        with django_assert_num_queries(14, own=True):
            assert agreements.draw_up(request.pk)
        workflow.cancel(request, by=request.created_by, reason="Fin")
