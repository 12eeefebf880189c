"""`manage.py import_schools SOURCE`: bring our schools in line with the official annuaire."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schools_import import annuaire, geocoding, report, sources
from schools_import.apply import Outcome, import_schools, preview
from schools_import.records import Extract, Perimeter, UnreadableError
from venues.geo import Geocoder


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Importe l’annuaire officiel de l’éducation. Sans --apply, montre ce qui changerait et n’écrit rien. "
        "Rend 0 quand la source est saine, 1 quand elle est refusée."
    )

    # Checks load every page and API of the site, longer than the import itself; `manage.py check` runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", help=_("fichier ou adresse http(s) : export CSV ou JSON, pages « records »")
        )
        parser.add_argument("--apply", action="store_true", help=_("écrire les changements"))
        parser.add_argument(
            "--force",
            action="store_true",
            help=_("passer outre aux refus (les lignes refusées restent écartées)"),
        )
        parser.add_argument(
            "--geocode", action="store_true", help=_("chercher l’adresse des lycées sans position")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source, perimeter = sources.shown(options["source"]), Perimeter.from_settings()
        try:
            content = sources.read(options["source"])
            extract = annuaire.parse(content, perimeter)
        except UnreadableError as error:
            raise CommandError(_("Source refusée. %(reason)s") % {"reason": error}) from error
        if options["apply"]:
            outcome = self._apply(extract, perimeter, source=source, content=content, force=options["force"])
        else:
            outcome = preview(extract, perimeter)
        self.stdout.write(_("Source : %(source)s") % {"source": source})
        self.stdout.write(report.of(extract, outcome.plan))
        self._judge(outcome, force=options["force"])
        if options["geocode"]:
            self._geocode(outcome, perimeter)
        self._conclude(outcome)

    def _apply(self, extract: Extract, perimeter: Perimeter, **options: Any) -> Outcome:
        try:
            return import_schools(extract, perimeter, **options)
        except IntegrityError as error:
            raise CommandError(
                _("Un autre import vient d’écrire les mêmes lycées : relancez la commande.")
            ) from error

    def _judge(self, outcome: Outcome, *, force: bool) -> None:
        for objection in outcome.objections:
            self.stdout.write(_("Objection : %(objection)s") % {"objection": objection})
        if outcome.objections and not force:
            raise CommandError(
                _("Import refusé, rien n’a été écrit. Corrigez la source, ou passez outre avec --force.")
            )

    def _geocode(self, outcome: Outcome, perimeter: Perimeter) -> None:
        if outcome.run is None:
            count = len(outcome.plan.unplaced)
            text = ngettext(
                "Géocodage : %(count)d lycée sans position serait cherché.",
                "Géocodage : %(count)d lycées sans position seraient cherchés.",
                count,
            )
            self.stdout.write(text % {"count": count})
            return
        text = report.geocoded(geocoding.place_schools(perimeter, Geocoder()))
        self.stdout.write(text)
        outcome.run.summary += f"\n{text}"
        outcome.run.save(update_fields=["summary"])

    def _conclude(self, outcome: Outcome) -> None:
        if outcome.run:
            self.stdout.write(_("Import appliqué."))
        else:
            self.stdout.write(_("Essai à blanc : rien n’a été écrit. Ajoutez --apply pour écrire."))
