"""A demonstration of its own, freshly made up in a folder that goes with it: for pictures and measures."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh() -> Iterator[Path]:
    """Shareloc set up as in production, whatever it writes in a temporary folder. Once a process."""
    with tempfile.TemporaryDirectory(prefix="shareloc-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"DEMO": "1", "DEBUG": "0", "HTTPS": "0", "VAR_DIR": folder}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "shareloc.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        import django

        django.setup()
        yield Path(folder)


def fill() -> None:
    """Static files, lycées and the demonstration's data."""
    from django.core.management import call_command

    from shareloc.demo.management.commands.run_demo import Command

    call_command("collectstatic", interactive=False, verbosity=0)
    Command().prepare()


def session(email: str) -> str:
    """The session cookie of that person, signed in."""
    from django.test import Client

    from shareloc.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value
