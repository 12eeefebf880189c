"""Does what has fallen due: run it every few minutes (cron, a timer); twice at once does no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from bookings import notifications
from bookings.workflow import due

logger = logging.getLogger(__name__)

# What it calls, and what it then says: each returns how many things it did.
JOBS: list[tuple[Callable[[], int], Any]] = [
    (due.lapse, _("Propositions échues : %(count)s")),
    (due.take_place, _("Dates passées : %(count)s")),
    (due.expire, _("Dates restées sans réponse : %(count)s")),
    (due.block, _("Dates acceptées touchées par le lycée : %(count)s")),
    (due.remind, _("Rappels aux lycées : %(count)s")),
    (due.escalate, _("Demandes signalées à la Région : %(count)s")),
    (notifications.requeue_lost, _("Envois de courriels repris : %(count)s")),
]


class Command(BaseCommand):
    help = "Fait ce qui est échu : rappels, propositions échues, dates passées, courriels interrompus."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [job for job, said in JOBS if not self._do(job, said)]
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
