"""Sizes and durations: where the marks stand, and how the axis is labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scandoc_analytics import plot, schema
from tests.unit.plot import pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _marks(ax: Axes) -> list[list[float]]:
    """Values at the median, the 95th percentile and the greatest, each a list over the rows."""
    return [pictures.numbers(line.get_xdata()) for line in ax.lines]


def _along(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_xticklabels()]


def test_sizes() -> None:
    ax = plot.sizes(
        pictures.frame(
            pictures.task(1, result=pictures.made(1_000, 3_000, 5_000)),
            pictures.task(2, result=pictures.made(2_000_000, mime="application/pdf")),
        )
    )
    assert pictures.title(ax) == "4 files, 2.01 MB in all"
    assert pictures.rows(ax) == ["image/png\n3 files, 9 kB", "application/pdf\n1 file, 2 MB"]
    median, p95, most = _marks(ax)
    assert median == [3_000, 2_000_000]
    assert p95 == pytest.approx([4_800, 2_000_000])
    assert most == [5_000, 2_000_000]
    assert ax.get_xscale() == "log"
    assert _along(ax) == ["1 kB", "10 kB", "100 kB", "1 MB", "10 MB"]
    assert pictures.legend(ax) == ["median", "95 % below", "largest"]
    pictures.legible(ax)


def test_durations() -> None:
    ends = ["08:00:10", "08:00:20", "08:01:40"]
    payloads = [pictures.task(n, updated_at=f"2026-10-01T{end}Z") for n, end in enumerate(ends)]
    payloads.append(pictures.task(3, status="pending"))
    payloads.append(pictures.task(4, updated_at="2026-10-01T07:00:00Z"))
    ax = plot.durations(pictures.frame(*payloads))
    assert pictures.title(ax) == "How long 4 settled tasks took"
    assert pictures.rows(ax) == ["scan\n4 settled, 1 not"]
    median, p95, most = _marks(ax)
    assert median == [20]
    assert p95 == pytest.approx([92])
    assert most == [100]
    assert _along(ax) == ["10 s", "1 min", "10 min"]
    assert pictures.legend(ax) == ["median", "95 % below", "longest"]
    assert pictures.footer(ax).endswith(" · 1 ended before they began: left out")


def test_all_in_one_row() -> None:
    ax = plot.durations(pictures.frame(pictures.task(1)), by=None)
    assert pictures.rows(ax) == ["all\n1 settled"]


def test_what_a_logarithmic_axis_cannot_show_stands_at_its_start() -> None:
    ax = plot.sizes(pictures.frame(pictures.task(1, result=pictures.made(0, 0, 500))))
    assert _along(ax) == ["≤ 1 B", "10 B", "100 B", "1 kB"]
    assert _marks(ax)[0] == [1]


def test_one_value_on_a_tick_has_an_axis_around_it() -> None:
    ax = plot.sizes(pictures.frame(pictures.task(1, result=pictures.made(1_000))))
    assert _along(ax) == ["100 B", "1 kB"]
    left, right = ax.get_xlim()
    assert left < 1_000 < right


def test_unknown_sizes_are_said_to_be_unknown() -> None:
    ax = plot.sizes(pictures.frame(pictures.task(1, result=pictures.made(None))))
    assert pictures.rows(ax) == ["image/png\n1 file, 0 B"]
    assert pictures.notes(ax) == ["not known"]
    pictures.legible(ax)


def test_nothing_is_said_to_be_nothing() -> None:
    ax = plot.sizes(pictures.frame(pictures.task(1)))
    assert (pictures.title(ax), pictures.notes(ax)) == (
        "Sizes of generated files",
        ["no generated files"],
    )
    ax = plot.durations(schema.empty_frame())
    assert (pictures.title(ax), pictures.notes(ax)) == (
        "Durations of settled tasks",
        ["no settled tasks"],
    )


def test_groups_without_room_are_counted() -> None:
    payloads = [pictures.task(n, operation=f"operation {n:02}") for n in range(40)]
    ax = plot.durations(pictures.frame(*payloads))
    assert len(_marks(ax)[0]) == 29
    assert pictures.rows(ax)[-1] == "and 11 more groups\nnot drawn"
    ax = plot.durations(pictures.frame(*payloads), ax=pictures.small())
    assert len(_marks(ax)[0]) == 7
    assert pictures.rows(ax)[-1] == "and 33 more groups"
    pictures.legible(ax)
