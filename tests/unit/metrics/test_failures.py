from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics.metrics import failure_rate, failure_reasons

if TYPE_CHECKING:
    from collections.abc import Callable

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


def test_failure_rate_is_of_settled_tasks(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = failure_rate(month, by="operation")

    assert list(table.columns) == [
        "operation",
        "settled",
        "failed",
        "rate",
        "rate_low",
        "rate_high",
    ]
    # Of 0 in 1 the upper end is z² / (1 + z²).
    assert rows_of(table) == [
        ("scan", 3, 2, 2 / 3, pytest.approx(0.2076596), pytest.approx(0.9385081)),
        ("split", 1, 0, 0.0, 0.0, pytest.approx(0.7934507)),
        (None, 1, 0, 0.0, 0.0, pytest.approx(0.7934507)),
    ]


def test_failure_rate_keeps_empty_periods_for_each_group(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = failure_rate(month.iloc[:7], by="operation", every="1d")

    day = "2026-10-{:02}T00:00:00+00:00".format
    assert [row[:5] for row in rows_of(table)] == [
        ("scan", day(5), 2, 1, 0.5),
        ("scan", day(6), 0, 0, None),
        ("scan", day(7), 1, 1, 1.0),
        ("split", day(5), 1, 0, 0.0),
        ("split", day(6), 0, 0, None),
        ("split", day(7), 0, 0, None),
        (None, day(5), 0, 0, None),
        (None, day(6), 0, 0, None),
        (None, day(7), 1, 0, 0.0),
    ]


def test_failure_reasons_put_equal_causes_together(month: pd.DataFrame, rows_of: RowsOf) -> None:
    silent = month.iloc[[4]].assign(task_id="t0")
    silent = silent.assign(
        **{name: silent[name].mask(silent["task_id"] == "t0") for name in ("error", "updated_at")}
    )

    table = failure_reasons(pd.concat([month, silent]))

    assert list(table.columns) == [
        "reason",
        "tasks",
        "share",
        "first_seen",
        "last_seen",
        "example_task_id",
    ]
    created = "2026-10-05T23:59:59+00:00"
    assert rows_of(table) == [
        (
            "Page <n> of <id> is missing",
            2,
            2 / 3,
            "2026-10-07T00:00:00+00:00",
            "2026-10-07T08:01:00+00:00",
            "t3",
        ),
        ("(no reason given)", 1, 1 / 3, created, created, "t0"),
    ]


def test_failure_reasons_share_within_a_group(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = failure_reasons(month, by="param_quality")

    assert [(*row[:2], *row[2:4]) for row in rows_of(table)] == [
        (60, "Page <n> of <id> is missing", 1, 1.0),
        (80, "Page <n> of <id> is missing", 1, 1.0),
    ]
