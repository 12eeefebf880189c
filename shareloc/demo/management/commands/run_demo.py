"""run_demo: prepares the demonstration's data where they are missing, then runs web server and task worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from shareloc.demo import accounts, mail
from venues.models import Commune, Feature, School

PATIENCE = 60  # seconds for the server to answer


class Command(BaseCommand):
    help = "Prépare et lance la démonstration ; Ctrl-C arrête tout."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="Effacer les données et repartir de zéro.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Cette commande ne lance que la démonstration (DEMO=1).")
        port = options["port"]
        self._refuse_taken(port)
        if options["reset"]:
            self._erase()
        self.prepare()
        sys.exit(self._run(port))

    def _refuse_taken(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Le port {port} n’est pas libre. Choisissez-en un autre : make demo PORT={min(port, 65000) + 1}"
                ) from error

    # -- data -----------------------------------------------------------------------------------

    def _erase(self) -> None:
        shutil.rmtree(mail.folder(), ignore_errors=True)
        if connection.vendor == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        else:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)

    def prepare(self) -> None:
        """Write what is missing of the demonstration's data, and do what fell due."""
        settings.VAR_DIR.mkdir(exist_ok=True)
        self._say("5/6 Base de données et lycées…")
        call_command("migrate", verbosity=0)
        with open(os.devnull, "w", encoding="utf-8") as quiet:
            if not Feature.objects.exists():
                call_command("load_vocabulary", stdout=quiet)
            if not Commune.objects.exists():
                call_command("load_communes", stdout=quiet)
            if not School.objects.exists():
                source = str(settings.BASE_DIR / "fixtures" / "lycees.csv")
                call_command("import_schools", source, "--apply", stdout=quiet)
        if not accounts.exist():
            self._say("6/6 Salles, comptes et demandes de démonstration…")
            call_command("seed_demo", stdout=self.stdout)
        # Mails that the last Ctrl-C cut off.
        call_command("run_due", stdout=self.stdout)

    # -- processes ------------------------------------------------------------------------------

    def _run(self, port: int) -> int:
        connection.close()
        manager = Manager(_Quiet(sys.stdout))
        procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text())
        env = {"SITE_URL": _address(port), **os.environ, "PORT": str(port)}
        for name, command in procfile.processes.items():
            manager.add_process(name, command, env=env, cwd=settings.BASE_DIR)
        # A closed window ends the demonstration like Ctrl-C.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        threading.Thread(target=self._announce, args=(port,), daemon=True).start()
        manager.loop()
        # Ctrl-C is how one leaves a demonstration: not a failure.
        return 0 if manager.returncode in (130, 143) else manager.returncode or 0

    def _announce(self, port: int) -> None:
        address = _address(port)
        give_up = time.monotonic() + PATIENCE
        while not _answers(port):
            if time.monotonic() > give_up:
                self.stderr.write(f"Le serveur ne répond pas à {address} : voyez les messages ci-dessus.")
                return
            time.sleep(0.1)
        self._say(f"\nShareloc : {address}")
        for email in accounts.SIGN_IN:
            self.stdout.write(f"  {email:26} mot de passe : {accounts.PASSWORD}")
        self.stdout.write(f"Courriels : {address}/demo/courriels/\nCtrl-C arrête tout.\n")
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(text))
        self.stdout.flush()


class _Quiet(Printer):
    """Prints what the processes say, not what honcho says of them."""

    def write(self, message: Any) -> None:
        if message.name != "system":
            super().write(message)


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    # Not urlopen, which would ask the proxy of a machine that has one.
    server = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        server.request("GET", "/")
        server.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        server.close()
    return True
