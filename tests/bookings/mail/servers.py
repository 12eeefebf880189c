"""Mail servers that are down, pick and choose, or fall silent; workers of their own, and how they die."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings

from tests.conftest import NOW, Mailbox, free_port


def later(**delta: float) -> Any:
    """The clock stands that long after the story began."""
    return time_machine.travel(NOW + dt.timedelta(**delta), tick=False)


@contextmanager
def down(mailbox: Mailbox, settings: Any) -> Iterator[None]:
    """Nobody listens at the mail server's address."""
    settings.EMAIL_PORT = free_port()
    yield
    settings.EMAIL_PORT = mailbox.port


def answering(mailbox: Mailbox, answers: dict[str, str], *, to: str = "RCPT") -> None:
    """Have the server answer this to these addresses."""

    async def at_address(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in answers:
            return answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def at_content(server: Any, session: Any, envelope: Any) -> str:
        if refusal := answers.get(envelope.rcpt_tos[0]):
            return refusal
        return await Mailbox.handle_DATA(mailbox, server, session, envelope)

    setattr(mailbox, f"handle_{to}", at_address if to == "RCPT" else at_content)


class _Silent:
    """A mail server that stops answering at one point of the conversation, and says when it is reached."""

    def __init__(self, stage: str) -> None:
        self.reached = threading.Event()
        setattr(self, f"handle_{stage}", self.wait)

    async def wait(self, *_what: Any) -> str:
        self.reached.set()
        await asyncio.sleep(600)
        return "451 never said"


@contextmanager
def _listening(handler: Any) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def worker(database_url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process, that sends its mail to that port."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shareloc.settings",
        "DATABASE_URL": database_url,
        "DEMO": "0",
        "HTTPS": "0",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay", "--interval=0"]
    process = subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def kill_worker_at(stage: str, database_url: str) -> None:
    """A worker begins to send, and is killed while it waits for the mail server's answer at that stage."""
    silent = _Silent(stage)
    with _listening(silent) as port, worker(database_url, port) as process:
        assert silent.reached.wait(60)
        process.kill()
        assert process.wait() == -signal.SIGKILL
