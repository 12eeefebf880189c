"""Does what has fallen due: run it every few minutes (cron, a timer); twice at once does no harm."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookings import agreements, alerts, expiring, notifications
from bookings.workflow import due
from shareloc.accounts import invitations
from shareloc.web.chores import CHORES

logger = logging.getLogger(__name__)

# What it calls, and what it then says: each returns how many things it did.
JOBS: list[tuple[Callable[[], int], Any]] = [
    (due.lapse, _("Propositions échues : %(count)s")),
    (due.take_place, _("Dates passées : %(count)s")),
    (due.prepare, _("Rappels de la veille : %(count)s")),
    (due.expire, _("Dates restées sans réponse : %(count)s")),
    (due.block, _("Dates acceptées touchées par le lycée : %(count)s")),
    (due.remind, _("Rappels aux lycées : %(count)s")),
    (due.escalate, _("Demandes signalées à la Région : %(count)s")),
    (agreements.draw_up_missing, _("Conventions établies après coup : %(count)s")),
    (alerts.fire_due, _("Alertes exaucées : %(count)s")),
    (alerts.requeue_lost, _("Courriels d’alerte repris : %(count)s")),
    (alerts.forget_old, _("Alertes terminées effacées : %(count)s")),
    (invitations.forget_old, _("Invitations échues effacées : %(count)s")),
    (expiring.remind, _("Attestations qui expirent bientôt : %(count)s")),
    (expiring.requeue_lost, _("Rappels d’échéance repris : %(count)s")),
    (expiring.forget_old, _("Pièces anciennes effacées : %(count)s")),
    (notifications.requeue_lost, _("Envois de courriels repris : %(count)s")),
]


class Command(BaseCommand):
    help = "Fait ce qui est échu : alertes, courriels dont l’envoi s’est interrompu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDES", help="Recommencer sans fin, après cette attente."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] is None:
            self._do_all()
            return
        # Ctrl-C is how one ends it.
        with suppress(KeyboardInterrupt):
            while True:
                with suppress(CommandError):  # said in the log; the next time may do better
                    self._do_all()
                connection.close()
                time.sleep(options["every"])

    def _do_all(self) -> None:
        failed = [job for job, said in [*JOBS, *CHORES] if not self._do(job, said)]
        if failed:
            raise CommandError(", ".join(job.__name__ for job in failed))

    def _do(self, job: Callable[[], int], said: Any) -> bool:
        """One job; its failure must not keep the others from being done."""
        try:
            count = job()
        except Exception:
            logger.exception("run_due: %s", job.__name__)
            return False
        if count:
            self.stdout.write(said % {"count": count})
        return True
