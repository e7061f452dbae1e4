"""Status mix: bars and their labels."""

from __future__ import annotations

import pytest

from scandoc_analytics import plot, schema
from tests.unit.plot import pictures


def test_one_bar_for_each_status() -> None:
    statuses = ["completed"] * 5 + ["failed", "pending", "paused"]
    ax = plot.status_mix(
        pictures.frame(*(pictures.task(n, status=s) for n, s in enumerate(statuses)))
    )
    assert pictures.title(ax) == "8 tasks by status"
    assert pictures.rows(ax) == ["completed", "failed", "pending", "paused"]
    assert pictures.bars(ax) == [[5], [1], [1], [1]]
    assert pictures.notes(ax) == ["5, 62.5 %", "1, 12.5 %", "1, 12.5 %", "1, 12.5 %"]
    pictures.legible(ax)


def test_a_task_counts_once_and_what_was_not_fetched_is_there() -> None:
    flat = pictures.frame(pictures.task(1, result=pictures.made(1, 2, 3)), {"id": "gone"})
    flat.loc[flat["task_id"] == "gone", "fetch_error"] = "not found"
    ax = plot.status_mix(flat)
    assert pictures.rows(ax) == ["completed", "not fetched"]
    assert pictures.bars(ax) == [[1], [1]]
    assert "2 tasks · 1 not fetched · " in pictures.footer(ax)


def test_a_task_without_a_status_is_there() -> None:
    ax = plot.status_mix(pictures.frame({"id": "a"}))
    assert pictures.rows(ax) == ["(none)"]


def test_by_operation_the_bars_are_stacked() -> None:
    payloads = [pictures.task(n) for n in range(3)]
    payloads += [pictures.task(3, status="failed"), pictures.task(4, operation="warp")]
    ax = plot.status_mix(pictures.frame(*payloads), by="operation")
    assert pictures.title(ax) == "5 tasks by operation, by status"
    assert pictures.rows(ax) == ["scan", "warp"]
    assert pictures.bars(ax) == [[3, 1], [1, 0]]
    assert pictures.legend(ax) == ["completed", "failed"]
    assert pictures.notes(ax) == ["4", "1"]


def test_over_time_there_is_a_bar_for_each_day() -> None:
    days = ["2026-10-01", "2026-10-01", "2026-10-03"]
    payloads = [pictures.task(n, created_at=f"{day}T08:00:00Z") for n, day in enumerate(days)]
    payloads.append(pictures.task(3, created_at=None, status="failed"))
    ax = plot.status_mix(pictures.frame(*payloads), every="1d")
    assert pictures.title(ax) == "Tasks created per day, by status"
    (series,) = [list(container) for container in ax.containers]
    assert [bar.get_height() for bar in series] == [2, 1]
    # Days since 1970: the bars stand two days apart, over the start of their day.
    assert [bar.get_x() + bar.get_width() / 2 for bar in series] == pytest.approx([20727, 20729])
    assert ax.get_xlabel() == "day, 2026-10-01 to 2026-10-03 UTC"
    assert pictures.footer(ax).endswith(" · 1 without a time of creation")
    pictures.legible(ax)


def test_both_a_group_and_a_period_are_too_much() -> None:
    with pytest.raises(ValueError, match=r"by='operation' and every='1d' make more bars"):
        plot.status_mix(schema.empty_frame(), by="operation", every="1d")


@pytest.mark.parametrize("options", [{}, {"by": "operation"}, {"every": "1d"}])
def test_nothing_is_said_to_be_nothing(options: dict[str, str]) -> None:
    ax = plot.status_mix(schema.empty_frame(), **options)  # type: ignore[arg-type]
    assert pictures.notes(ax) == ["no tasks"]
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == []
    assert pictures.footer(ax) == "0 tasks"
    pictures.legible(ax)


def test_tasks_without_any_time_cannot_be_put_on_an_axis() -> None:
    ax = plot.status_mix(pictures.frame({"id": "a", "status": "failed"}), every="1d")
    assert pictures.notes(ax) == ["no task has a time of creation"]


def test_groups_without_room_share_a_bar_that_says_so() -> None:
    payloads = [pictures.task(n, operation=f"operation {n:02}") for n in range(40)]
    ax = plot.status_mix(pictures.frame(*payloads), by="operation")
    assert pictures.rows(ax)[-2:] == ["operation 28", "11 others"]
    assert pictures.bars(ax) == [[1.0] * 29 + [11.0]]
    pictures.legible(ax)


def test_statuses_without_room_share_a_bar_and_a_look() -> None:
    statuses = [*(f"state {n:02}" for n in range(40)), "completed"]
    flat = pictures.frame(*(pictures.task(n, status=s) for n, s in enumerate(statuses)))
    ax = plot.status_mix(flat)
    assert pictures.rows(ax)[0] == "completed"
    assert pictures.rows(ax)[-1] == "12 other statuses"
    assert sum(sum(series) for series in pictures.bars(ax)) == 41
    ax = plot.status_mix(flat, every="1d", ax=pictures.small())
    assert len(pictures.legend(ax)) == 6
    assert pictures.legend(ax)[:2] == ["completed", "state 00"]
    heights = [bar.get_height() for container in ax.containers for bar in container]
    assert sum(heights) == 41
    pictures.legible(ax)


def test_names_that_begin_alike_are_told_apart() -> None:
    names = [f"an-operation-with-a-very-long-name-{n}" for n in (1, 2)]
    tasks = [pictures.task(n, operation=name) for n, name in enumerate([*names, "scan"])]
    ax = plot.status_mix(pictures.frame(*tasks), by="operation", ax=pictures.small())
    first, second, third = pictures.rows(ax)
    assert (first[:9], first[-6:]) == ("an-operat", "name-1")
    assert (second[:9], second[-6:]) == ("an-operat", "name-2")
    assert third == "scan"
    pictures.legible(ax)
