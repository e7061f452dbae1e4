from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics.metrics import backlog, throughput

if TYPE_CHECKING:
    from collections.abc import Callable


RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


def test_throughput_keeps_the_days_on_which_nothing_happened(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    table = throughput(month.iloc[:7])

    assert list(table.columns) == ["period", "created", "completed", "failed"]
    assert rows_of(table) == [
        ("2026-10-05T00:00:00+00:00", 3, 2, 0),
        ("2026-10-06T00:00:00+00:00", 0, 0, 0),
        ("2026-10-07T00:00:00+00:00", 2, 1, 2),
    ]


def test_throughput_gives_each_group_the_whole_range(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = throughput(month, every="1w", by="operation")

    week = "2026-10-{:02}T00:00:00+00:00".format
    assert rows_of(table) == [
        ("scan", week(5), 3, 1, 2),
        ("scan", week(12), 0, 0, 0),
        ("scan", week(19), 0, 0, 0),
        ("scan", week(26), 2, 0, 0),
        ("split", week(5), 1, 1, 0),
        ("split", week(12), 0, 0, 0),
        ("split", week(19), 0, 0, 0),
        ("split", week(26), 1, 0, 0),
        (None, week(5), 1, 1, 0),
        (None, week(12), 0, 0, 0),
        (None, week(19), 0, 0, 0),
        (None, week(26), 0, 0, 0),
        (None, None, 1, 0, 0),
    ]


def test_throughput_of_what_has_no_time_at_all(month: pd.DataFrame, rows_of: RowsOf) -> None:
    assert rows_of(throughput(month.iloc[-1:], every="1h")) == [(None, 1, 0, 0)]


def test_backlog_by_operation(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = backlog(month)

    assert list(table.columns) == [
        "operation",
        "pending",
        "processing",
        "oldest_age_s",
        "stuck",
        "other",
    ]
    # As of 12:00:01, the newest answer; t6 is five minutes old, t7 and t8 an hour.
    assert rows_of(table) == [
        ("scan", 1, 1, 3600.0, 1, 0),
        ("split", 0, 0, 3600.0, 1, 1),
        (None, 0, 0, None, 0, 0),
    ]


def test_backlog_is_stuck_after_the_99th_percentile_of_its_operation(
    build: Callable[..., pd.DataFrame], rows_of: RowsOf
) -> None:
    settled = [
        {"task_id": f"{name}{i}", "operation": name, "status": "completed", "duration_s": seconds}
        for name, all_seconds in (("slow", [1000.0, 2000.0]), ("quick", [1.0, 2.0]))
        for i, seconds in enumerate(all_seconds)
    ]
    waiting = [
        {
            "task_id": f"{name}-{at}",
            "operation": name,
            "status": "pending",
            "created_at": f"2026-10-01T{at}Z",
        }
        # Limits: 1,990 s for slow, 600 s for the others.
        for name in ("slow", "quick", "new")
        for at in ("09:26:50", "09:26:49", "09:50:00", "09:49:59")
    ]

    frame = build(*settled, *waiting)
    table = backlog(frame, now="2026-10-01 10:00:00")

    assert rows_of(table[["operation", "pending", "stuck"]]) == [
        ("new", 4, 3),
        ("quick", 4, 3),
        ("slow", 4, 1),
    ]
    by_status = backlog(frame, by="status", now="2026-10-01 10:00:00")
    assert rows_of(by_status[["status", "pending", "stuck"]]) == [
        ("completed", 0, 0),
        ("pending", 12, 7),
    ]


@pytest.mark.parametrize("stuck_after", [300, 300.0, timedelta(minutes=5), "5min", "300 s"])
def test_backlog_takes_a_length_of_time(stuck_after: Any, month: pd.DataFrame) -> None:
    assert backlog(month, stuck_after=stuck_after)["stuck"].tolist() == [1, 1, 0]
    later = datetime(2026, 10, 31, 13, 0, 2, tzinfo=timezone(timedelta(hours=1)))
    assert backlog(month, stuck_after=stuck_after, now=later)["stuck"].tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("column", "age_s"), [("fetched_at", 3600.0), ("updated_at", 3300.0), ("created_at", 3300.0)]
)
def test_backlog_is_as_of_the_newest_time_there_is(
    column: str, age_s: float, month: pd.DataFrame
) -> None:
    later = ["fetched_at", "updated_at", "created_at"]
    blank = later[: later.index(column)]
    frame = month.assign(**{name: month[name].where(month["task_id"] == "") for name in blank})

    assert backlog(frame, by=None)["oldest_age_s"].tolist() == [age_s]


def test_backlog_without_any_time_has_no_age(
    build: Callable[..., pd.DataFrame], rows_of: RowsOf
) -> None:
    frame = build({"task_id": "a", "status": "pending"}, {"task_id": "b"})

    assert rows_of(backlog(frame)) == [(None, 1, 0, None, 0, 1)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"stuck_after": -1}, "stuck_after=-1 is negative or missing"),
        ({"stuck_after": float("nan")}, "stuck_after=nan is negative or missing"),
        ({"stuck_after": "soon"}, "stuck_after='soon' is no length of time"),
        ({"now": "soon"}, "now='soon' is no time"),
        ({"now": float("nan")}, "now=nan is missing"),
    ],
)
def test_backlog_says_what_is_wrong(
    wrong: dict[str, Any], message: str, month: pd.DataFrame
) -> None:
    with pytest.raises(ValueError, match=message):
        backlog(month, **wrong)


def test_backlog_takes_days(month: pd.DataFrame) -> None:
    by_text = backlog(month, stuck_after="1d")
    pd.testing.assert_frame_equal(by_text, backlog(month, stuck_after=86_400))
