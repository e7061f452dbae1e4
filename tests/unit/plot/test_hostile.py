"""Texts that were made to hurt: each plot draws them, legibly and without a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics import plot
from tests.unit.plot import pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

NAMES = [
    "_private",
    "$x_1$ and $\\frac{",
    "<script>alert(1)</script>",
    "=cmd()",
    "a" * 5_000,
    "wide " * 1_000,
    "שלום עולם",
    "契約書をスキャンして変換する非常に長い操作名です",
    "😀 \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "line\nbreak\ttab",
    "\N{RIGHT-TO-LEFT OVERRIDE}live",
    "%s {0} ^_^",
    "\x00\x1b[31m",
    " ",
]


@pytest.fixture(scope="module")
def hostile() -> pd.DataFrame:
    payloads: list[dict[str, Any]] = []
    for number, name in enumerate(NAMES):
        made = pictures.made(10 ** (number % 7), mime=name, task_id=str(number))
        payloads += [
            pictures.task(3 * number, operation=name, result=made, parameters={"input": name}),
            pictures.task(3 * number + 1, operation=name, status=name),
            pictures.task(3 * number + 2, operation=name, status="failed", result={"error": name}),
        ]
    return pictures.frame(*payloads)


DRAW: dict[str, Callable[..., Axes]] = {
    "status_mix": plot.status_mix,
    "status_mix by": lambda frame, **options: plot.status_mix(frame, by="operation", **options),
    "status_mix every": lambda frame, **options: plot.status_mix(frame, every="1d", **options),
    "sizes": plot.sizes,
    "durations": plot.durations,
    "failures": plot.failures,
    "failure_rate": plot.failure_rate,
    "backlog": plot.backlog,
    "parameter_effect": lambda frame, **options: plot.parameter_effect(frame, "effect", **options),
    "size_change": plot.size_change,
    "slowest": plot.slowest,
    "largest": plot.largest,
    "coverage": plot.coverage,
    "lineage": lambda frame, **options: plot.lineage(frame, any_id=NAMES[4], **options),
}


@pytest.mark.parametrize("name", DRAW)
def test_legible_on_a_figure_of_its_own(hostile: pd.DataFrame, name: str) -> None:
    pictures.legible(DRAW[name](hostile))


@pytest.mark.parametrize("name", DRAW)
def test_legible_in_a_small_panel(hostile: pd.DataFrame, name: str) -> None:
    pictures.legible(DRAW[name](hostile, ax=pictures.small()))


def test_names_are_drawn_as_they_are(hostile: pd.DataFrame) -> None:
    rows = pictures.rows(plot.durations(hostile))
    first = [row.split("\n")[0] for row in rows]
    assert "_private" in first
    assert "$x_1$ and $\\frac{" in first
    assert "שלום עולם" in first
    assert "line break tab" in first
