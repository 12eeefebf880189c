"""A request as it comes in: what is malformed or impossible is refused, all else is stored with its problems."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, NoReturn

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError

from shareloc.accounts.models import Organisation
from shareloc.accounts.policies import can_request_for
from venues import local_time
from venues.models import EquipmentPool, Space
from venues.periods import Period
from venues.policies import can_see_space

from ..problems import Asked, Line
from ..workflow import Draft, DraftDate
from .recurring import RecurrenceSerializer

DAY = dt.timedelta(days=1)
MAX_LENGTH = 60 * DAY
MAX_AHEAD = 3 * 366 * DAY
MAX_ATTENDEES = 100_000
MAX_LINES = 50
# No row has a higher number: the databases would refuse one beyond 63 bits.
MAX_ID = 2**63 - 1
KEY = re.compile("[!-~]{1,100}")
UNKNOWN_SPACE = _("Cette salle n’existe pas ou n’est pas proposée au prêt.")


class MomentField(serializers.DateTimeField):
    """A moment on a whole minute, in UTC. Without an offset it is read in Paris, the first of two.

    A local time that Paris never shows is refused, even with one of Paris's offsets beside it.
    """

    default_error_messages = {
        "invalid": _("Écrivez date et heure ainsi : 2026-10-22T18:00:00+02:00."),
        "out_of_range": _("Cette date est hors du calendrier."),
        "nonexistent_time": _("Cette heure n’existe pas ce jour-là : les pendules passent de 2 h à 3 h."),
        "whole_minute": _("Donnez l’heure à la minute, sans secondes."),
    }

    def to_internal_value(self, value: Any) -> dt.datetime:
        parsed = self._parsed(value)
        if not 1900 < parsed.year < 9000:
            self.fail("out_of_range")
        tz = timezone.get_default_timezone()
        wall = parsed.replace(tzinfo=None)
        if parsed.utcoffset() in (None, *_offsets(wall, tz)) and not local_time.exists(wall, tz):
            self.fail("nonexistent_time")
        moment = (parsed if parsed.tzinfo else wall.replace(tzinfo=tz)).astimezone(dt.UTC)
        if moment.second or moment.microsecond:
            self.fail("whole_minute")
        return moment

    def _parsed(self, value: Any) -> dt.datetime:
        # Up to ten characters it is a date without an hour.
        if isinstance(value, str) and len(value) > 10:
            try:
                parsed = parse_datetime(value)
            except ValueError:
                parsed = None
            if parsed is not None:
                return parsed
        self.fail("invalid")


def _offsets(wall: dt.datetime, tz: dt.tzinfo) -> set[dt.timedelta | None]:
    """Paris's offsets on both sides of a change of the clocks at that local time."""
    return {wall.replace(tzinfo=tz, fold=fold).utcoffset() for fold in (0, 1)}


class LineField(serializers.CharField):
    """One line of text: white space is made one space, control characters are refused."""

    default_error_messages = {"control_characters": _("Retirez les caractères de contrôle de ce texte.")}

    def to_internal_value(self, data: Any) -> str:
        text = " ".join(super().to_internal_value(data).split())
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            self.fail("control_characters")
        return text


class AskedDateSerializer(serializers.Serializer[Any]):
    """One date asked for: `[start, end)`."""

    start = MomentField(help_text="Avec son décalage ; sans, heure de Paris. À la minute.")
    end = MomentField(help_text="Après `start`, 60 jours au plus.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end, now = attrs["start"], attrs["end"], timezone.now()
        if end <= start:
            _refuse("end", "end_before_start", _("La fin vient après le début."))
        if end - start > MAX_LENGTH:
            _refuse("end", "too_long", _("Une date dure 60 jours au plus : faites-en plusieurs."))
        if start > now + MAX_AHEAD:
            _refuse("start", "too_far", _("Cette date est à plus de trois ans."))
        if start.year < now.year - 1:
            _refuse("start", "too_old", _("Cette date est passée depuis plus d’un an."))
        return attrs


def _refuse(field: str, code: str, message: Any) -> NoReturn:
    raise ValidationError({field: [ErrorDetail(str(message), code)]})


class AskedLineSerializer(serializers.Serializer[Any]):
    """Equipment asked for, on every date."""

    pool = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, help_text="Numéro donné par le lycée ou la salle."
    )
    quantity = serializers.IntegerField(min_value=1, max_value=10_000)


class AskedDatesSerializer(serializers.Serializer[Any]):
    """What is asked for, when, for how many: dates one by one, or a series."""

    space = serializers.IntegerField(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        allow_null=True,
        help_text="Numéro de la salle ; absent ou null pour du matériel seul.",
    )
    other_spaces: Any = serializers.ListSerializer(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        required=False,
        max_length=MAX_LINES,
        help_text="D’autres salles du même lycée, à chaque date avec la première.",
    )
    organisation = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, help_text="Un de vos organismes (`me/`)."
    )
    attendees = serializers.IntegerField(min_value=1, max_value=MAX_ATTENDEES)
    dates: Any = serializers.ListSerializer(
        child=AskedDateSerializer(),
        required=False,
        allow_empty=False,
        max_length=settings.REQUEST_MAX_DATES,
        help_text=f"De 1 à {settings.REQUEST_MAX_DATES} dates ; ou `recurrence`.",
    )
    recurrence = RecurrenceSerializer(required=False, help_text="Une série, au lieu de `dates`.")
    equipment: Any = serializers.ListSerializer(
        child=AskedLineSerializer(), required=False, max_length=MAX_LINES, help_text="Le même à chaque date."
    )

    def validate_equipment(self, lines: list[dict[str, int]]) -> list[dict[str, int]]:
        pools = [line["pool"] for line in lines]
        for n, pool in enumerate(pools):
            if pool in pools[:n]:
                message = ErrorDetail(str(_("Ce matériel est déjà demandé plus haut.")), "duplicate")
                raise ValidationError({str(n): {"pool": [message]}})
        return lines

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("space") is None and not attrs.get("equipment"):
            _refuse("space", "required", _("Choisissez une salle, ou du matériel."))
        if attrs.get("space") is None and attrs.get("other_spaces"):
            _refuse("space", "required", _("Choisissez une première salle."))
        series = attrs.pop("recurrence", None)
        if series and "dates" in attrs:
            _refuse("recurrence", "either", _("Donnez des dates ou une série, pas les deux."))
        if not series and "dates" not in attrs:
            _refuse("dates", "required", _("Donnez au moins une date, ou une série."))
        return {**attrs, **(series or {})}


class AskedRequestSerializer(AskedDatesSerializer):
    """A request to be sent."""

    purpose = LineField(max_length=200)
    message = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    contact_name = LineField(max_length=150, required=False, allow_blank=True)
    contact_phone = LineField(max_length=30, required=False, allow_blank=True)


def draft_of(asked: dict[str, Any], *, by: Any, idempotency_key: str = "") -> Draft:
    """The draft these valid fields describe.

    Raises PermissionDenied for an organisation that is not theirs, ValidationError for a space or
    equipment that does not exist (`unknown`) or is of another lycée (`other_school`).
    """
    organisation = _organisation(asked["organisation"], by)
    spaces = _spaces(asked, by)
    lines = lines_of(asked.get("equipment", []), spaces[0].school_id if spaces else None)
    return Draft(
        organisation,
        asked.get("purpose", ""),
        asked["attendees"],
        [DraftDate(Period(date["start"], date["end"]), spaces, lines) for date in asked["dates"]],
        message=asked.get("message", ""),
        contact_name=asked.get("contact_name", ""),
        contact_phone=asked.get("contact_phone", ""),
        rule=asked.get("rule", ""),
        idempotency_key=idempotency_key,
    )


def dates_of(asked: dict[str, Any], *, by: Any, at: dt.datetime) -> list[Asked]:
    """The dates these valid fields ask for, were they sent at that moment; raises as `draft_of` does."""
    return draft_of(asked, by=by).asked(at=at)


def _spaces(asked: dict[str, Any], by: Any) -> tuple[Space, ...]:
    """The spaces of every date, each once."""
    if asked.get("space") is None:
        return ()
    first = space_of(asked["space"], by)
    wanted = [pk for pk in dict.fromkeys(asked.get("other_spaces", ())) if pk != first.pk]
    known = Space.objects.select_related("school").in_bulk(wanted)
    errors: dict[str, Any] = {}
    for n, pk in enumerate(wanted):
        space = known.get(pk)
        if space is None or not can_see_space(by, space):
            errors[str(n)] = [ErrorDetail(str(UNKNOWN_SPACE), "unknown")]
        elif space.school_id != first.school_id:
            errors[str(n)] = [ErrorDetail(str(_("Cette salle est celle d’un autre lycée.")), "other_school")]
    if errors:
        raise ValidationError({"other_spaces": errors})
    return (first, *(known[pk] for pk in wanted))


def _organisation(pk: int, by: Any) -> Organisation:
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None or not can_request_for(by, organisation):
        raise PermissionDenied(_("Vous n’êtes pas membre de cet organisme : choisissez un des vôtres."))
    return organisation


def space_of(pk: int, by: Any, field: str = "space") -> Space:
    """That space, if this person may see it; ValidationError (`unknown`) on the field otherwise."""
    space = Space.objects.select_related("school").filter(pk=pk).first()
    if space is None or not can_see_space(by, space):
        _refuse(field, "unknown", UNKNOWN_SPACE)
    return space


def lines_of(asked: list[dict[str, int]], school_id: int | None) -> tuple[Line, ...]:
    """That equipment, all of one school; ValidationError otherwise."""
    pools = EquipmentPool.objects.published().select_related("school", "kind")
    known = pools.in_bulk([line["pool"] for line in asked])
    errors: dict[str, Any] = {}
    for n, line in enumerate(asked):
        pool = known.get(line["pool"])
        school_id = school_id or (pool.school_id if pool else None)
        if pool is None:
            errors[str(n)] = _of_pool("unknown", _("Ce matériel n’existe pas ou n’est pas proposé au prêt."))
        elif pool.school_id != school_id:
            errors[str(n)] = _of_pool("other_school", _("Ce matériel est celui d’un autre lycée."))
    if errors:
        raise ValidationError({"equipment": errors})
    return tuple(Line(known[line["pool"]], line["quantity"]) for line in asked)


def _of_pool(code: str, message: Any) -> dict[str, list[ErrorDetail]]:
    return {"pool": [ErrorDetail(str(message), code)]}


def key_of(header: str | None) -> str:
    """The Idempotency-Key, empty if none was sent; ValidationError if it cannot be kept."""
    key = (header or "").strip()
    if key and not KEY.fullmatch(key):
        message = _("L’en-tête Idempotency-Key a 100 caractères ASCII au plus, sans espace.")
        raise ValidationError({"Idempotency-Key": [ErrorDetail(str(message), "invalid")]})
    return key
