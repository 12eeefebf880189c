"""The catalogue in the admin: every page opens, facts and choices are guarded, nothing grows with the rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError
from django.forms import Form
from django.test import Client
from django.urls import reverse

from shareloc.accounts.models import User
from tests.factories import (
    BusyTimeFactory,
    ClosureFactory,
    EquipmentKindFactory,
    FeatureFactory,
    OpeningHoursFactory,
    SchoolFactory,
    SchoolRoleFactory,
    SpaceFactory,
    UserFactory,
    next_week,
)
from venues.models import (
    BusyTime,
    Closure,
    EquipmentKind,
    Feature,
    OpeningHours,
    School,
    SchoolRole,
    Space,
    Unit,
)

MAKERS: dict[Any, Callable[[], Any]] = {
    School: SchoolFactory.create,
    Space: SpaceFactory.create,
    Unit: lambda: SpaceFactory.create().units.get(),
    Feature: FeatureFactory.create,
    EquipmentKind: EquipmentKindFactory.create,
    OpeningHours: OpeningHoursFactory.create,
    Closure: ClosureFactory.create,
    BusyTime: BusyTimeFactory.create,
}
# Made by the import, or together with spaces.
NEVER_ADDED = {School, Unit}


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:venues_{model._meta.model_name}_{page}", args=args)


def staff(**flags: bool) -> Client:
    client = Client()
    user = UserFactory.create(is_staff=True, **flags)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def boss(db: None) -> Client:
    return staff(is_superuser=True)


def fields_of(form: Form) -> dict[str, Any]:
    """What a browser would send back."""
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            value = "on" if value else None
        if isinstance(value, list):
            value = [getattr(item, "pk", item) for item in value]
        if value is not None:
            sent[field.html_name] = value
    return sent


def page_as_sent(response: Any) -> dict[str, Any]:
    """Everything on an add or change page, as it would be sent unchanged."""
    context = response.context
    sent = fields_of(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        sent |= fields_of(inline.formset.management_form)
        for form in inline.formset.forms:
            sent |= fields_of(form)
    return sent


def test_every_model_of_the_catalogue_is_there():
    from django.apps import apps

    # Roles, shared units, prices, standing approvals and photos are on the pages of schools and spaces;
    # equipment is in bookings' tests; communes are loaded, never edited.
    elsewhere = {
        "schoolrole",
        "spaceunit",
        "equipmentpool",
        "pricerule",
        "standingapproval",
        "spacephoto",
        "commune",
    }
    models = {
        model for model in apps.get_app_config("venues").get_models() if "_" not in model._meta.model_name
    }
    assert {model for model in models if model._meta.model_name not in elsewhere} == set(MAKERS)
    assert all(admin.site.is_registered(model) for model in MAKERS)


@pytest.mark.parametrize("model", MAKERS)
def test_every_page_opens(boss: Client, model: Any):
    row = MAKERS[model]()
    assert boss.get(address(model, "changelist")).status_code == 200
    assert boss.get(address(model, "changelist"), {"q": "L’essai"}).status_code == 200
    assert boss.get(address(model, "change", row.pk)).status_code == 200
    assert boss.get(address(model, "add")).status_code == (403 if model in NEVER_ADDED else 200)


@pytest.mark.parametrize("model", MAKERS)
def test_staff_without_permission_is_refused(db: None, model: Any):
    row, client = MAKERS[model](), staff()
    for page in (address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("model", MAKERS)
def test_a_manager_is_no_staff(db: None, model: Any):
    client = Client()
    client.force_login(SchoolRoleFactory.create().user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address(model, "changelist")).status_code == 302


@pytest.mark.parametrize("model", MAKERS)
def test_lists_do_not_ask_more_for_more_rows(
    boss: Client, model: Any, django_assert_num_queries: Callable[..., Any]
):
    MAKERS[model]()
    boss.get(address(model, "changelist"))
    with django_assert_num_queries(12, exact=False) as one:
        boss.get(address(model, "changelist"))
    for _ in range(5):
        MAKERS[model]()
    with django_assert_num_queries(len(one)):
        boss.get(address(model, "changelist"))


# -- schools ------------------------------------------------------------------------------------


class TestSchool:
    def test_facts_are_read_rules_are_written(self, boss: Client):
        school = SchoolFactory.create(name="Lycée d’origine")
        sent = page_as_sent(boss.get(address(School, "change", school.pk)))
        assert "name" not in sent and "uai" not in sent and "closed_on" not in sent
        forged = {"name": "Autre nom", "uai": "0000000A", "closed_on": "2026-01-01"}
        boss.post(address(School, "change", school.pk), {**sent, **forged, "answer_days": "3"})
        school.refresh_from_db()
        assert (school.name, school.answer_days, school.closed_on) == ("Lycée d’origine", 3, None)

    def test_never_deleted(self, boss: Client):
        school = SchoolFactory.create()
        assert boss.post(address(School, "delete", school.pk), {"post": "yes"}).status_code == 403

    def test_found_without_accents_by_commune_and_uai(self, boss: Client):
        SchoolFactory.create(name="Lycée Été", commune="Béthune", uai="0620001A")
        SchoolFactory.create(name="Autre lycée", commune="Lille")
        for words in ("ete bethune", "BÉTHUNE", "0620001a"):
            page = boss.get(address(School, "changelist"), {"q": words}).content.decode()
            assert "Lycée Été" in page and "Autre lycée" not in page

    def test_filters(self, boss: Client):
        SchoolFactory.create(name="Ouvert du Nord")
        SchoolFactory.create(name="Fermé du Nord", closed_on="2026-09-01")
        SchoolFactory.create(name="Ouvert de la Somme", department="80")
        page = boss.get(address(School, "changelist"), {"open": "yes", "department": "59"}).content.decode()
        assert "Ouvert du Nord" in page
        assert "Fermé du Nord" not in page and "Ouvert de la Somme" not in page

    def test_roles_are_given_by_choosing_a_person(self, boss: Client):
        school, user = SchoolFactory.create(), UserFactory.create()
        url = address(School, "change", school.pk)
        sent = page_as_sent(boss.get(url))
        sent |= {
            "roles-TOTAL_FORMS": "1",
            "roles-0-user": user.pk,
            "roles-0-role": "head",
            "roles-0-school": school.pk,
        }
        assert boss.post(url, sent).status_code == 302
        assert SchoolRole.objects.get(school=school).user == user

    def test_hours_of_spaces_are_not_among_those_of_the_school(self, boss: Client):
        school = SchoolFactory.create()
        own = OpeningHoursFactory.create(school=school)
        OpeningHoursFactory.create(school=school, space=SpaceFactory.create(school=school))
        page = boss.get(address(School, "change", school.pk))
        hours = page.context["inline_admin_formsets"][1].formset
        assert [form.instance for form in hours.initial_forms] == [own]
        assert boss.post(address(School, "change", school.pk), page_as_sent(page)).status_code == 302
        assert OpeningHours.objects.count() == 2

    def test_choices_of_the_same_name_are_told_apart(self, boss: Client):
        SchoolFactory.create(name="Lycée Jumeau", commune="Douai")
        SchoolFactory.create(name="Lycée Jumeau", commune="Lens")
        query = {"app_label": "venues", "model_name": "space", "field_name": "school", "term": "jumeau"}
        found = json.loads(boss.get(reverse("admin:autocomplete"), query).content)
        assert [row["text"].split(" (")[0] for row in found["results"]] == [
            "Lycée Jumeau – Douai",
            "Lycée Jumeau – Lens",
        ]


# -- spaces -------------------------------------------------------------------------------------


class TestSpace:
    def new(self, school: School, **values: Any) -> dict[str, Any]:
        return {"school": school.pk, "name": "Salle neuve", "kind": "classroom", "capacity": "30", **values}

    def add(self, boss: Client, **values: Any) -> Any:
        sent = page_as_sent(boss.get(address(Space, "add")))
        return boss.post(address(Space, "add"), {**sent, **values})

    def test_a_new_space_gets_its_unit_features_and_hours(self, boss: Client):
        school, feature = SchoolFactory.create(), FeatureFactory.create()
        hours = {
            "opening_hours-TOTAL_FORMS": "1",
            "opening_hours-0-weekday": "2",
            "opening_hours-0-starts_at": "14:00",
            "opening_hours-0-minutes": "240",
            "opening_hours-0-season": "term",
        }
        chosen = self.new(school, features=[feature.pk], open_to=["association", "school"])
        assert self.add(boss, **chosen, **hours).status_code == 302
        space = Space.objects.get()
        assert list(space.units.values_list("school", "name")) == [(school.pk, "Salle neuve")]
        assert list(space.features.all()) == [feature]
        assert space.open_to == ["association", "school"]
        assert OpeningHours.objects.get().school == school

    def test_mistakes_are_explained(self, boss: Client):
        school = SchoolFactory.create()
        SpaceFactory.create(school=school, name="Salle neuve")
        page = self.add(boss, **self.new(school, min_minutes="120", max_minutes="60")).content.decode()
        assert "La durée maximale est plus courte que la durée minimale." in page
        page = self.add(boss, **self.new(school)).content.decode()
        assert "Ce lycée a déjà une salle de ce nom." in page
        page = self.add(boss, **self.new(school, name="Autre", open_to=["nobody"])).content.decode()
        assert "nobody" in page
        assert Space.objects.count() == 1

    def test_stays_at_its_school(self, boss: Client):
        space, other = SpaceFactory.create(), SchoolFactory.create()
        url = address(Space, "change", space.pk)
        boss.post(url, {**page_as_sent(boss.get(url)), "school": other.pk, "name": "Renommée"})
        space.refresh_from_db()
        assert (space.name, space.school == other) == ("Renommée", False)

    def test_found_by_its_name_and_its_school(self, boss: Client):
        SpaceFactory.create(name="Gymnase", school=SchoolFactory.create(name="Lycée Été"))
        SpaceFactory.create(name="Gymnase", school=SchoolFactory.create(name="Lycée Hiver"))
        found = boss.get(address(Space, "changelist"), {"q": "gymnase ete"}).context["cl"].result_list
        assert [space.school.name for space in found] == ["Lycée Été"]

    def test_published_in_one_go(self, boss: Client):
        spaces = SpaceFactory.create_batch(2, published=False)
        chosen = {"action": "publish", "_selected_action": [space.pk for space in spaces]}
        page = boss.post(address(Space, "changelist"), chosen, follow=True).content.decode()
        assert "2 salles modifiées." in page
        assert Space.objects.published().count() == 2

    def test_page_of_a_school_with_many_spaces_stays_small(
        self, boss: Client, django_assert_num_queries: Callable[..., Any]
    ):
        """Neither a giant list of units of everybody, nor a statement for each line."""
        space = SpaceFactory.create()
        url = address(Space, "change", space.pk)
        boss.get(url)
        with django_assert_num_queries(25, exact=False) as one:
            boss.get(url)
        SpaceFactory.create_batch(5, name="Ailleurs")
        for _ in range(3):
            OpeningHoursFactory.create(school=space.school, space=space)
            ClosureFactory.create(school=space.school, space=space)
        with django_assert_num_queries(len(one)):
            page = boss.get(url).content.decode()
        assert "Ailleurs" not in page


# -- everything else ----------------------------------------------------------------------------


def test_busy_time_must_not_end_before_it_starts(boss: Client):
    space = SpaceFactory.create()
    values = {"space": space.pk, "start_at_0": "2026-11-05", "start_at_1": "18:00", "end_at_0": "2026-11-05"}
    page = boss.post(address(BusyTime, "add"), {**values, "end_at_1": "17:00"}).content.decode()
    assert "L’occupation finit avant de commencer." in page
    assert boss.post(address(BusyTime, "add"), {**values, "end_at_1": "20:00"}).status_code == 302


def test_an_hour_that_does_not_exist_is_explained(boss: Client):
    values = {"space": SpaceFactory.create().pk, "start_at_0": "2027-03-28", "start_at_1": "02:30"}
    response = boss.post(address(BusyTime, "add"), {**values, "end_at_0": "2027-03-28", "end_at_1": "05:00"})
    assert response.status_code == 200
    assert "start_at" in response.context["adminform"].form.errors


def test_closure_of_another_schools_space(boss: Client):
    space = SpaceFactory.create()
    days = {"first_on": "2026-11-05", "last_on": "2026-11-06"}
    values = {"school": SchoolFactory.create().pk, "space": space.pk, **days}
    page = boss.post(address(Closure, "add"), values).content.decode()
    assert "Cette salle est celle d’un autre lycée." in page


def test_what_changed_at_the_same_instant_is_a_message(boss: Client, monkeypatch: pytest.MonkeyPatch):
    """Two people at once: the form's check passes for both, the database refuses the second."""

    def refused(*_args: Any, **_kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(BusyTime, "save", refused)
    start = next_week()
    values = {"space": SpaceFactory.create().pk}
    for name, hour in (("start_at", "18:00"), ("end_at", "20:00")):
        values |= {f"{name}_0": f"{start:%Y-%m-%d}", f"{name}_1": hour}
    page = boss.post(address(BusyTime, "add"), values, follow=True)
    assert page.status_code == 200
    assert "quelqu’un a modifié la même chose" in page.content.decode()


def test_site_has_its_name(boss: Client):
    page = boss.get(reverse("admin:index")).content.decode()
    assert "Shareloc – administration" in page
    assert "Lycées et salles" in page


def test_users_who_are_chosen_are_named(boss: Client):
    role = SchoolRoleFactory.create(user=UserFactory.create(name="Personne choisie"))
    page = boss.get(address(School, "change", role.school.pk)).content.decode()
    assert "Personne choisie" in page
    assert User.objects.count() > 1
