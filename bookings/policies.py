"""Who may see and do what with requests. One answer a question, used by pages, API and templates."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from shareloc.accounts.models import Document, Organisation
from venues.models import School, SchoolRole, Space
from venues.policies import (
    can_decide_for,
    can_see_space,
    decided_schools,
    is_of_school,
    is_region_officer,
)

from .models import BookingRequest, Message, Signature
from .models.calendar import Lodge


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


def visible_documents(user: Any) -> Any:
    """Documents of one's organisations, and of those that ask one's schools; every one for the Région.

    What was replaced or taken off stays readable to schools asked before that.
    """
    if not (user.is_authenticated and user.is_active):
        return Document.objects.none()
    if is_region_officer(user):
        return Document.objects.all()
    mine = Q(organisation__in=Organisation.objects.filter(memberships__user=user))
    asked = BookingRequest.objects.filter(
        organisation=OuterRef("organisation"), school__in=decided_schools(user).values("pk")
    )
    relied_on = Exists(asked.filter(submitted_at__lte=OuterRef("removed_at")))
    return Document.objects.filter(mine | Q(Exists(asked), removed_at=None) | Q(relied_on))


def can_read_documents_of(user: Any, organisation: Organisation) -> bool:
    """Whether this person may list what the organisation has on file."""
    if not (user.is_authenticated and user.is_active):
        return False
    if is_region_officer(user) or _is_member(user, organisation.pk):
        return True
    return bool(
        BookingRequest.objects.filter(organisation=organisation, school__in=decided_schools(user)).exists()
    )


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


def handled_requests(user: Any) -> Any:
    """Requests whose equipment this person may hand over, or at least follow: the lodge's besides those seen."""
    if not (user.is_authenticated and user.is_active):
        return BookingRequest.objects.none()
    handled = BookingRequest.objects.filter(school__in=School.objects.run_by(user).order_by().values("pk"))
    return BookingRequest.objects.filter(
        Q(pk__in=handled.values("pk")) | Q(pk__in=visible_requests(user).values("pk"))
    )


def can_hand_over(user: Any, request: BookingRequest) -> bool:
    """Equipment passes through the hands of whoever works in the school."""
    return is_of_school(user, request.school)


def sees_lodge(user: Any, school: School) -> bool:
    """Who is expected tonight, with a contact: the business of those who work there."""
    return is_of_school(user, school)


def can_cancel(user: Any, request: BookingRequest) -> bool:
    """Either side cancels what was approved."""
    return can_withdraw(user, request) or can_decide(user, request)


def signs_for(user: Any, request: BookingRequest) -> list[str]:
    """The parties in whose name this person may sign the agreement of a request.

    Any member signs for the organisation. The head signs for the school (R.421-20); its managers do
    only where no head has an account. The Région's officers sign what it did not sign once for all when
    it was drawn up, whatever the school's setting has become since.
    """
    may = {
        Signature.Side.ORGANISATION: _is_member(user, request.organisation_id),
        Signature.Side.SCHOOL: signed_schools(user).filter(pk=request.school_id).exists(),
        Signature.Side.REGION: is_region_officer(user),
    }
    return [side for side, allowed in may.items() if allowed]


def signed_schools(user: Any) -> Any:
    """The schools in whose name this person signs: the list behind `signs_for`."""
    if not (user.is_authenticated and user.is_active):
        return School.objects.none()
    mine = SchoolRole.objects.filter(school=OuterRef("pk"), user=user)
    heads = SchoolRole.objects.filter(school=OuterRef("pk"), role=SchoolRole.Role.HEAD)
    as_head = Q(Exists(mine.filter(role=SchoolRole.Role.HEAD)))
    as_manager = Q(Exists(mine.filter(role=SchoolRole.Role.MANAGER))) & ~Q(Exists(heads))
    return School.objects.filter(as_head | as_manager)


def signs_for_region(user: Any) -> bool:
    """Who has the list of agreements that wait for the Région."""
    return is_region_officer(user)


def sees_names_in(user: Any, school: School) -> bool:
    """Whether calendars and planners of this school show who comes, or only “Occupé”."""
    return is_region_officer(user) or is_of_school(user, school)


def reads_requests_of(user: Any, school: School) -> bool:
    """Whether what a planner names leads this person on to the request: its school's deciders, the Région."""
    return is_region_officer(user) or can_decide_for(user, school)


def follows_everything(user: Any) -> bool:
    """The Région's pages: what waits, what sleeps, who is to be verified, what happened."""
    return is_region_officer(user)


def can_remind(user: Any) -> bool:
    """The Région reminds schools of what they left without an answer."""
    return is_region_officer(user)


def can_block(user: Any, school: School) -> bool:
    """Whether this person takes rooms of this school back for a while: whoever promises them."""
    return can_decide_for(user, school)


def sees_evenings(user: Any) -> bool:
    """Who is in which lycée tonight, all over the territory: the Région's business alone."""
    return is_region_officer(user)


def can_follow(user: Any, subject: Space | School | Lodge | None) -> bool:
    """Whether this person may have a calendar of that space, school or lodge, or (None) of what concerns them.

    Asked again at every reading: rights change after an address is given.
    """
    if not (user.is_authenticated and user.is_active):
        return False
    if isinstance(subject, Lodge):
        return sees_lodge(user, subject.school)
    if isinstance(subject, Space):
        return can_see_space(user, subject)
    return subject is None or subject.is_open or sees_names_in(user, subject)
