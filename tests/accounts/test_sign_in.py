"""Signing up, in and out, forgotten passwords; known and unknown addresses get the same answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shareloc.accounts.models import User
from tests import factories
from tests.conftest import Cast
from tests.factories import PASSWORD
from venues.models import SchoolRole

NEW = {"name": "Camille Exemple", "email": "Nouvelle@Example.org", "password1": "quatre-mots-sans-rapport", "password2": "quatre-mots-sans-rapport"}  # fmt: skip


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def known(db: None) -> User:
    return factories.UserFactory.create(email="connue@example.org")


def visible(response: Any) -> tuple[int, str, str]:
    """What one can tell two answers apart by."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, response.headers.get("Location", ""), body


def link(message: Any) -> str:
    return re.search(r"https?://testserver(\S+)", message.body)[1]  # type: ignore[index]


def test_sign_up_confirm_and_sign_in(client: Client, db: None):
    assert client.post("/compte/inscription/", NEW).headers["Location"] == "/compte/adresses/a-confirmer/"
    user = User.objects.get(email="nouvelle@example.org")
    assert user.name == "Camille Exemple"
    (message,) = mail.outbox
    assert message.subject == "Bienvenue sur Shareloc\u00a0: confirmez votre adresse"
    sign_in = {"login": "nouvelle@example.org", "password": NEW["password1"]}
    assert client.post("/compte/connexion/", sign_in).headers["Location"] == "/compte/adresses/a-confirmer/"
    # Mail scanners follow links: opening it changes nothing.
    assert "Oui, confirmer" in client.get(link(message)).content.decode()
    assert not user.emailaddress_set.get().verified
    client.post(link(message))
    assert user.emailaddress_set.get().verified
    assert client.post("/compte/connexion/", sign_in).headers["Location"] == "/compte/"


@pytest.mark.parametrize(
    ("role", "address"), [("member", "/demandes/"), ("manager", "/a-decider/"), ("region", "/region/")]
)
def test_signing_in_leads_to_ones_work(client: Client, cast: Cast, role: str, address: str):
    factories.SpaceFactory.create(school=cast.school)
    user = cast.user(role)
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post("/compte/connexion/", sent).headers["Location"] == address
    client.post("/compte/deconnexion/")
    asked_for = client.post("/compte/connexion/", {**sent, "next": "/materiel/"})
    assert asked_for.headers["Location"] == "/materiel/"


def test_signing_in_leads_the_manager_of_a_lycee_without_anything_to_set_it_up(client: Client, cast: Cast):
    sent = {"login": cast.user("manager").email, "password": PASSWORD}
    factories.SpaceFactory.create(school=cast.school, published=False)
    assert client.post("/compte/connexion/", sent).headers["Location"] == "/mon-lycee/"
    client.post("/compte/deconnexion/")
    factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    assert client.post("/compte/connexion/", sent).headers["Location"] == "/a-decider/"


def test_signing_in_leads_the_lodge_to_its_sheet(client: Client, known: User):
    factories.SchoolRoleFactory.create(user=known, role=SchoolRole.Role.CARETAKER)
    sent = {"login": known.email, "password": PASSWORD}
    assert client.post("/compte/connexion/", sent).headers["Location"] == "/loge/"


def test_sign_up_with_a_known_address_looks_the_same(known: User):
    unknown = Client().post("/compte/inscription/", NEW)
    again = Client().post("/compte/inscription/", {**NEW, "email": known.email})
    assert visible(unknown) == visible(again)
    assert mail.outbox[1].subject == "Vous avez déjà un compte Shareloc"
    assert mail.outbox[1].to == [known.email]
    assert User.objects.filter(email=known.email).count() == 1


def test_forgotten_password_looks_the_same(known: User):
    address = "/compte/mot-de-passe/oublie/"
    answers = {
        visible(Client().post(address, {"email": who})) for who in (known.email, "personne@example.org")
    }
    assert len(answers) == 1
    assert [message.subject for message in mail.outbox] == [
        "Choisissez un nouveau mot de passe",
        "Aucun compte Shareloc à cette adresse",
    ]


def test_wrong_password_looks_the_same_as_unknown_address(known: User):
    answers = [
        visible(Client().post("/compte/connexion/", {"login": who, "password": "pas-le-bon-mot"}))
        for who in (known.email, "aucune@example.org")
    ]
    bodies = [body.replace(known.email, "…").replace("aucune@example.org", "…") for _, _, body in answers]
    assert bodies[0] == bodies[1]
    assert answers[0][0] == 200


def test_a_new_password_is_chosen_by_mail(client: Client, known: User):
    client.post("/compte/mot-de-passe/oublie/", {"email": known.email})
    form = client.get(link(mail.outbox[0]), follow=True)
    assert form.status_code == 200
    chosen = "encore-quatre-mots-sans-rapport"
    client.post(form.redirect_chain[-1][0], {"password1": chosen, "password2": chosen})
    known.refresh_from_db()
    assert known.check_password(chosen)
    assert mail.outbox[1].subject == "Votre compte Shareloc a changé"
    assert "Votre mot de passe oublié a été remplacé" in mail.outbox[1].body
    # The link has served.
    used = Client().get(link(mail.outbox[0]), follow=True)
    assert "Ce lien a déjà servi" in used.content.decode()


def test_a_changed_password_ends_other_sessions(known: User):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(known, backend="django.contrib.auth.backends.ModelBackend")
    chosen = "encore-quatre-mots-sans-rapport"
    sent = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    assert here.post("/compte/mot-de-passe/", sent).status_code == 302
    assert here.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302


def test_session_changes_at_sign_in_and_ends_at_sign_out(client: Client, known: User):
    client.get("/compte/connexion/")
    client.post("/compte/connexion/", {"login": known.email.upper(), "password": PASSWORD})
    session = client.cookies["sessionid"].value
    assert client.get("/compte/").status_code == 200
    assert client.get("/compte/deconnexion/").status_code == 200, "asking is not leaving"
    assert client.get("/compte/").status_code == 200
    client.post("/compte/deconnexion/")
    stolen = Client()
    stolen.cookies["sessionid"] = session
    assert stolen.get("/compte/").status_code == 302


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client: Client, known: User, target: str):
    sent = {"login": known.email, "password": PASSWORD, "next": target}
    assert client.post("/compte/connexion/", sent).headers["Location"] == "/compte/"


def test_next_leads_back(client: Client, known: User):
    sent = {"login": known.email, "password": PASSWORD, "next": "/aide/"}
    assert client.post("/compte/connexion/", sent).headers["Location"] == "/aide/"


def test_weak_passwords_are_refused_and_the_rest_is_kept(client: Client, db: None):
    response = client.post("/compte/inscription/", {**NEW, "password1": "1234", "password2": "1234"})
    html = response.content.decode()
    assert list(response.context["form"].errors) == ["password1"]
    assert 'value="Camille Exemple"' in html
    assert "1234" not in html


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/compte/connexion/", {"login": "username", "password": "current-password"}),
        (
            "/compte/inscription/",
            {"name": "name", "email": "email", "password1": "new-password", "password2": "new-password"},
        ),
        ("/compte/mot-de-passe/oublie/", {"email": "email"}),
    ],
)
def test_fields_help_password_managers(client: Client, db: None, address: str, expected: dict[str, str]):
    fields = client.get(address).context["form"].fields
    found = {
        name: field.widget.attrs.get("autocomplete") for name, field in fields.items() if name != "remember"
    }
    assert found == expected


def test_too_many_wrong_passwords_are_slowed_for_that_account_here(
    client: Client, known: User, settings: Any
):
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        response = client.post("/compte/connexion/", {"login": known.email, "password": "pas-le-bon-mot"})
    assert response.status_code == 429
    assert "Un peu trop vite" in response.content.decode()
    # From elsewhere its holder still signs in.
    holder = Client(REMOTE_ADDR="192.0.2.7")
    sent = {"login": known.email, "password": PASSWORD}
    assert holder.post("/compte/connexion/", sent).status_code == 302


def test_addresses_are_added_and_chosen(client: Client, known: User):
    client.force_login(known, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/compte/adresses/", {"action_add": "", "email": "Autre@Example.org"})
    assert known.emailaddress_set.get(email="autre@example.org").verified is False
    client.post(link(mail.outbox[0]))
    client.post("/compte/adresses/", {"action_primary": "", "email": "autre@example.org"})
    known.refresh_from_db()
    assert known.email == "autre@example.org"
    html = client.get("/compte/adresses/").content.decode()
    assert html.count("Confirmée") == 2
    assert html.count("Principale") == 1
