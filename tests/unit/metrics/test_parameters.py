from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from scandoc_analytics.metrics import parameter_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


@pytest.mark.parametrize("parameter", ["quality", "param_quality"])
def test_parameter_effect_hides_nothing(
    parameter: str, month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = parameter_effect(month, parameter)

    assert list(table.columns) == [
        "operation",
        "value",
        "tasks",
        "settled",
        "failed",
        "rate",
        "rate_low",
        "rate_high",
        "seconds_p50",
        "bytes_p50",
        "small",
    ]
    assert [(*row[:6], *row[8:]) for row in rows_of(table)] == [
        ("scan", 60, 1, 1, 1, 1.0, 60.0, None, True),
        ("scan", 80, 2, 2, 1, 0.5, 15.0, 1000.0, True),
        ("scan", None, 2, 0, 0, None, None, None, True),
        ("split", None, 2, 1, 0, 0.0, 30.0, 400.0, True),
        (None, None, 2, 1, 0, 0.0, None, None, True),
    ]


def test_twenty_tasks_are_not_few(build: Callable[..., pd.DataFrame], rows_of: RowsOf) -> None:
    tasks = [
        {"task_id": f"{effect}{i}", "status": "completed", "param_effect": effect}
        for effect, count in (("gray", 19), ("sharp", 20))
        for i in range(count)
    ]

    table = parameter_effect(build(*tasks), "effect", by=None)

    assert rows_of(table[["value", "tasks", "small"]]) == [("gray", 19, True), ("sharp", 20, False)]


def test_an_unknown_parameter_lists_the_known_ones(month: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="no parameter 'colour': use one of name, effect, target"):
        parameter_effect(month, "colour")
