"""What pages say in whole sentences: the result of a search, a decision, a line of the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.messages import SUCCESS, WARNING
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from shareloc.web import formats
from venues.gazetteer import Answer

from . import happened
from .models import BookingRequest, Journal, Occurrence, Signature
from .moments import Moment, Weekday
from .problems import Problem
from .search import Flexible, Place, Question, Series, When
from .states import Verb
from .workflow import Outcome

# -- search -------------------------------------------------------------------------------------


def results(count: int, question: Question, named: str = "") -> str:
    """`named` is what the place asked for is called. `14 salles libres jeudi 22 octobre 2026 de 18:30 à 20:30 à moins de 10 km de Lille`."""
    parts = [_how_many(count, free=question.when is not None)]
    if question.when:
        parts.append(when(question.when))
    if place := where(replace(question.place, text=named or question.place.text)):
        parts.append(place)
    return " ".join(parts)


def _how_many(count: int, *, free: bool) -> str:
    if count == 0:
        return _("Aucune salle libre") if free else _("Aucune salle")
    number = {"n": formats.number(count)}
    if free:
        return ngettext("%(n)s salle libre", "%(n)s salles libres", count) % number
    return how_many_rooms(count)


def how_many_rooms(count: int) -> str:
    """`3 salles`."""
    return ngettext("%(n)s salle", "%(n)s salles", count) % {"n": formats.number(count)}


def usual_answer(days: int) -> str:
    """How soon half of a school's answers come."""
    if days <= 1:
        return _("répond en un jour (médiane)")
    return _("répond en %(n)s jours (médiane)") % {"n": days}


def when(asked: When) -> str:
    """`jeudi 22 octobre 2026 de 18:30 à 20:30`."""
    if asked.until and asked.until != asked.date:
        return _over_days(asked)
    day = formats.day(asked.date)
    if asked.start and asked.end:
        hours = _("de %(start)s à %(end)s") % {
            "start": formats.hour(asked.start),
            "end": formats.hour(asked.end),
        }
        if asked.end <= asked.start:
            hours = _("%(hours)s le lendemain") % {"hours": hours}
        return f"{day} {hours}"
    if asked.start:
        return _("%(day)s à partir de %(start)s") % {"day": day, "start": formats.hour(asked.start)}
    if asked.end:
        return _("%(day)s avant %(end)s") % {"day": day, "end": formats.hour(asked.end)}
    return day


def _over_days(asked: When) -> str:
    first, last = formats.day(asked.date), formats.day(asked.last)
    if asked.start:
        first = _("%(day)s à %(hour)s") % {"day": first, "hour": formats.hour(asked.start)}
    if asked.end:
        last = _("%(day)s à %(hour)s") % {"day": last, "hour": formats.hour(asked.end)}
    between = {"first": first, "last": last}
    if asked.fixed:
        return _("du %(first)s au %(last)s") % between
    return _("entre le %(first)s et le %(last)s") % between


def where(place: Place) -> str:
    if place.within_km is None:
        return _("à « %(text)s »") % {"text": place.text} if place.text else ""
    around = {"km": formats.number(place.within_km, 1), "of_place": of(place.text)}
    if place.near:
        return _("à moins de %(km)s km du point choisi") % around
    return _("à moins de %(km)s km %(of_place)s") % around


ARTICLES = {
    "Le ": pgettext_lazy("d’une commune", "du %(name)s"),
    "Les ": pgettext_lazy("d’une commune", "des %(name)s"),
}
# Before an h usage differs from one commune to the next: “de Ham”, “d’Hazebrouck”.
VOWELS = "aàâeéèêëiîïoôuûy"


def of(name: str) -> str:
    """`de Lille`, `d’Amiens`, `du Touquet-Paris-Plage`, `du lycée Faidherbe`."""
    for article, said in ARTICLES.items():
        if name.startswith(article):
            return str(said) % {"name": name.removeprefix(article)}
    if name.startswith("Lycée "):
        return pgettext("d’un lycée", "du %(name)s") % {"name": f"l{name[1:]}"}
    if name[:1].lower() in VOWELS:
        return _("d’%(name)s") % {"name": name}
    return _("de %(name)s") % {"name": name}


def named(answer: Answer | None) -> str:
    """What the place found is called; with its département where others have the same name."""
    if answer is None or answer.place is None:
        return ""
    place = answer.place
    is_shared = any(other.label.startswith(f"{place.name} (") for other in answer.others)
    return place.label if is_shared else place.name


def called(place: Place, answer: Answer | None) -> Place:
    """The place asked for, under the name of what it was taken for."""
    return replace(place, text=named(answer) or place.text)


def place_note(answer: Answer, asked: Place) -> str:
    """Why the results are not quite of what was typed, or where not quite; empty where they are."""
    place = answer.place
    if place is None:
        return ""
    around = {"typed": asked.text, "place": place.label, "of_place": of(place.label)}
    if answer.unreachable:
        return _("Le service des adresses ne répond pas : résultats autour %(of_place)s.") % around
    if answer.corrected and asked.within_km is None:
        return _("Résultats pour %(place)s : « %(typed)s » n’est pas un lieu connu.") % around
    if answer.corrected:
        return _("Résultats autour %(of_place)s : « %(typed)s » n’est pas un lieu connu.") % around
    if place.is_approximate and asked.within_km is not None:
        return _("La position %(of_place)s n’est connue qu’à quelques kilomètres près.") % around
    return ""


def free_hours(periods: Sequence[tuple[dt.datetime, dt.datetime]]) -> str:
    """`Libre de 18:00 à 22:00`; several parts are joined by `et`."""
    said = [
        _("de %(start)s à %(end)s")
        % dict(zip(("start", "end"), formats.hours(*period).split("–"), strict=True))
        for period in periods
    ]
    return _("Libre %(hours)s") % {"hours": listed(said)}


def listed(words: Sequence[str]) -> str:
    """`a, b et c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s et %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


# -- search at certain moments ------------------------------------------------------------------

MOMENTS = {
    Moment.EVENINGS: gettext_lazy("les soirs de semaine"),
    Moment.DAYTIME: gettext_lazy("en semaine pendant la journée"),
    Moment.WEDNESDAY_AFTERNOONS: gettext_lazy("le mercredi après-midi"),
    Moment.SATURDAYS: gettext_lazy("le samedi"),
    Moment.SUNDAYS: gettext_lazy("le dimanche"),
}


def flexible(asked: Mapping[str, Any], period: Flexible, place: Place) -> str:
    """`2 heures, les soirs de semaine ou le samedi, à moins de 20 km de Lille, d’ici le 23 janvier 2027`."""
    said = [_length(period.minutes), _moments(asked), where(place), _until(period)]
    return ", ".join(part for part in said if part)


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return formats.duration(minutes)
    return ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": hours}


def _moments(asked: Mapping[str, Any]) -> str:
    said = [str(MOMENTS[Moment(moment)]) for moment in asked["moments"]]
    if asked["weekdays"] or asked["start"] or asked["end"]:
        said.append(_own_moment(asked))
    return either(said) or _("n’importe quand")


def _own_moment(asked: Mapping[str, Any]) -> str:
    """`le mardi ou le jeudi de 18:00 à 20:00`."""
    on = either([_("le %(weekday)s") % {"weekday": Weekday(day).label} for day in asked["weekdays"]])
    return " ".join(part for part in (on or _("tous les jours"), clock(asked["start"], asked["end"])) if part)


def clock(start: dt.time | None, end: dt.time | None) -> str:
    """`de 18:00 à 20:00`."""
    hours = {"start": formats.hour(start) if start else "", "end": formats.hour(end) if end else ""}
    if start and end:
        said = _("de %(start)s à %(end)s") % hours
        return _("%(hours)s le lendemain") % {"hours": said} if end <= start else said
    if start:
        return _("à partir de %(start)s") % hours
    return _("avant %(end)s") % hours if end else ""


def _until(asked: Flexible) -> str:
    days = {"first": formats.date(asked.first), "last": formats.date(asked.last)}
    if asked.first > timezone.localdate():
        return _("du %(first)s au %(last)s") % days
    return _("d’ici le %(last)s") % days


def either(words: Sequence[str]) -> str:
    """`a, b ou c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s ou %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


# -- search of a series -------------------------------------------------------------------------


def series(count: int, asked: Mapping[str, Any], found: Series, place: Place) -> str:
    """`3 salles libres chaque mardi de 18:00 à 20:00, 32 dates du 1er décembre 2026 au 29 juin 2027`."""
    how_often = rhythm(asked["weekdays"], asked["every"] or 1)
    rule = f"{_how_many(count, free=True)} {how_often} {clock(found.start, found.end)}"
    said = [
        rule,
        _dates_of(found),
        _("sans les vacances ni les jours fériés") if asked["skip_holidays"] else "",
    ]
    return ", ".join(part for part in (*said, where(place)) if part)


def rhythm(chosen: Iterable[str], every: int) -> str:
    """`chaque mardi et chaque jeudi`, `un mardi sur deux`."""
    weekdays = [Weekday(day).label for day in chosen]
    if every == 1:
        return listed([_("chaque %(weekday)s") % {"weekday": weekday} for weekday in weekdays])
    if every == 2 and len(weekdays) == 1:
        return _("un %(weekday)s sur deux") % {"weekday": weekdays[0]}
    days = listed([_("le %(weekday)s") % {"weekday": weekday} for weekday in weekdays])
    return _("%(days)s toutes les %(n)s semaines") % {"days": days, "n": every}


def _dates_of(found: Series) -> str:
    first, last = formats.date(found.days[0]), formats.date(found.days[-1])
    if len(found.days) == 1:
        return _("une seule date, le %(day)s") % {"day": first}
    return _("%(n)s dates du %(first)s au %(last)s") % {"n": len(found.days), "first": first, "last": last}


def dates_free(free: int, out_of: int) -> str:
    """`29 dates libres sur 32`."""
    return ngettext("%(n)s date libre sur %(all)s", "%(n)s dates libres sur %(all)s", free) % {
        "n": free,
        "all": out_of,
    }


def dates_missing(count: int) -> str:
    """`3 dates ne sont pas libres`."""
    return ngettext("%(n)s date n’est pas libre", "%(n)s dates ne sont pas libres", count) % {"n": count}


# -- decisions ----------------------------------------------------------------------------------


def approved(outcome: Outcome) -> SafeString:
    """Exactly what was accepted, and what was left and why."""
    count = len(outcome.done)
    head = ngettext("%(n)s date acceptée :", "%(n)s dates acceptées :", count) % {"n": count}
    said = format_html("<p><strong>{}</strong> {}</p>", head, _periods(outcome.done))
    if not outcome.left:
        return said
    count = len(outcome.left)
    head = ngettext("%(n)s date laissée en attente :", "%(n)s dates laissées en attente :", count) % {
        "n": count
    }
    return format_html("{}<p><strong>{}</strong></p><ul>{}</ul>", said, head, _left(outcome.left))


def _left(left: Iterable[tuple[Occurrence, list[Problem]]]) -> SafeString:
    return format_html_join(
        "",
        "<li>{} – {}</li>",
        (
            (formats.period(date.start_at, date.end_at), " ".join(problem.message for problem in against))
            for date, against in left
        ),
    )


def _periods(dates: Iterable[Occurrence]) -> str:
    return listed([formats.period(date.start_at, date.end_at) for date in dates]) + "."


def refused(outcome: Outcome) -> str:
    count = len(outcome.done)
    return ngettext(
        "%(n)s date refusée. L’organisme reçoit votre motif.",
        "%(n)s dates refusées. L’organisme reçoit votre motif.",
        count,
    ) % {"n": count}


def cancelled(outcome: Outcome) -> SafeString:
    count = len(outcome.done)
    head = ngettext("%(n)s date annulée :", "%(n)s dates annulées :", count) % {"n": count}
    return format_html("<p><strong>{}</strong> {}</p>", head, _periods(outcome.done))


def decided_many(
    done: list[Outcome], left: list[tuple[BookingRequest, str]], gone: int, *, refused: bool
) -> tuple[int, SafeString]:
    """(level, what was done to several requests, and what was not and why)."""
    count = sum(len(outcome.done) for outcome in done)
    if refused:
        head = ngettext("%(n)s date refusée.", "%(n)s dates refusées.", count) % {"n": count}
    else:
        head = ngettext("%(n)s date acceptée.", "%(n)s dates acceptées.", count) % {"n": count}
    if left:
        remain = ngettext("%(n)s demande reste à décider.", "%(n)s demandes restent à décider.", len(left))
        head = f"{head} {remain % {'n': len(left)}}"
    gone_said = ngettext("%(n)s demande déjà décidée.", "%(n)s demandes déjà décidées.", gone) % {"n": gone}
    level = SUCCESS if count and not left else WARNING
    return level, _of_many(head, done, left, gone_said if gone else "")


def cancelled_many(
    done: list[Outcome], left: list[tuple[BookingRequest, str]], gone: int
) -> tuple[int, SafeString]:
    """(level, which dates of several requests were cancelled, and which were not and why)."""
    count = sum(len(outcome.done) for outcome in done)
    head = ngettext(
        "%(n)s date annulée. L’organisme reçoit votre mot d’excuse.",
        "%(n)s dates annulées. Les organismes reçoivent votre mot d’excuse.",
        count,
    ) % {"n": count}
    gone_said = ngettext(
        "%(n)s date n’est plus en conflit.", "%(n)s dates ne sont plus en conflit.", gone
    ) % {"n": gone}
    return (SUCCESS if count else WARNING), _of_many(
        head if count else _("Aucune date n’a été annulée."), done, left, gone_said if gone else ""
    )


def _of_many(head: str, done: list[Outcome], left: list[tuple[BookingRequest, str]], gone: str) -> SafeString:
    """`gone`: a sentence about those that need no decision any more."""
    lines = [(request.reference, why) for request, why in left]
    lines += [
        (outcome.request.reference, _also_waiting(len(outcome.left))) for outcome in done if outcome.left
    ]
    if gone:
        lines.append(("", gone))
    said = format_html("<p><strong>{}</strong></p>", head)
    if lines:
        said = format_html(
            "{}<ul>{}</ul>", said, format_html_join("", "<li><strong>{}</strong> {}</li>", lines)
        )
    return said


def _also_waiting(count: int) -> str:
    return ngettext("%(n)s date laissée en attente.", "%(n)s dates laissées en attente.", count) % {
        "n": count
    }


def offered(outcome: Outcome) -> str:
    return _("Proposition envoyée : %(when)s La salle est gardée jusqu’à la réponse.") % {
        "when": _periods(outcome.done)
    }


def offer_accepted(outcome: Outcome) -> SafeString:
    return format_html("<p><strong>{}</strong> {}</p>", _("C’est réservé :"), _periods(outcome.done))


def moved(outcome: Outcome) -> SafeString:
    return format_html("<p><strong>{}</strong> {}</p>", _("Date déplacée :"), _periods(outcome.done))


# -- the journal --------------------------------------------------------------------------------


def told(line: Journal) -> str:
    """A line of the journal: `2 dates acceptées, 1 laissée en attente`."""
    count = len(line.data.get("occurrences", []))
    number = {"n": count}
    match line.verb:
        case Verb.SUBMIT:
            return (
                ngettext("Demande envoyée pour %(n)s date", "Demande envoyée pour %(n)s dates", count)
                % number
            )
        case Verb.APPROVE:
            return ngettext("%(n)s date acceptée", "%(n)s dates acceptées", count) % number + _also_left(line)
        case Verb.REFUSE:
            return ngettext("%(n)s date refusée", "%(n)s dates refusées", count) % number
        case Verb.CANCEL:
            return ngettext("%(n)s date annulée", "%(n)s dates annulées", count) % number
        case Verb.DRAW_UP:
            return _("Convention établie, version %(version)s") % line.data
        case Verb.SIGN:
            return _("Convention, version %(version)s, signée : %(name)s (%(side)s)") % {
                **line.data,
                "side": Signature.Side(line.data["side"]).label,
            }
        case _:
            return happened.told(line) or line.get_verb_display()


def _also_left(line: Journal) -> str:
    count = len(line.data.get("left", []))
    if not count:
        return ""
    return ngettext(", %(n)s laissée en attente", ", %(n)s laissées en attente", count) % {"n": count}


def dates(count: int, blocked: int) -> str:
    """`3 dates : 2 libres, 1 avec un obstacle`."""
    if count == 1:
        return _("1 date, avec un obstacle") if blocked else _("1 date, libre")
    if not blocked:
        return _("%(n)s dates, toutes libres") % {"n": count}
    if blocked == count:
        return _("%(n)s dates, toutes avec un obstacle") % {"n": count}
    free = ngettext("%(n)s libre", "%(n)s libres", count - blocked) % {"n": count - blocked}
    return _("%(count)s dates : %(free)s, %(blocked)s avec un obstacle") % {
        "count": count,
        "free": free,
        "blocked": blocked,
    }
