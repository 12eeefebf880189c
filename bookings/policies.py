"""Who may see and do what with requests. One answer a question, used by pages, API and templates."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from shareloc.accounts.models import Organisation
from venues.models import School, SchoolRole, Space
from venues.policies import can_decide_for, can_see_space, is_of_school, is_region_officer

from .models import BookingRequest, Message


def _is_member(user: Any, organisation_id: int) -> bool:
    return bool(
        user.is_authenticated
        and user.is_active
        and user.memberships.filter(organisation_id=organisation_id).exists()
    )


def visible_requests(user: Any) -> Any:
    """Requests of one's organisations, requests to one's schools, and every request for the Région."""
    if not (user.is_authenticated and user.is_active):
        return BookingRequest.objects.none()
    if is_region_officer(user):
        return BookingRequest.objects.all()
    mine = Q(organisation__in=Organisation.objects.filter(memberships__user=user))
    ours = Q(school__in=School.objects.filter(roles__user=user, roles__role__in=SchoolRole.DECIDING))
    return BookingRequest.objects.filter(mine | ours)


def can_decide(user: Any, request: BookingRequest) -> bool:
    """The school's manager and its head decide; nobody else, the Région included."""
    return can_decide_for(user, request.school)


def can_withdraw(user: Any, request: BookingRequest) -> bool:
    return _is_member(user, request.organisation_id)


def can_answer(user: Any, request: BookingRequest) -> bool:
    """The organisation's members take or decline what the school offers, ask to move, say what is asked."""
    return _is_member(user, request.organisation_id)


def side_of(user: Any, request: BookingRequest) -> str | None:
    """In whose name this person writes messages on a request; None for those who only read, as the Région."""
    if _is_member(user, request.organisation_id):
        return Message.Side.ORGANISATION
    return Message.Side.SCHOOL if can_decide(user, request) else None


def can_write(user: Any, request: BookingRequest) -> bool:
    return side_of(user, request) is not None


def can_cancel(user: Any, request: BookingRequest) -> bool:
    """Either side cancels what was approved."""
    return can_withdraw(user, request) or can_decide(user, request)


def sees_names_in(user: Any, school: School) -> bool:
    """Whether calendars and planners of this school show who comes, or only “Occupé”."""
    return is_region_officer(user) or is_of_school(user, school)


def reads_requests_of(user: Any, school: School) -> bool:
    """Whether what a planner names leads this person on to the request: its school's deciders, the Région."""
    return is_region_officer(user) or can_decide_for(user, school)


def can_block(user: Any, school: School) -> bool:
    """Whether this person takes rooms of this school back for a while: whoever promises them."""
    return can_decide_for(user, school)


def sees_evenings(user: Any) -> bool:
    """Who is in which lycée tonight, all over the territory: the Région's business alone."""
    return is_region_officer(user)


def can_follow(user: Any, subject: Space | School | None) -> bool:
    """Whether this person may have a calendar of that space or school, or (None) of what concerns them.

    Asked again at every reading: rights change after an address is given.
    """
    if not (user.is_authenticated and user.is_active):
        return False
    if isinstance(subject, Space):
        return can_see_space(user, subject)
    return subject is None or subject.is_open or sees_names_in(user, subject)
