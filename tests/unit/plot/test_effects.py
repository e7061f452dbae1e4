"""What parameters and operations do, the ends of the lists, and how complete they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scandoc_analytics import plot, schema
from tests.unit.plot import pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes


def _chain() -> pd.DataFrame:
    """Two scans of 400 B, each warped: once to a quarter of its size, once to a half."""
    tasks = []
    for number, size in ((1, 100), (2, 200)):
        scan = pictures.made(400, task_id=f"scan{number}")
        warp = pictures.made(size, task_id=f"warp{number}")
        taken = {"input": scan["generated_files"][0]["id"], "quality": 80}
        tasks += [
            pictures.task(number, result=scan),
            pictures.task(10 + number, operation="warp", result=warp, parameters=taken),
        ]
    return pictures.frame(*tasks)


def test_parameter_effect_is_pale_where_tasks_are_few() -> None:
    def convert(number: int, quality: int | None, status: str) -> dict[str, object]:
        parameters = {} if quality is None else {"quality": quality}
        return pictures.task(number, operation="warp", status=status, parameters=parameters)

    tasks = [convert(n, 80, "failed" if n < 5 else "completed") for n in range(20)]
    flat = pictures.frame(*tasks, convert(20, 60, "failed"), convert(21, None, "pending"))
    ax = plot.parameter_effect(flat, "param_quality")
    assert pictures.title(ax) == "Failed share of settled tasks by quality"
    assert pictures.rows(ax) == [
        "warp · 60\n1 of 1 failed, 10 s",
        "warp · 80\n5 of 20 failed, 10 s",
    ]
    drawn = [(line.get_alpha(), pictures.numbers(line.get_xdata())) for line in ax.lines]
    assert drawn == [(1.0, [0.25]), (0.4, [1.0])]
    pictures.legible(ax)


def test_parameter_effect_of_too_many_values() -> None:
    tasks = [
        pictures.task(n, parameters={"name": "x", "effect": f"effect {n:02}"}) for n in range(40)
    ]
    ax = plot.parameter_effect(pictures.frame(*tasks), "effect", by=None)
    assert pictures.rows(ax)[0].startswith("effect 00")
    assert pictures.rows(ax)[-1] == "and 11 more groups\nnot drawn"


def test_size_change() -> None:
    ax = plot.size_change(_chain())
    assert pictures.rows(ax) == ["warp\n2 tasks, 800 B to 300 B"]
    # The median of a quarter and a half.
    assert pictures.numbers(ax.lines[0].get_xdata()) == [0.375]
    pictures.legible(ax)
    shown = [text.get_text() for text in ax.get_xticklabels()]
    assert "× 0.5" in shown
    assert "× 1" in shown


def test_slowest_and_largest() -> None:
    slow = pictures.task(9, updated_at="2026-10-01T08:02:30Z", result=pictures.made(3_400_000))
    ax = plot.slowest(pictures.frame(slow, pictures.task(1)))
    assert pictures.title(ax) == "The 2 slowest settled tasks"
    assert pictures.rows(ax) == ["t9\nscan, completed", "t1\nscan, completed"]
    assert pictures.notes(ax) == ["2.5 min", "10 s"]
    assert pictures.bars(ax) == [[150.0, 10.0]]
    ax = plot.largest(pictures.frame(slow, *[pictures.task(n) for n in range(3)]), 1)
    assert pictures.title(ax) == "The largest generated files"
    assert pictures.notes(ax) == ["3.4 MB"]
    pictures.legible(ax)


def test_coverage() -> None:
    flat = pictures.frame(*[pictures.task(n) for n in range(4)])
    flat.loc[0, "from_cache"] = True
    flat.loc[1, "fetch_error"] = "not found: the account has no task"
    flat.loc[2, "fetch_error"] = "no answer"
    ax = plot.coverage(flat)
    assert pictures.title(ax) == "2 of 4 tasks fetched"
    assert pictures.rows(ax) == [
        "from the cache",
        "from the service",
        "not found",
        "failed to fetch",
    ]
    assert pictures.bars(ax) == [[1, 1, 1, 1]]
    assert pictures.notes(ax) == ["1, 25.0 %"] * 4
    pictures.legible(ax)


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda frame: plot.parameter_effect(frame, "quality"), "no settled tasks"),
        (plot.size_change, "no task whose files in and out are both known"),
        (plot.slowest, "no settled tasks"),
        (plot.largest, "no generated files"),
        (plot.coverage, "no tasks"),
    ],
)
def test_of_nothing(draw: Callable[[pd.DataFrame], Axes], says: str) -> None:
    ax = draw(schema.empty_frame())
    assert pictures.notes(ax) == [says]
    pictures.legible(ax)
