"""The bench writes its rows itself: a column that a model gains must not be forgotten there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.seed import COLUMNS


@pytest.mark.parametrize("model", COLUMNS)
def test_every_column_that_must_be_filled_is_written(model: Any) -> None:
    needed = {
        field.column
        for field in model._meta.concrete_fields
        if not field.null and not field.generated and (not field.primary_key or "id" in COLUMNS[model])
    }
    assert needed <= set(COLUMNS[model])
