"""`manage.py load_communes`: the communes of our départements, for the search of places."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import Commune

COMMUNES = Path(settings.BASE_DIR) / "fixtures" / "communes.csv"
CHANGING = (
    "is_former", "department", "postcodes", "population", "latitude", "longitude", "is_approximate", "folded",
)  # fmt: skip
BATCH = 1_000


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Ajoute ou met à jour les communes des départements de IMPORT_DEPARTMENTS, et retire celles que le fichier n’a plus."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            default=str(COMMUNES),
            help="CSV comme fixtures/communes.csv, ou JSON de l’API Découpage administratif (geo.api.gouv.fr).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = Path(options["file"]).read_text(encoding="utf-8-sig")
            communes = list(_of_json(text) if text.lstrip().startswith("[") else _of_csv(text))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(
                _("Fichier illisible : %(error)s. Le format attendu est dans fixtures/README.md.")
                % {"error": repr(error) if isinstance(error, KeyError) else error}
            ) from error
        ours = [one for one in communes if one.department in settings.IMPORT_DEPARTMENTS]
        if not ours:
            raise CommandError(
                _("Aucune commune des départements %(codes)s dans ce fichier : voyez IMPORT_DEPARTMENTS.")
                % {"codes": ", ".join(settings.IMPORT_DEPARTMENTS)}
            )
        _write(ours)
        self.stdout.write(_("Communes : %(count)s.") % {"count": len(ours)})


@transaction.atomic
def _write(communes: list[Commune]) -> None:
    kept = {(one.insee_code, one.name) for one in communes}
    gone = [
        pk for pk, *key in Commune.objects.values_list("pk", "insee_code", "name") if tuple(key) not in kept
    ]
    Commune.objects.filter(pk__in=gone).delete()
    Commune.objects.bulk_create(
        communes,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["insee_code", "name"],
        update_fields=CHANGING,
    )


# -- the two formats --------------------------------------------------------------------------------


def _of_csv(text: str) -> Iterator[Commune]:
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        yield _commune(
            insee_code=row["code_insee"],
            name=row["nom"],
            department=row["departement"],
            postcodes=row["codes_postaux"].split(),
            population=row["population"],
            point=(row["latitude"], row["longitude"]),
            is_former=row["type"] == "ancienne",
            is_approximate=row["precision"] != "commune",
        )


def _of_json(text: str) -> Iterator[Commune]:
    """As the API gives them with fields=nom,code,codeDepartement,codesPostaux,population,centre."""
    for row in json.loads(text):
        longitude, latitude = (row.get("centre") or {"coordinates": ("", "")})["coordinates"]
        yield _commune(
            insee_code=row["code"],
            name=row["nom"],
            department=row["codeDepartement"],
            postcodes=row["codesPostaux"],
            population=row.get("population"),
            point=(latitude, longitude),
        )


def _commune(
    *,
    insee_code: str,
    name: str,
    postcodes: list[str],
    population: Any,
    point: tuple[Any, Any],
    **others: Any,
) -> Commune:
    latitude, longitude = (None if value in ("", None) else float(value) for value in point)
    if not all(
        value is None or (math.isfinite(value) and abs(value) <= 180) for value in (latitude, longitude)
    ):
        raise ValueError(f"{name} : {latitude}, {longitude}")
    commune = Commune(
        insee_code=insee_code,
        name=name,
        postcodes=f" {' '.join(postcodes)} " if postcodes else "",
        population=int(population or 0),
        latitude=latitude,
        longitude=longitude,
        **others,
    )
    commune.refresh_folded()
    return commune
