"""seed_demo: made-up rooms for every lycée, accounts and requests. Only in the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from shareloc.demo import accounts, evenings, lives, past, requests, seed


class Command(BaseCommand):
    help = "Ajoute aux lycées des salles fictives, les comptes et les demandes de la démonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="Même nombre, mêmes salles (1 par défaut).")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Les données de démonstration ne se mettent que dans une démonstration (DEMO=1)."
            )
        if accounts.exist():
            raise CommandError(
                "Les données de démonstration sont déjà là ; « make demo-reset » repart de zéro."
            )
        try:
            count = self._seed(options["seed"])
        except seed.MissingGround as missing:
            raise CommandError(str(missing)) from missing
        self.stdout.write(f"{count} salles de démonstration.")

    # All or nothing: what was interrupted starts again from nothing.
    @transaction.atomic
    def _seed(self, number: int) -> int:
        today = timezone.localdate()
        school = seed.showcase_school()
        newcomer = seed.newcomer_school(school)
        count = seed.fill_schools(school, newcomer, seed=number, today=today)
        seed.price(school)
        seed.introduce(school, today=today)
        people = accounts.create(school, today=today)
        accounts.welcome(newcomer)
        past.create(people, school)
        evenings.create(people, school, seed=number)
        requests.create(people, school)
        lives.create(people, school)
        past.told_in_their_time()
        return count
