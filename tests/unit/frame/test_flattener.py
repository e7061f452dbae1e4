"""The builder that a client feeds: order, provenance, failures, and pieces of any size."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from scandoc_analytics import flatten
from scandoc_analytics.frame import Flattener
from scandoc_analytics.schema import empty_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def test_rows_stand_in_the_order_added_with_their_provenance(cells: Callable[..., Any]) -> None:
    flattener = Flattener()
    flattener.add(b'{"id": "a"}', fetched_at=1_700_000_000_000_001, from_cache=False)
    flattener.add_failure("b", "no such task")
    flattener.add({"data": [{"id": "c"}, {"id": "d"}]}, from_cache=True)
    assert cells(flattener.finish()) == [
        {
            "task_id": "a",
            "input_ids": [],
            "file_count": 0,
            "fetched_at": pd.Timestamp("2023-11-14T22:13:20.000001Z"),
            "from_cache": False,
        },
        {"task_id": "b", "fetch_error": "no such task"},
        {"task_id": "c", "input_ids": [], "file_count": 0, "from_cache": True},
        {"task_id": "d", "input_ids": [], "file_count": 0, "from_cache": True},
    ]


def test_a_failure_has_no_inputs_rather_than_an_empty_list() -> None:
    flattener = Flattener()
    flattener.add_failure("b", "gone")
    assert flattener.finish()["input_ids"].tolist() == [None]


def test_hostile_text_of_a_failure_is_escaped(cells: Callable[..., Any]) -> None:
    flattener = Flattener()
    flattener.add_failure("b\ud800", "bad\0")
    assert cells(flattener.finish()) == [{"task_id": "b\\ud800", "fetch_error": "bad\\x00"}]


def test_the_builder_starts_again_after_finish() -> None:
    flattener = Flattener(text=True)
    flattener.add({"id": "a"})
    assert flattener.finish()["task_id"].tolist() == ["a"]
    pd.testing.assert_frame_equal(flattener.finish(), empty_frame(text=True))


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [_task(number) for number in range(50)]
    whole = flatten(tasks)
    monkeypatch.setattr("scandoc_analytics.frame.flattening._TASKS_AT_ONCE", 3)
    pd.testing.assert_frame_equal(flatten(tasks), whole)
    pd.testing.assert_frame_equal(flatten([orjson.dumps(task) for task in tasks]), whole)
    assert whole["task_id"].nunique() == 50
    assert whole["file_id"].dropna().tolist() == [
        f"file_{number}_{index}" for number in range(50) for index in range(number % 4)
    ]


def test_failures_alone_are_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scandoc_analytics.frame.flattening._TASKS_AT_ONCE", 2)
    flattener = Flattener()
    for number in range(5):
        flattener.add_failure(f"task_{number}", "gone")
    assert flattener.finish()["task_id"].tolist() == [f"task_{number}" for number in range(5)]


def test_each_form_of_a_payload_gives_the_same() -> None:
    task = _task(3)
    text = orjson.dumps(task)
    page = {"data": [task], "links": {}}
    whole = flatten([task])
    for form in (
        task, text, text.decode(), bytearray(text), memoryview(text), page, orjson.dumps(page),
        [text], [[task]], b"[" + text + b"]", SimpleNamespace(payload=task),
        [SimpleNamespace(payload=task)], [[SimpleNamespace(payload=task)]], iter([text]),
    ):  # fmt: skip
        pd.testing.assert_frame_equal(flatten(form), whole)


def test_a_payload_is_not_changed() -> None:
    task = {"id": "a", "parameters": {"x": 1, "dpi": "?"}, "status": "pending", "result": {"y": 1}}
    before = orjson.dumps(task)
    flatten([task])
    assert orjson.dumps(task) == before


def test_python_values_that_json_does_not_know_are_kept_as_text(cells: Callable[..., Any]) -> None:
    (row,) = cells(flatten({"id": "a", "when": pd.Timestamp("2026-01-01")}))
    assert row["extra"] == {"when": "2026-01-01 00:00:00"}


def _task(number: int) -> dict[str, Any]:
    files = [
        {"id": f"file_{number}_{index}", "properties": {"size": index}, "new": number}
        for index in range(number % 4)
    ]
    return {
        "id": f"task_{number}",
        "operation": ("scan", "merge", "split")[number % 3],
        "parameters": {"input": f"file_{number}", "name": str(number), f"p{number % 2}": number},
        "status": "completed",
        "result": {"generated_files": files},
        "created_at": f"2026-01-01T00:00:{number:02}Z",
    }


def test_plain_and_odd_tasks_keep_their_order(cells: Callable[..., Any]) -> None:
    plain = {"id": "p", "parameters": {"input": "file_a"}}
    odd = {"id": "o", "parameters": {"input": "file_a"}, "new": 1}
    flattener = Flattener()
    for number, task in enumerate((plain, odd, plain, odd)):
        flattener.add(orjson.dumps(task), fetched_at=number, from_cache=number == 2)
    rows = cells(flattener.finish())
    assert [row["task_id"] for row in rows] == ["p", "o", "p", "o"]
    assert [row["fetched_at"].value for row in rows] == [0, 1000, 2000, 3000]
    assert [row["from_cache"] for row in rows] == [False, False, True, False]
    assert [row.get("extra") for row in rows] == [None, {"new": 1}, None, {"new": 1}]


def test_wrong_values_in_plain_tasks_are_kept(cells: Callable[..., Any]) -> None:
    file = {"id": "f\0", "properties": {"size": -1, "width": 2.5, "height": 3.0}}
    task = {
        "id": "a",
        "status": "completed",
        "parameters": {"input": ["x"], "dpi": 1.5, "callback_url": "u"},
        "result": {"generated_files": [file]},
        "created_at": "2026-01-01",
    }
    text = orjson.dumps(task)
    assert cells(flatten([text])) == cells(flatten([task]))
    (row,) = cells(flatten([text]))
    assert row == {
        "task_id": "a",
        "status": "completed",
        "input_ids": ["x"],
        "callback_url": "u",
        "file_count": 1,
        "file_index": 0,
        "file_height_px": 3,
        "extra": {
            "created_at": "2026-01-01",
            "parameters": {"dpi": 1.5},
            "file": {"id": "f\0", "properties": {"size": -1, "width": 2.5}},
        },
    }
