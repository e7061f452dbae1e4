from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics import schema
from scandoc_analytics.metrics import coverage, status_mix

if TYPE_CHECKING:
    from collections.abc import Callable

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


def test_status_mix_counts_tasks_once_and_what_could_not_be_fetched(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = status_mix(month)

    assert list(table.columns) == ["status", "tasks", "share"]
    assert rows_of(table) == [
        ("completed", 3, 3 / 9),
        ("failed", 2, 2 / 9),
        ("not fetched", 1, 1 / 9),
        ("paused", 1, 1 / 9),
        ("pending", 1, 1 / 9),
        ("processing", 1, 1 / 9),
    ]


def test_status_mix_by_key_and_week(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = status_mix(month, by="operation", every="1w")

    first, last = "2026-10-05T00:00:00+00:00", "2026-10-26T00:00:00+00:00"
    assert list(table.columns) == ["operation", "period", "status", "tasks", "share"]
    assert rows_of(table) == [
        ("scan", first, "failed", 2, 2 / 3),
        ("scan", first, "completed", 1, 1 / 3),
        ("scan", last, "pending", 1, 0.5),
        ("scan", last, "processing", 1, 0.5),
        ("split", first, "completed", 1, 1.0),
        ("split", last, "paused", 1, 1.0),
        (None, first, "completed", 1, 1.0),
        (None, None, "not fetched", 1, 1.0),
    ]


def test_status_mix_by_status_is_whole_in_each(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = status_mix(month.iloc[-2:], by="status")

    assert rows_of(table) == [("not fetched", 1, 1.0), ("paused", 1, 1.0)]


def test_a_payload_without_status_is_not_called_not_fetched(
    build: Callable[..., pd.DataFrame], rows_of: RowsOf
) -> None:
    frame = build({"task_id": "a"}, {"task_id": "b", "fetch_error": "timed out"})

    assert rows_of(status_mix(frame)) == [("not fetched", 1, 0.5), (None, 1, 0.5)]


def test_status_mix_does_without_the_columns_it_can_do_without(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = status_mix(month[["task_id", "status"]].dropna())

    assert rows_of(table)[0] == ("completed", 3, 3 / 8)


def test_coverage_says_what_is_there(month: pd.DataFrame, rows_of: RowsOf) -> None:
    failed = month.iloc[-1:].assign(task_id="t10", fetch_error="the service did not answer")

    table = coverage(pd.concat([month, failed]))

    assert rows_of(table) == [
        (10, 8, 1, 1, 3, 2, "2026-10-31T12:00:00+00:00", "2026-10-31T12:00:01+00:00")
    ]
    assert list(table.columns) == [
        "requested",
        "fetched",
        "not_found",
        "failed",
        "unsettled",
        "from_cache",
        "oldest_answer",
        "newest_answer",
    ]


def test_coverage_of_nothing_is_a_row_of_zeros(rows_of: RowsOf) -> None:
    table = coverage(schema.empty_frame())

    assert rows_of(table) == [(0, 0, 0, 0, 0, 0, None, None)]
    assert table["oldest_answer"].dtype == schema.TIME


@pytest.mark.parametrize("every", ["1y", "15m", "", "day"])
def test_an_unknown_period_lists_the_known_ones(every: str, month: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=f"every='{every}' is no period: use one of '1h', '1d'"):
        status_mix(month, every=every)
