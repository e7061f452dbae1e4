"""One row per task, one row per file, whatever has become of the frame in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from scandoc_analytics import flatten, per_file, per_task
from scandoc_analytics.frame import Flattener
from scandoc_analytics.schema import COLUMNS, FILE_COLUMNS, columns, empty_frame

if TYPE_CHECKING:
    from collections.abc import Callable


def _task(task_id: str, *files: dict[str, Any], **members: Any) -> dict[str, Any]:
    result = {"generated_files": list(files)}
    return {"id": task_id, "status": "completed", "result": result, **members}


def _file(file_id: str, **properties: int) -> dict[str, Any]:
    return {"id": file_id, "properties": properties}


FRAME = flatten(
    [
        _task("a", _file("a0", size=5, page_count=2), _file("a1", size=7), region="eu"),
        {"id": "b", "status": "pending"},
        _task("c", {**_file("c0"), "checksum": "x"}),
        _task("d", {**_file("d0", size=1), "note": "é"}, region="\u20ac"),
    ]
)


def test_totals_of_each_task(cells: Callable[..., Any]) -> None:
    assert cells(per_task(FRAME)) == [
        {
            "task_id": "a",
            "status": "completed",
            "input_ids": [],
            "file_count": 2,
            "file_bytes_total": 12,
            "file_pages_total": 2,
            "extra": {"region": "eu"},
        },
        {
            "task_id": "b",
            "status": "pending",
            "input_ids": [],
            "file_count": 0,
            "file_bytes_total": 0,
            "file_pages_total": 0,
        },
        {"task_id": "c", "status": "completed", "input_ids": [], "file_count": 1},
        {
            "task_id": "d",
            "status": "completed",
            "input_ids": [],
            "file_count": 1,
            "file_bytes_total": 1,
            "extra": {"region": "\u20ac"},
        },
    ]


def test_a_task_that_could_not_be_fetched_has_no_totals(cells: Callable[..., Any]) -> None:
    flattener = Flattener()
    flattener.add_failure("a", "gone")
    frame = flattener.finish()
    assert cells(per_task(frame)) == [{"task_id": "a", "fetch_error": "gone"}]
    assert len(per_file(frame)) == 0


@pytest.mark.parametrize("text", [False, True])
def test_columns_and_dtypes_also_without_rows(text: bool) -> None:  # noqa: FBT001
    names = [name for name in columns(text=text) if name not in FILE_COLUMNS]
    place = names.index("file_count") + 1
    wanted = [*names[:place], "file_bytes_total", "file_pages_total", *names[place:]]
    for frame in (empty_frame(text=text), flatten([_task("a", _file("f"))], text=text)):
        tasks = per_task(frame)
        assert list(tasks.columns) == wanted
        for name in names:
            assert tasks[name].dtype == frame[name].dtype
        assert str(tasks["file_bytes_total"].dtype) == str(tasks["file_pages_total"].dtype)
        assert str(tasks["file_bytes_total"].dtype) == "Int64"
        assert per_file(frame).dtypes.equals(frame.dtypes)
        assert isinstance(tasks.index, pd.RangeIndex)


def test_one_row_per_file() -> None:
    files = per_file(FRAME)
    assert list(files.columns) == list(COLUMNS)
    assert files["file_id"].tolist() == ["a0", "a1", "c0", "d0"]
    assert files["extra"].tolist()[2] == '{"file":{"checksum":"x"}}'


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_doubled_rows_count_once(seed: int) -> None:
    doubled = pd.concat([FRAME, FRAME.sample(frac=1, random_state=seed)])
    pd.testing.assert_frame_equal(per_task(doubled), per_task(FRAME))
    pd.testing.assert_frame_equal(per_file(doubled), per_file(FRAME))


def test_the_answer_fetched_last_wins() -> None:
    flattener = Flattener()
    flattener.add(_task("a", _file("new")), fetched_at=2)
    flattener.add({"id": "b"}, fetched_at=2)
    flattener.add({"id": "a", "status": "pending", "updated_at": "2030-01-01T00:00"}, fetched_at=1)
    flattener.add_failure("a", "gone")
    frame = flattener.finish()
    tasks = per_task(frame)
    assert tasks["task_id"].tolist() == ["a", "b"]
    assert tasks["status"].tolist()[0] == "completed"
    assert per_file(frame)["file_id"].tolist() == ["new"]


def test_of_answers_of_unknown_age_the_one_updated_last_wins() -> None:
    late = _task("a", _file("late"), updated_at="2026-01-02T00:00:00Z")
    early = _task("a", _file("early"), _file("too"), updated_at="2026-01-01T00:00:00Z")
    assert per_file(flatten([late, early]))["file_id"].tolist() == ["late"]
    assert per_task(flatten([late, early]))["file_count"].tolist() == [1]


def test_of_equal_answers_the_lower_one_wins_but_files_before_none() -> None:
    frame = flatten([_task("a", _file("x")), _task("a", _file("y")), {"id": "a"}])
    assert per_file(frame)["file_id"].tolist() == ["y"]
    assert per_task(frame)["file_count"].tolist() == [1]


def test_columns_of_the_user_and_attrs_stay() -> None:
    frame = FRAME.assign(team="blue")
    frame.attrs["scandoc"] = {"account": "ab"}
    assert per_task(frame)["team"].tolist() == ["blue"] * 4
    assert per_task(frame).attrs == per_file(frame).attrs == {"scandoc": {"account": "ab"}}


def test_extra_that_is_not_plain_text_survives() -> None:
    task = _task("a", {"id": "f", "new": 1}, odd="\ud800")
    assert json.loads(per_task(flatten([task]))["extra"][0]) == {"odd": "\ud800"}


def test_what_is_no_flat_frame_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"no flat frame, it lacks file_count, extra: flatten, list"
    ):
        per_task(FRAME.drop(columns=["file_count", "extra"]))
    with pytest.raises(
        TypeError, match=r"a flat frame was expected, not list: flatten, list_tasks"
    ):
        per_file([])  # type: ignore[arg-type]
