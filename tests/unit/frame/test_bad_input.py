"""What is wrong with a payload is said with its place; what is wrong in it is kept aside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from scandoc_analytics import PayloadError, flatten
from scandoc_analytics.frame import Flattener

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = {"id": "task_a", "status": "pending"}
NO_TEXT = [5, 1.5, True, [], {}, ["a"], "a\ud800b", "a\0b"]
BIG = b'{"id": "task_a", "parameters": {"dpi": 9223372036854775808, "quality": 1}}'
NO_NUMBER = [
    -1, 1024.5, "1024", True, False, 2**63, 1e300, -0.5, float("inf"), [1], {"a": 1},
]  # fmt: skip
NO_TIME = [
    "yesterday",
    "",
    "2025-11-03",
    "2025-13-03T08:02:30Z",
    "2025-11-03T08:02:60Z",
    "2025-11-03Txx",
    "9999-12-31T23:59:59-10:00",
    "0001-01-01T00:00:00+10:00",
    "a\ud800",
    1_762_156_950,
    1.5,
    True,
    ["2025-11-03T08:02:30Z"],
]


@pytest.mark.parametrize(
    ("payloads", "message"),
    [
        ([GOOD, 5], "payload 1 is 5, of type int; a task object or a list of them was expected"),
        ([None], "payload 0 is null; a task object or a list of them was expected"),
        ([b"7"], "payload 0 is 7, of type int; a task object or a list of them was expected"),
        (b'"text"', "payload 0 is the text 'text'; a task object or a list of them was expected"),
        ([[GOOD, [GOOD]]], "payload 0, item 1, is a list; a task object was expected"),
        (b"[1]", "payload 0, item 0, is 1, of type int; a task object was expected"),
        ([{}], "payload 0 has no id, so it is no task"),
        ({"id": ""}, "payload 0 has an unusable id, '': a task's id is text of some length"),
        ({"id": None}, "payload 0 has an unusable id, None: a task's id is text of some length"),
        ({"id": 12}, "payload 0 has an unusable id, 12: a task's id is text of some length"),
        (
            {"id": "a\ud800"},
            r"payload 0 has an unusable id, 'a\ud800': a task's id is text of some length",
        ),
        (
            b'{"id": "a\\u0000"}',
            r"payload 0 has an unusable id, 'a\x00': a task's id is text of some length",
        ),
        (
            [GOOD, {"data": [GOOD, {"status": "pending"}]}],
            "the data of payload 1, item 1, has no id, so it is no task",
        ),
        (
            {"data": {"id": "task_a"}},
            (
                "the data of payload 0 is {'id': 'task_a'}, of type dict; "
                "a task object or a list of them was expected"
            ),
        ),
        (
            {"data": None},
            "the data of payload 0 is null; a task object or a list of them was expected",
        ),
        (
            b'{"type": "/docs/errors/not-found", "title": "Not found", "status": 404}',
            "payload 0 is an error answer of the service, not a task: 'Not found'",
        ),
    ],
)
def test_no_task_is_refused_with_its_place(payloads: Any, message: str) -> None:
    with pytest.raises(PayloadError) as refused:
        flatten(payloads)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "text", [b"", b"<html>", "tasks.json", b'{"id": ', b"\xff\xfe\xfd", b"[" * 100_000]
)
def test_no_json_is_refused_with_what_it_starts_with(text: bytes | str) -> None:
    with pytest.raises(PayloadError, match=r"^payload 1 is (not JSON \(|nested too deeply)"):
        flatten([GOOD, text])


@pytest.mark.parametrize("payloads", [None, 5, 1.5])
def test_no_payloads_at_all(payloads: Any) -> None:
    with pytest.raises(PayloadError, match=r"flatten was given .*: give task payloads, or a list"):
        flatten(payloads)


def test_a_long_excerpt_is_cut() -> None:
    with pytest.raises(PayloadError) as refused:
        flatten(b"x" * 10_000)
    assert len(str(refused.value)) < 200


def test_deep_members_are_kept(cells: Callable[..., Any]) -> None:
    deep = "[" * 300 + "]" * 300
    (row,) = cells(flatten(f'{{"id": "task_a", "deep": {deep}}}'.encode()))
    assert json.dumps(row["extra"]["deep"]) == deep


def test_a_circle_is_refused() -> None:
    circle: dict[str, Any] = {"id": "task_a"}
    circle["self"] = circle
    with pytest.raises(PayloadError, match=r"cannot be kept as JSON text"):
        flatten([circle])


@pytest.mark.parametrize(
    ("member", "column"),
    [
        (("operation",), "operation"),
        (("status",), "status"),
        (("parameters", "name"), "param_name"),
        (("parameters", "effect"), "param_effect"),
        (("parameters", "target_format"), "param_target_format"),
        (("parameters", "format"), "param_format"),
        (("parameters", "pages"), "param_pages"),
        (("parameters", "scan_mode"), "param_scan_mode"),
        (("parameters", "callback_url"), "callback_url"),
        (("callback_url",), "callback_url"),
        (("file", "id"), "file_id"),
        (("file", "name"), "file_name"),
        (("file", "type"), "file_type"),
    ],
)
def test_what_is_no_text_is_missing_and_kept(
    member: tuple[str, ...], column: str, cells: Callable[..., Any]
) -> None:
    for row, wrong in zip(_flattened(member, NO_TEXT, cells), NO_TEXT, strict=True):
        assert column not in row
        assert row["extra"] == _nested(member, wrong)


@pytest.mark.parametrize(
    ("member", "column"),
    [
        (("parameters", "quality"), "param_quality"),
        (("parameters", "dpi"), "param_dpi"),
        (("file", "properties", "size"), "file_size_bytes"),
        (("file", "properties", "width"), "file_width_px"),
        (("file", "properties", "height"), "file_height_px"),
        (("file", "properties", "page_count"), "file_page_count"),
    ],
)
def test_what_is_no_whole_number_is_missing_and_kept(
    member: tuple[str, ...], column: str, cells: Callable[..., Any]
) -> None:
    for row, wrong in zip(_flattened(member, NO_NUMBER, cells), NO_NUMBER, strict=True):
        assert column not in row
        assert row["extra"] == _nested(member, wrong)


@pytest.mark.parametrize(
    ("written", "read"), [(1024.0, 1024), (0, 0), (0.0, 0), (2**63 - 1, 2**63 - 1)]
)
def test_whole_numbers_are_read(written: float, read: int, cells: Callable[..., Any]) -> None:
    (row,) = _flattened(("file", "properties", "size"), [written], cells)
    assert row["file_size_bytes"] == read
    assert "extra" not in row


def test_a_number_beyond_64_bits_is_missing_and_kept(cells: Callable[..., Any]) -> None:
    (row,) = cells(flatten(BIG))
    assert row["param_quality"] == 1
    assert "param_dpi" not in row
    assert row["extra"] == {"parameters": {"dpi": 9223372036854775808}}


def test_not_a_number_is_missing_and_kept(cells: Callable[..., Any]) -> None:
    (row,) = cells(flatten(b'{"id": "task_a", "parameters": {"dpi": NaN, "quality": 7}}'))
    assert row["param_quality"] == 7
    assert "param_dpi" not in row
    assert str(row["extra"]["parameters"]["dpi"]) == "nan"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-11-03T08:02:30Z", "2025-11-03T08:02:30Z"),
        ("2025-11-03T08:02:30z", "2025-11-03T08:02:30Z"),
        ("2025-11-03 08:02:30.5+02:00", "2025-11-03T06:02:30.500Z"),
        ("2025-11-03T08:02:30", "2025-11-03T08:02:30Z"),
        ("2025-11-03T08:02:30.123456789Z", "2025-11-03T08:02:30.123456Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_times_are_read(written: str, read: str, cells: Callable[..., Any]) -> None:
    (row,) = _flattened(("created_at",), [written], cells)
    assert row["created_at"] == pd.Timestamp(read)
    assert "extra" not in row


@pytest.mark.parametrize("member", [("created_at",), ("updated_at",), ("file", "created_at")])
def test_what_is_no_time_is_missing_and_kept(
    member: tuple[str, ...], cells: Callable[..., Any]
) -> None:
    for row, wrong in zip(_flattened(member, NO_TIME, cells), NO_TIME, strict=True):
        assert ("file_created_at" if member[0] == "file" else member[0]) not in row
        assert row["extra"] == _nested(member, wrong)


def test_one_wrong_cell_costs_no_other(cells: Callable[..., Any]) -> None:
    good, bad = "2025-11-03T08:02:30", "never"
    rows = cells(flatten([{"id": "a", "created_at": good}, {"id": "b", "created_at": bad}]))
    assert rows == [
        {
            "task_id": "a",
            "created_at": pd.Timestamp(good, tz="UTC"),
            "input_ids": [],
            "file_count": 0,
        },
        {"task_id": "b", "input_ids": [], "file_count": 0, "extra": {"created_at": "never"}},
    ]


@pytest.mark.parametrize(
    ("inputs", "ids", "kept"),
    [
        (None, [], False),
        ("file_a", ["file_a"], False),
        (["file_a", "task_b"], ["file_a", "task_b"], False),
        ([], [], False),
        (["file_a", 5], ["file_a"], True),
        (7, [], True),
        ({"a": "file_a"}, [], True),
        ("a\ud800", [], True),
        (False, [], True),
    ],
)
def test_input_ids(
    inputs: object,
    ids: list[str],
    kept: bool,  # noqa: FBT001 - a column of the table
    cells: Callable[..., Any],
) -> None:
    (row,) = cells(flatten({"id": "task_a", "parameters": {"input": inputs}}))
    assert row["input_ids"] == ids
    assert row.get("extra") == ({"parameters": {"input": inputs}} if kept else None)


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"parameters": []}, {"file_count": 0, "extra": {"parameters": []}}),
        (
            {"status": "completed", "result": "none"},
            {"status": "completed", "extra": {"result": "none"}},
        ),
        (
            {"status": "completed", "result": {"generated_files": {"a": 1}}},
            {"status": "completed", "extra": {"result": {"generated_files": {"a": 1}}}},
        ),
        (
            {"status": "completed", "result": {"generated_files": None}},
            {"status": "completed", "file_count": 0},
        ),
        (
            {"status": "pending", "result": {"generated_files": [{"id": "f"}]}},
            {
                "status": "pending",
                "file_count": 0,
                "extra": {"result": {"generated_files": [{"id": "f"}]}},
            },
        ),
        (
            {"status": "canceled", "result": {"generated_files": [1]}},
            {"status": "canceled", "extra": {"result": {"generated_files": [1]}}},
        ),
        (
            {"status": "canceled", "result": {"generated_files": [{"id": "f"}]}},
            {"status": "canceled", "file_count": 1, "file_index": 0, "file_id": "f"},
        ),
        (
            {"status": "failed", "result": {"error": {"a": 1}, "generated_files": [{"id": "f"}]}},
            {
                "status": "failed",
                "file_count": 1,
                "file_index": 0,
                "file_id": "f",
                "extra": {"result": {"error": {"a": 1}}},
            },
        ),
        (
            {"status": "completed", "result": {"error": "late", "details": 1}},
            {
                "status": "completed",
                "file_count": 0,
                "extra": {"result": {"error": "late", "details": 1}},
            },
        ),
        (
            {"status": "completed", "operation": "scan", "result": {"documents": []}},
            {
                "status": "completed",
                "operation": "scan",
                "file_count": 0,
                "extra": {"result": {"documents": []}},
            },
        ),
        (
            {"status": "completed", "operation": "detect-documents", "result": {"documents": 3}},
            {
                "status": "completed",
                "operation": "detect-documents",
                "file_count": 0,
                "extra": {"result": {"documents": 3}},
            },
        ),
        (
            {
                "status": "completed",
                "operation": "extract-text",
                "result": {"format": "plain", "content": 5},
            },
            {
                "status": "completed",
                "operation": "extract-text",
                "file_count": 0,
                "extra": {"result": {"format": "plain", "content": 5}},
            },
        ),
        (
            {"callback_url": "https://a", "parameters": {"callback_url": "https://b"}},
            {
                "callback_url": "https://a",
                "file_count": 0,
                "extra": {"parameters": {"callback_url": "https://b"}},
            },
        ),
        (
            {"callback_url": 5, "parameters": {"callback_url": "https://b"}},
            {"callback_url": "https://b", "file_count": 0, "extra": {"callback_url": 5}},
        ),
        (
            {"operation": "convert", "parameters": {"target_format": 5}},
            {
                "operation": "convert",
                "file_count": 0,
                "extra": {"parameters": {"target_format": 5}},
            },
        ),
        (
            {
                "operation": "convert",
                "status": "pending",
                "parameters": {"target_format": "image/png"},
                "result": {"documents": []},
            },
            {
                "operation": "convert",
                "status": "pending",
                "param_target_format": "image/png",
                "file_count": 0,
                "extra": {"result": {"documents": []}},
            },
        ),
        ({"file": 1}, {"file_count": 0, "extra": {"task.file": 1}}),
        (
            {
                "status": "completed",
                "file": 1,
                "result": {"generated_files": [{"id": "f", "file": 2}]},
            },
            {
                "status": "completed",
                "file_count": 1,
                "file_index": 0,
                "file_id": "f",
                "extra": {"task.file": 1, "file": {"file": 2}},
            },
        ),
        ({"status": ["a"]}, {"file_count": 0, "extra": {"status": ["a"]}}),
    ],
)
def test_odd_tasks(
    task: dict[str, Any], expected: dict[str, Any], cells: Callable[..., Any]
) -> None:
    (row,) = cells(flatten([{"id": "task_a", **task}]))
    assert row == {"task_id": "task_a", "input_ids": [], **expected}


def test_odd_files_are_rows_and_nothing_is_lost(cells: Callable[..., Any]) -> None:
    files = [
        {"id": "file_a", "task_id": "task_a", "properties": {"size": 1}},
        None,
        "file_b",
        {"name": "no id"},
        {"id": 5, "properties": 7, "task_id": "task_b"},
    ]
    task = {"id": "task_a", "status": "completed", "result": {"generated_files": files}, "new": 1}
    common = {"task_id": "task_a", "status": "completed", "input_ids": [], "file_count": 5}
    assert cells(flatten([task])) == [
        {**common, "file_index": 0, "file_id": "file_a", "file_size_bytes": 1, "extra": {"new": 1}},
        {**common, "file_index": 1, "extra": {"new": 1, "file": None}},
        {**common, "file_index": 2, "extra": {"new": 1, "file": "file_b"}},
        {**common, "file_index": 3, "file_name": "no id", "extra": {"new": 1}},
        {
            **common,
            "file_index": 4,
            "extra": {"new": 1, "file": {"id": 5, "properties": 7, "task_id": "task_b"}},
        },
    ]


def test_a_refused_payload_leaves_the_builder_as_it_was(cells: Callable[..., Any]) -> None:
    flattener = Flattener()
    with pytest.raises(PayloadError, match=r"^payload 0, item 1, has no id"):
        flattener.add([GOOD, {}])
    flattener.add(GOOD)
    assert [row["task_id"] for row in cells(flattener.finish())] == ["task_a"]


def _flattened(
    member: tuple[str, ...], values: list[Any], cells: Callable[..., Any]
) -> list[dict[str, Any]]:
    """One row for each value of this member, the same from JSON text and from dicts."""
    tasks = []
    for value in values:
        nested = _nested(member, value)
        file = nested.pop("file", None)
        nested["parameters"] = {"input": "file_x"} | nested.get("parameters", {})
        task = {"id": "task_a", **nested}
        if file is not None:
            result = {"generated_files": [{"id": "file_a"} | file]}
            task |= {"status": "completed", "result": result}
        tasks.append(task)
    rows: list[dict[str, Any]] = cells(flatten(tasks))
    # As text, alone and together: Arrow reads what is plain, and gives up at a wrong type.
    assert cells(flatten([json.dumps(task) for task in tasks])) == rows
    assert [cells(flatten(json.dumps(task))) for task in tasks] == [[row] for row in rows]
    return rows


def _nested(member: tuple[str, ...], value: object) -> dict[str, Any]:
    for name in reversed(member):
        value = {name: value}
    assert isinstance(value, dict)
    return value
