"""Pages of a list, and what they ask of the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from shareloc.web.paging import page_of
from tests import factories
from venues.models import School

SIZE = 3


def page(number: str = "") -> Any:
    query = {"page": number} if number else {}
    return page_of(School.objects.order_by("pk"), SIZE, RequestFactory().get("/", query))


@pytest.mark.parametrize(
    ("rows", "number", "shown", "pages", "queries"),
    [
        (0, "", [], 1, 1),
        (2, "", [0, 1], 1, 1),
        (3, "1", [0, 1, 2], 1, 1),
        (4, "", [0, 1, 2], 2, 2),
        (7, "2", [3, 4, 5], 3, 2),
        (7, "99", [6], 3, 2),
        (7, "x", [0, 1, 2], 3, 2),
        (7, "0", [6], 3, 2),
    ],
)
def test_a_list_that_fits_on_its_page_is_not_counted(
    db: None,
    django_assert_num_queries: Any,
    rows: int,
    number: str,
    shown: list[int],
    pages: int,
    queries: int,
) -> None:
    made = factories.SchoolFactory.create_batch(rows)
    with django_assert_num_queries(queries):
        found = page(number)
        assert list(found) == [made[n] for n in shown]
        assert (found.paginator.num_pages, found.paginator.count) == (pages, rows)
