"""Fixtures shared by all tests: time, people of every role, browser, mail server, query counts."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.chromium import CHROMIUM_ARGS, chromium
from tests.factories import PARIS
from tests.web_server import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize
    from rest_framework.test import APIClient

    from shareloc.accounts.models import Organisation, User
    from venues.models import School

# Playwright keeps an event loop in this thread, for which Django would refuse its ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# --- Effort ------------------------------------------------------------------------------------

TEST_EFFORT = float(os.environ.get("TEST_EFFORT") or 0.15)


def effort(full: int, *, least: int = 1) -> int:
    """How many repetitions of a heavy test to run: `full` of them when TEST_EFFORT is 1."""
    return max(least, round(full * TEST_EFFORT))


# No test fails for being slow: a loaded machine is not a fault of the program.
hypothesis.settings.register_profile("shareloc", deadline=None)
hypothesis.settings.load_profile("shareloc")


# --- Which tests can run -----------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests by what they use, and send those that take the whole machine to one worker."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        for alone in ("concurrency", "clients"):
            if item.get_closest_marker(alone):
                item.add_marker(pytest.mark.xdist_group(alone))


@pytest.fixture(autouse=True)
def _only_where_it_can_run(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("PostgreSQL absent : définissez TEST_DATABASE_URL")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Throttles and counters in the cache start from nothing in each test."""
    cache.clear()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL of the test's own database, for processes a test starts. Rows are really committed."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    login = options["USER"] + (f":{options['PASSWORD']}" if options["PASSWORD"] else "")
    return f"postgres://{login}@{options['HOST']}:{options['PORT'] or 5432}/{options['NAME']}"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Uploaded files lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


# --- Time --------------------------------------------------------------------------------------


def paris(text: str) -> dt.datetime:
    """`paris("2026-10-22 18:00")`: that moment, aware, Europe/Paris (the first of two ambiguous ones)."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


# Wednesday 14 October 2026, 10:00 in Paris, three days before the autumn holidays.
NOW = paris("2026-10-14 10:00")


@pytest.fixture
def now() -> Iterator[dt.datetime]:
    """The clock stands at NOW, a Wednesday in term."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def at_paris() -> Callable[[str], AbstractContextManager[Any]]:
    """`with at_paris("2026-10-22 18:00"):` sets the clock for a while."""
    return lambda text: time_machine.travel(paris(text), tick=False)


# --- People ------------------------------------------------------------------------------------

ROLES = ("anonymous", "stranger", "member", "other_manager", "manager", "region")


@dataclass
class Cast:
    """One school, one organisation, and a person of every role towards them.

    stranger: member of another organisation; other_manager: manager of another school.
    """

    school: School
    other_school: School
    organisation: Organisation
    other_organisation: Organisation
    users: dict[str, User] = field(default_factory=dict)

    def user(self, role: str) -> User:
        return self.users[role]

    def client(self, role: str) -> Client:
        """A browser signed in as that role."""
        client = Client()
        if role != "anonymous":
            client.force_login(self.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def api(self, role: str) -> APIClient:
        """An API client of that role."""
        from rest_framework.test import APIClient

        client = APIClient()
        if role != "anonymous":
            client.force_authenticate(self.users[role])
        return client


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody a permission matrix asks about; with ROLES for `parametrize`."""
    school, other_school = factories.SchoolFactory.create_batch(2)
    organisation, other_organisation = factories.OrganisationFactory.create_batch(2)
    made = Cast(school, other_school, organisation, other_organisation)
    made.users = {
        "stranger": factories.MembershipFactory.create(organisation=other_organisation).user,
        "member": factories.MembershipFactory.create(organisation=organisation).user,
        "other_manager": factories.SchoolRoleFactory.create(school=other_school).user,
        "manager": factories.SchoolRoleFactory.create(school=school).user,
        "region": factories.UserFactory.create(is_region_officer=True),
    }
    return made


# --- Counting queries --------------------------------------------------------------------------


def _counts(sql: str) -> bool:
    """Whether a statement is the page's own work: not a savepoint, not the session, not signing in."""
    if sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "BEGIN", "COMMIT", "ROLLBACK")):
        return False
    return '"django_session"' not in sql and not ('FROM "accounts_user"' in sql and " LIMIT 21" in sql)


@pytest.fixture
def django_assert_num_queries() -> Callable[..., AbstractContextManager[CaptureQueriesContext]]:
    """`with django_assert_num_queries(9, own=True):` leaves out savepoints, session and signing in.

    `exact=False` allows fewer. Without `own`, every statement counts.
    """

    @contextmanager
    def asserting(expected: int, *, own: bool = False, exact: bool = True) -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as captured:
            yield captured
        ran = [query["sql"] for query in captured.captured_queries if not own or _counts(query["sql"])]
        if len(ran) > expected or (exact and len(ran) != expected):
            pytest.fail(f"{len(ran)} queries, expected {expected}:\n" + "\n".join(ran), pytrace=False)

    return asserting


# --- Browser -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium absent : définissez CHROMIUM")
    return {"executable_path": path, "args": CHROMIUM_ARGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args(live_server: Any) -> dict[str, Any]:
    """Pages open addresses of the live server: `page.goto("/salles/")`."""
    return {"base_url": live_server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


def _sign_in(page: Page, user: User, site: str) -> Page:
    """The cookie of somebody who signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


@pytest.fixture
def signed_in(page: Page, live_server: Any) -> Callable[[User], Page]:
    """`signed_in(user)`: the browser's page, that person signed in."""
    return lambda user: _sign_in(page, user, live_server.url)


class OpenWindow(Protocol):
    """Opens a window of that person's own, or of nobody's."""

    def __call__(
        self, user: User | None = None, *, scripted: bool = True, size: ViewportSize | None = None
    ) -> Page: ...


@pytest.fixture
def open_window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[OpenWindow]:
    """`open_window(user, scripted=False)`: as many windows as there are people, closed at the end."""
    contexts = []

    def opened(user: User | None = None, *, scripted: bool = True, size: ViewportSize | None = None) -> Page:
        given = {**browser_context_args, **({"viewport": size} if size else {})}
        contexts.append(browser.new_context(**given, java_script_enabled=scripted))
        page = contexts[-1].new_page()
        return _sign_in(page, user, given["base_url"]) if user else page

    yield opened
    for context in contexts:
        context.close()


class Judging(Protocol):
    """Fails where axe-core finds anything on the page, and says what and where; `rules`: these alone."""

    def __call__(self, page: Page, *, rules: Sequence[str] = ()) -> None: ...


@pytest.fixture
def axe() -> Judging:
    """`axe(page)`. What a page looks like depends on no database: it is judged on SQLite, where all tests run."""
    from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe

    def check(page: Page, *, rules: Sequence[str] = ()) -> None:
        page.wait_for_load_state()
        if connection.vendor != "sqlite":
            return
        chosen = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        found = Axe().run(page, options={**DEFAULT_OPTIONS, **chosen})
        if found.violations_count:
            pytest.fail(f"{page.url}\n{found.generate_report()}", pytrace=False)

    return check


# --- Mail --------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What a mail server received, in order."""

    host: str
    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    # Envelope recipients, one list a message.
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server on loopback, to which Django's mail goes; yields what it received."""
    from aiosmtpd.controller import Controller

    mailbox = Mailbox("127.0.0.1", free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield mailbox
    finally:
        controller.stop()
