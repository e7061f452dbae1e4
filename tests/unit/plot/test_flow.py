"""Throughput and backlog, and periods along the axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scandoc_analytics import plot, schema
from tests.unit.plot import pictures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def _ticks(ax: Axes) -> list[str]:
    assert ax.figure is not None
    ax.get_figure().draw_without_rendering()  # type: ignore[union-attr]
    return [text.get_text() for text in ax.get_xticklabels()]


def _days(count: int, step: timedelta = timedelta(days=1)) -> pd.DataFrame:
    first = datetime(2026, 10, 1, 8, tzinfo=UTC)
    times = [f"{first + number * step:%Y-%m-%dT%H:%M:%SZ}" for number in range(count)]
    return pictures.frame(
        *(pictures.task(n, created_at=time, updated_at=time) for n, time in enumerate(times))
    )


def test_throughput() -> None:
    payloads = [
        pictures.task(1),
        pictures.task(2, updated_at="2026-10-03T00:00:00Z", status="failed"),
        pictures.task(3, status="pending"),
        {"id": "undated"},
    ]
    ax = plot.throughput(pictures.frame(*payloads))
    assert pictures.title(ax) == "Tasks created, completed and failed per day"
    assert pictures.legend(ax) == ["created", "completed", "failed"]
    lines = [pictures.numbers(line.get_ydata()) for line in ax.lines]
    assert lines == [[3, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert _ticks(ax) == ["10-01", "10-02", "10-03"]
    assert ax.get_xlabel() == "day, 2026-10-01 to 2026-10-03 UTC"
    assert pictures.footer(ax).endswith(" · 1 without a time of creation")
    pictures.legible(ax)


@pytest.mark.parametrize(
    ("every", "step", "ticks", "span"),
    [
        ("1h", 1 / 24, ["08:00", "09:00"], "hour, 2026-10-01 08:00 to 2026-10-01 09:00 UTC"),
        ("1w", 7, ["09-28", "10-05"], "week from Monday, 2026-09-28 to 2026-10-05 UTC"),
        ("1mo", 31, ["2026-10", "2026-11"], "month, 2026-10-01 to 2026-11-01 UTC"),
    ],
)
def test_ticks_of_each_period(every: str, step: float, ticks: list[str], span: str) -> None:
    ax = plot.throughput(_days(2, timedelta(days=step)), every=every)
    assert _ticks(ax) == ticks
    assert ax.get_xlabel() == span


@pytest.mark.parametrize("count", [1, 400])
@pytest.mark.parametrize("width", [7.0, 4.4])
def test_one_period_or_four_hundred(count: int, width: float) -> None:
    flat = _days(count)
    for draw in (plot.throughput, plot.status_mix, plot.failure_rate):
        ax = draw(flat, every="1d", ax=pictures.small(width))
        pictures.legible(ax)
        assert 1 <= len([text for text in _ticks(ax) if text]) <= 12
        if count == 1:
            assert _ticks(ax) == ["2026-10-01"]
    left, right = ax.get_xlim()
    assert left < 20727 <= 20727 + count - 1 < right


def test_throughput_of_nothing() -> None:
    assert pictures.notes(plot.throughput(schema.empty_frame())) == ["no tasks"]
    undated = pictures.frame({"id": "a"})
    assert pictures.notes(plot.throughput(undated)) == ["no task has a time of creation"]


def _waiting() -> pd.DataFrame:
    return pictures.frame(
        pictures.task(1, status="pending"),
        pictures.task(2, status="processing"),
        pictures.task(3, status="paused", operation="warp", created_at="2026-10-01T09:59:00Z"),
        pictures.task(4, operation="merge"),
    )


def test_backlog() -> None:
    ax = plot.backlog(_waiting(), now="2026-10-01T10:00:00Z")
    assert pictures.title(ax) == "3 unsettled tasks, 2 of them stuck"
    assert pictures.rows(ax) == ["scan", "warp"]
    assert pictures.legend(ax) == ["processing", "pending", "other"]
    assert pictures.bars(ax) == [[1, 0], [1, 0], [0, 1]]
    assert pictures.notes(ax) == ["2, oldest 2 h, 2 stuck", "1, oldest 1 min"]
    pictures.legible(ax)


def test_backlog_of_which_nothing_is_stuck() -> None:
    ax = plot.backlog(_waiting(), by=None, now="2026-10-01T10:00:00Z", stuck_after=86_400)
    assert pictures.title(ax) == "3 unsettled tasks, none of them stuck"
    assert pictures.rows(ax) == ["all"]
    assert pictures.notes(ax) == ["3, oldest 2 h"]


def test_backlog_without_times_has_no_age() -> None:
    ax = plot.backlog(pictures.frame({"id": "a", "status": "pending"}, fetched=None))
    assert pictures.notes(ax) == ["1"]
    assert pictures.rows(ax) == ["(none)"]


def test_backlog_groups_without_room_share_a_bar() -> None:
    payloads = [
        pictures.task(n, operation=f"operation {n:02}", status="pending") for n in range(40)
    ]
    ax = plot.backlog(pictures.frame(*payloads), now="2026-10-01T09:00:00Z")
    assert pictures.rows(ax)[-1] == "11 others"
    assert pictures.notes(ax)[-1] == "11, oldest 1 h, 11 stuck"
    pictures.legible(ax)


def test_no_backlog() -> None:
    ax = plot.backlog(pictures.frame(pictures.task(1)))
    assert pictures.notes(ax) == ["no unsettled tasks"]
