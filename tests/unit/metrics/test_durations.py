from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from scandoc_analytics.metrics import duration_summary, slowest

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


def test_duration_summary_has_the_unsettled_beside_the_settled(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = duration_summary(month)

    assert list(table.columns) == [
        "operation",
        "tasks",
        "settled",
        "unsettled",
        "seconds_p50",
        "seconds_p90",
        "seconds_p95",
        "seconds_p99",
        "seconds_max",
        "negative",
    ]
    assert rows_of(table) == [
        ("scan", 5, 3, 2, 20.0, 52.0, pytest.approx(56), pytest.approx(59.2), 60.0, 0),
        ("split", 2, 1, 1, 30.0, 30.0, 30.0, 30.0, 30.0, 0),
        (None, 2, 1, 0, None, None, None, None, None, 1),
    ]


def test_duration_summary_of_all(month: pd.DataFrame, rows_of: RowsOf) -> None:
    assert rows_of(duration_summary(month, by=[])) == [
        (9, 5, 3, 25.0, pytest.approx(51), pytest.approx(55.5), pytest.approx(59.1), 60.0, 1)
    ]


def test_slowest_leaves_out_unknown_and_negative_durations(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = slowest(month)

    assert list(table["task_id"]) == ["t4", "t2", "t3", "t1"]
    assert rows_of(table)[0] == (
        "t4",
        "scan",
        "failed",
        "2026-10-07T08:00:00+00:00",
        "2026-10-07T08:01:00+00:00",
        60.0,
        0,
        "Page 3 of file_z2cljcsyflb2c8ni is missing",
    )


def test_slowest_takes_equals_by_task_id(month: pd.DataFrame) -> None:
    equal = month.assign(duration_s=month["duration_s"].where(month["duration_s"] != 60, 30))

    assert list(slowest(equal, 1)["task_id"]) == ["t2"]
    assert list(slowest(equal, 3)["task_id"]) == ["t2", "t4", "t3"]
    assert slowest(equal, 0).empty
