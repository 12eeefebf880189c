"""Who may see and run a school. One answer a question, used by pages, API and templates."""

from __future__ import annotations

from typing import Any

from .models import School, SchoolRole, Space


def role_in(user: Any, school: School) -> set[str]:
    """The roles this person has in this school; none for anonymous and inactive people."""
    if not (user.is_authenticated and user.is_active):
        return set()
    return set(SchoolRole.objects.filter(user=user, school=school).values_list("role", flat=True))


def is_of_school(user: Any, school: School) -> bool:
    """Whether this person works there, in whatever role."""
    return bool(role_in(user, school))


def can_decide_for(user: Any, school: School) -> bool:
    """Whether this person answers the requests made to this school."""
    return bool(role_in(user, school) & SchoolRole.DECIDING)


def decided_schools(user: Any) -> Any:
    """The schools whose requests this person answers."""
    if not user.is_authenticated:
        return School.objects.none()
    return School.objects.filter(roles__user=user, roles__role__in=SchoolRole.DECIDING).distinct()


def can_manage(user: Any, school: School) -> bool:
    """Whether this person sets up rooms, hours, rules and people of this school: those who decide for it.

    The Région does not: the head answers for the premises. It helps through the administration.
    """
    return can_decide_for(user, school)


def managed_schools(user: Any) -> Any:
    """The schools that this person sets up: the list behind `can_manage`."""
    return decided_schools(user)


def is_region_officer(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_region_officer)


def can_see_space(user: Any, space: Space) -> bool:
    """Published spaces are everybody's; the others are seen by their school and the Région."""
    return space.is_public or is_region_officer(user) or is_of_school(user, space.school)
