"""Sorting, tiles, and rows of the table."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from scandoc_analytics import duration_summary, failure_rate, flatten, per_task
from scandoc_analytics.widgets.catalogue import Catalogue
from scandoc_analytics.widgets.rows import cells, rows_html
from scandoc_analytics.widgets.tiles import Tile, tiles, tiles_html

if TYPE_CHECKING:
    import pandas as pd

    from scandoc_analytics.sandbox import Sandbox

LOST = "not found: the account has no task 'task_f'"
NOW = datetime(2026, 10, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "up", "down"),
    [
        ("Task id", "abcdef", "fedcba"),
        ("Created", "abcdef", "dcbaef"),
        ("Status", "abcdef", "dcbaef"),
        ("Operation", "dacbef", "bcadef"),
        ("Duration", "cabdef", "bacdef"),
        ("Files", "cdeabf", "baedcf"),
        ("Bytes", "cdeabf", "baedcf"),
        ("Name", "baCDEF", "abCDEF"),
    ],
)
def test_tasks_sort_by_each_key_missing_ones_last(
    key: str, up: str, down: str, small: pd.DataFrame
) -> None:
    catalogue = Catalogue(small)
    every = np.ones(6, dtype=bool)
    for descending, expected in ((False, up), (True, down)):
        order = catalogue.ordered(every, key=key, descending=descending)
        letters = "".join("abcdef"[place] for place in order)
        # Capitals: equal or missing, and so in any fixed order at the end.
        kept = sum(letter.islower() for letter in expected)
        assert letters[:kept] == expected[:kept]
        assert sorted(letters) == list("abcdef")


def test_only_chosen_tasks_are_sorted(small: pd.DataFrame) -> None:
    chosen = np.array([True, False, False, True, False, True])
    order = Catalogue(small).ordered(chosen, key="Task id", descending=True)
    assert order.tolist() == [5, 3, 0]


def test_a_task_is_named_after_its_first_file_or_as_asked(small: pd.DataFrame) -> None:
    names = Catalogue(small).tasks["name"].astype(object)
    assert names.where(names.notna(), None).tolist() == [
        "Straße 1",
        "Invoice 7",
        None,
        None,
        None,
        None,
    ]
    asked = flatten([{"id": "a", "parameters": {"name": "Wanted"}}])
    assert Catalogue(asked).tasks["name"].tolist() == ["Wanted"]


def test_values_are_those_seen(small: pd.DataFrame) -> None:
    catalogue = Catalogue(small)
    assert catalogue.values("status") == ["completed", "failed", "pending"]
    assert catalogue.values("file_type") == ["application/pdf", "image/png"]


def test_tiles_of_six_tasks(small: pd.DataFrame) -> None:
    assert tiles(per_task(small), now=NOW) == [
        Tile("tasks", "6", "1 not fetched"),
        Tile("failed", "33.3 %", "1 of 3 settled"),
        Tile("unsettled", "2", "oldest 1 d"),
        Tile("in generated files", "2.01 MB", ""),
        # 2, 4 and 10 seconds: 4 + 0.9 * 6.
        Tile("p95 duration", "9.4 s", "95 of 100 settled took less"),
    ]


def test_tiles_of_no_tasks(empty: pd.DataFrame) -> None:
    assert tiles(per_task(empty)) == [
        Tile("tasks", "0", ""),
        Tile("failed", "–", "0 of 0 settled"),
        Tile("unsettled", "0", ""),
        Tile("in generated files", "0 B", ""),
        Tile("p95 duration", "–", ""),
    ]


def test_tiles_say_what_the_metrics_say(sandbox: Sandbox) -> None:
    frame = sandbox.client(cache=False).list_tasks(progress=False)
    shown = {tile.name: tile.value for tile in tiles(per_task(frame))}
    rate = failure_rate(frame).iloc[0]
    assert shown["failed"] == f"{100 * rate['rate']:.1f} %"
    slow = float(duration_summary(frame, by=[])["seconds_p95"].iloc[0])
    assert shown["p95 duration"] == f"{slow:.1f} s"


def test_tiles_are_escaped() -> None:
    page = tiles_html([Tile("<b>", '"&', "")])
    assert "<dt>&lt;b&gt;</dt>" in page
    assert "&quot;&amp;" in page


def row(frame: pd.DataFrame, place: int) -> dict[Any, Any]:
    found: dict[Any, Any] = Catalogue(frame).tasks.iloc[place].to_dict()
    return found


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            0,
            ("completed", "scan", "2026-10-01 00:00", "4 s", "1", "5 kB", "Straße 1"),
        ),
        (
            2,
            ("failed", "scan", "2026-10-03 00:00", "2 s", "0", "–", "Input is not an image."),
        ),
        (3, ("pending", "redact", "2026-10-03 12:00", "–", "0", "–", "")),
        (4, ("status unknown", "operation unknown", "–", "–", "0", "–", "")),
        (
            5,
            (*("not fetched", "–", "–", "–", "–", "–"), LOST),
        ),
    ],
)
def test_cells_of_a_row(place: int, expected: tuple[str, ...], small: pd.DataFrame) -> None:
    assert cells(row(small, place)) == expected


def test_rows_are_marked_escaped_and_cut() -> None:
    name = "<script>alert(1)</script>" + "x" * 5_000
    frame = flatten([{"id": "<b>" * 99, "status": "<i>", "parameters": {"name": name}}])
    page = rows_html([row(frame, 0)], ids=True, caption='1 of "1"')
    assert "<script" not in page
    assert "<i>" not in page
    assert "<b>" not in page
    assert '<span aria-hidden="true">?</span> &lt;i&gt;' in page
    assert "<caption>1 of &quot;1&quot;</caption>" in page
    assert html.escape(name[:59] + "…") in page
    assert len(page) < 6_000


def test_without_ids_the_first_column_is_the_status(small: pd.DataFrame) -> None:
    page = rows_html([row(small, 0)])
    assert "task_a" not in page
    assert '<th scope="col">status</th>' in page
    assert '<td class="status completed"><span aria-hidden="true">✓</span> completed</td>' in page
