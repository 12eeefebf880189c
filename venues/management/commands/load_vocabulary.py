"""`manage.py load_vocabulary`: the common words for what is fixed in a room and what is lent with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import EquipmentKind, Feature

VOCABULARY = Path(settings.BASE_DIR) / "fixtures" / "vocabulary.json"
WORDS: tuple[type[models.Model], ...] = (Feature, EquipmentKind)


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Ajoute ou met à jour les aménagements et les types de matériel communs. Ne supprime rien."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for entry in json.loads(VOCABULARY.read_text(encoding="utf-8")):
            _upsert(apps.get_model(entry["model"]), **entry["fields"])
        for model in WORDS:
            self.stdout.write(f"{model._meta.verbose_name_plural}\u00a0: {model._default_manager.count()}")
        self.stdout.write(_("Vocabulaire à jour."))


def _upsert(model: type[models.Model], *, slug: str, **fields: Any) -> None:
    # By slug, never by the number in the file: an installation has its own words, with their own numbers.
    model._default_manager.update_or_create(slug=slug, defaults=fields)
