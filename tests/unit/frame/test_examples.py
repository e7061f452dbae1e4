"""Every example of the contract against the rows that a person read off it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics import flatten
from scandoc_analytics.schema import CATEGORY, STR, columns, empty_frame

if TYPE_CHECKING:
    from collections.abc import Callable

Cells: TypeAlias = "Callable[[pd.DataFrame], list[dict[str, Any]]]"
Expected = dict[str, list[dict[str, Any]]]

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples"
INDEX = json.loads((EXAMPLES / "index.json").read_text(encoding="utf-8"))
TASKS = [name for name, about in INDEX.items() if about["schema"] == "Task"]
PAGES = [name for name in INDEX if name.startswith("list-tasks-")]
TIMES = ("created_at", "updated_at", "file_created_at")


def _read(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


def _with_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: pd.Timestamp(cell) if name in TIMES else cell for name, cell in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("name", TASKS)
def test_task_becomes_the_rows_written_by_hand(name: str, expected: Expected, cells: Cells) -> None:
    assert cells(flatten(_read(name))) == _with_times(expected[name])


@pytest.mark.parametrize("name", TASKS)
def test_decoded_task_gives_the_same(name: str, expected: Expected, cells: Cells) -> None:
    assert cells(flatten(json.loads(_read(name)))) == _with_times(expected[name])


@pytest.mark.parametrize("name", TASKS)
def test_the_long_way_gives_the_same(
    name: str, expected: Expected, cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    for short in ("decode_plain", "to_plain"):
        monkeypatch.setattr(f"scandoc_analytics.frame.flattening.{short}", lambda _: None)
    assert cells(flatten(_read(name))) == _with_times(expected[name])


@pytest.mark.parametrize("name", PAGES)
def test_list_page_becomes_its_tasks_in_order(
    name: str, expected: Expected, expected_pages: dict[str, list[str]], cells: Cells
) -> None:
    rows = [row for task in expected_pages[name] for row in expected[task]]
    assert cells(flatten(_read(name))) == _with_times(rows)
    assert cells(flatten(json.loads(_read(name)))) == _with_times(rows)


def test_every_page_of_the_contract_is_expected(
    expected: Expected, expected_pages: dict[str, list[str]]
) -> None:
    assert sorted(expected_pages) == sorted(PAGES)
    assert sorted(expected) == sorted(TASKS)


def test_all_examples_at_once_stand_in_the_order_given(expected: Expected, cells: Cells) -> None:
    rows = [row for name in TASKS for row in expected[name]]
    assert cells(flatten(_read(name) for name in TASKS)) == _with_times(rows)


def test_extracted_text_comes_on_request(cells: Cells) -> None:
    frame = flatten(
        [_read("task-extract-text-completed--empty"), _read("task-split-pending")], text=True
    )
    assert list(frame.columns) == list(columns(text=True))
    assert [row.get("text") for row in cells(frame)] == ["", None]
    frame = flatten(_read("task-extract-text-completed"), text=True)
    assert frame["text"].tolist() == [
        (
            "# Café des Halles\n\n| Article | Prix |\n|---|---|\n| Café crème | 3,20 € |\n"
            "| Thé à la menthe | 4,10 € |\n\n**Total : 7,30 €**\n"
        )
    ]


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("names", [[], ["task-split-completed"], TASKS])
def test_dtypes_are_those_of_the_schema(names: list[str], text: bool) -> None:  # noqa: FBT001
    frame = flatten([_read(name) for name in names], text=text)
    assert list(frame.columns) == list(columns(text=text))
    for name, dtype in columns(text=text).items():
        if dtype == CATEGORY:
            categories = frame[name].cat.categories
            assert categories.dtype == STR
            assert categories.tolist() == sorted(set(frame[name].dropna()))
        else:
            assert frame[name].dtype == dtype, name


def test_nothing_becomes_the_empty_frame() -> None:
    pd.testing.assert_frame_equal(flatten([]), empty_frame())
    pd.testing.assert_frame_equal(flatten([], text=True), empty_frame(text=True))
