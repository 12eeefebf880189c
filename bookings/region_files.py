"""What the Région follows, as tables for a spreadsheet: what the lists of its pages show, all pages in one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.accounts.models import Organisation
from shareloc.web import formats
from shareloc.web.sheets import Table
from venues.models import School

from . import wording
from .models import BookingRequest, Journal

# More rows than these are asked for by narrower filters.
MOST_ROWS = 10_000


def unanswered(requests: Iterable[BookingRequest]) -> Table:
    heads = [
        _("Référence"),
        _("Activité"),
        _("Organisme"),
        _("UAI"),
        _("Lycée"),
        _("Commune"),
        _("Envoyée le"),
        _("Réponse promise"),
        _("Première date"),
        _("Dernier rappel"),
    ]
    return Table(_("Sans réponse"), heads, [_request(asked) for asked in requests])


def _request(asked: Any) -> list[Any]:
    school = asked.school
    return [
        asked.reference,
        asked.purpose,
        asked.organisation.name,
        school.uai,
        school.name,
        school.commune,
        _day(asked.submitted_at),
        asked.answer_due_on,
        _day(asked.first_start_at),
        _day(asked.reminded_at),
    ]


def dormant(schools: Iterable[School]) -> Table:
    heads = [
        _("UAI"),
        _("Lycée"),
        _("Commune"),
        _("Département"),
        _("Pourquoi"),
        _("Téléphone"),
        _("Courriel"),
    ]
    return Table(_("Lycées dormants"), heads, [_school(school) for school in schools])


def _school(school: Any) -> list[Any]:
    why = _("Jamais demandé") if school.lends else _("Aucune salle proposée")
    return [
        school.uai,
        school.name,
        school.commune,
        school.department_name or school.department,
        why,
        school.phone,
        school.email,
    ]


def organisations(found: Iterable[Organisation]) -> Table:
    heads = [
        _("Organisme"),
        _("Nature"),
        _("RNA"),
        _("SIREN ou SIRET"),
        _("Courriel"),
        _("Inscrit le"),
        _("Vérifié le"),
        _("Demandes"),
    ]
    return Table(_("Organismes"), heads, [_organisation(one) for one in found])


def _organisation(one: Any) -> list[Any]:
    return [
        one.name,
        one.get_kind_display(),
        one.rna,
        one.siret,
        one.email,
        _day(one.created_at),
        _day(one.verified_at),
        one.asked,
    ]


def journal(lines: Iterable[Journal]) -> Table:
    heads = [
        _("Le"),
        _("Heure"),
        _("Fait"),
        _("Par"),
        _("Motif"),
        _("Demande"),
        _("Activité"),
        _("Organisme"),
        _("UAI"),
        _("Lycée"),
    ]
    return Table(_("Journal"), heads, [_line(line) for line in lines])


def _line(line: Journal) -> list[Any]:
    asked = line.request
    return [
        _day(line.at),
        formats.hour(line.at),
        wording.told(line),
        line.who,
        line.reason,
        asked.reference,
        asked.purpose,
        asked.organisation.name,
        asked.school.uai,
        asked.school.name,
    ]


def _day(moment: dt.datetime | None) -> dt.date | str:
    return timezone.localdate(moment) if moment else ""
