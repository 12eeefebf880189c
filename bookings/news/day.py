"""What is said around the day itself: before it, after it, and of what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from shareloc.web import formats

from .. import happened
from ..models import Incident, Journal, Message, Occurrence
from .mail import News, names


def _prepare(line: Journal) -> News:
    school, first = line.request.school, _first_date(line)
    notes = [
        (_("Accès le soir et le week-end :"), school.access_notes),
        (_("En cas d’urgence :"), school.emergency_instructions),
    ]
    return News(
        _("rappel pour %(day)s") % {"day": formats.day(first.start_at)},
        [_("%(school)s vous attend pour « %(purpose)s » :") % names(line)],
        _("Voir la page du jour"),
        after=_(
            "La page du jour se lit au téléphone et s’imprime ; vous y dites que vous êtes là, ou qu’il y a un problème. "
            "Vous ne venez pas ? Annulez la date : la place servira à d’autres."
        ),
        path=_day_path(first),
        notes=[(title, text) for title, text in notes if text],
    )


def _afterwards(line: Journal) -> News:
    return News(
        _("comment c’était ?"),
        [_("%(school)s vous attendait :") % names(line)],
        _("Donner mon avis"),
        after=_(
            "En moins d’une minute, dites au lycée dans quel état vous avez laissé les lieux et si tout s’est bien passé. "
            "Vous n’êtes pas venus ? Dites-le sur la même page."
        ),
        path=_day_path(_first_date(line)),
    )


def _not_used(line: Journal) -> News:
    return News(
        _("date non utilisée"),
        [_("%(organisation)s dit ne pas être venue :") % names(line)],
        _("Voir la demande"),
        _("Motif"),
        line.reason,
        contact="organisation",
    )


def _no_show(line: Journal) -> News:
    return News(
        _("absence constatée"),
        [_("%(school)s n’a vu personne à cette date :") % names(line)],
        _("Voir la demande"),
        _("Mot du lycée"),
        line.reason,
        after=_("C’est une erreur ? Écrivez au lycée sur la page de la demande."),
    )


def _reported(line: Journal) -> News:
    incident = Incident.objects.filter(pk=line.data["incident"]).first()
    by_school = line.data["side"] == Message.Side.SCHOOL
    sentence = (
        _("%(school)s signale un problème :") if by_school else _("%(organisation)s signale un problème :")
    )
    return News(
        _("problème signalé"),
        [sentence % names(line)],
        _("Voir la page du jour"),
        _("Ce qui s’est passé"),
        incident.text if incident else "",
        after=_("Une photo est jointe, sur la page du jour.") if incident and incident.photo else "",
        path=_day_path(_first_date(line)),
    )


def _taken_back(line: Journal) -> News:
    return News(
        _("matériel rendu, avec une réserve"),
        [
            _("%(school)s a repris le matériel prêté : %(what)s.")
            % {**names(line), "what": happened.equipment(line)}
        ],
        _("Voir la demande"),
        _("Son état"),
        line.reason,
        after=_("Vous n’êtes pas d’accord ? Écrivez au lycée sur la page de la demande."),
    )


WORDS: dict[str, Callable[[Journal], News]] = {
    "prepare": _prepare,
    "afterwards": _afterwards,
    "not_used": _not_used,
    "no_show": _no_show,
    "reported": _reported,
    "taken_back": _taken_back,
}


def _first_date(line: Journal) -> Occurrence:
    dates = line.request.occurrences.filter(pk__in=line.data["occurrences"]).order_by("start_at", "pk")
    return dates.select_related("request")[0]


def _day_path(date: Occurrence) -> str:
    return reverse("bookings:day", args=[date.request.reference, date.pk])
