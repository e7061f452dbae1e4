"""Whatever stands in a task: no crash, the right number of rows, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scandoc_analytics import flatten, per_file, per_task
from scandoc_analytics.frame.members import FILE_PATHS, PARAMETERS, TASK_PATHS
from scandoc_analytics.frame.structs import (
    File,
    Parameters,
    PlainTask,
    Result,
    decode_plain,
    is_odd,
)
from scandoc_analytics.schema import columns

TEXT = st.text(st.characters(), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def _object(*names: str) -> st.SearchStrategy[Any]:
    """An object whose known members hold anything, with some unknown ones."""
    known: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(names, JSON)
    return st.fixed_dictionaries({}, optional=known)


FILES = st.lists(
    st.one_of(
        JSON,
        _object("id", "name", "type", "task_id", "created_at", "checksum"),
        st.fixed_dictionaries(
            {"properties": _object("size", "width", "height", "page_count", "x")}
        ),
    ),
    max_size=3,
)
RESULT = st.one_of(
    JSON,
    _object("error", "details", "documents", "format", "content", "generated_files", "new"),
    st.fixed_dictionaries({"generated_files": FILES}),
)
TASK = st.fixed_dictionaries(
    {"id": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5)},
    optional={
        "operation": st.sampled_from(["convert", "detect-documents", "extract-text"]) | JSON,
        "status": st.sampled_from(["completed", "failed", "pending"]) | JSON,
        "parameters": JSON
        | st.fixed_dictionaries(
            {"input": st.just("file_x") | st.just(["file_x", "task_y"])},
            optional={"dpi": JSON, "name": JSON, "target_format": JSON, "callback_url": JSON},
        )
        | _object("input", "name", "quality", "target_format", "callback_url", "vertices"),
        "result": RESULT,
        "callback_url": JSON,
        "created_at": JSON,
        "updated_at": st.just("2026-01-01T00:00:00Z") | JSON,
        "region": JSON,
        "file": JSON,
    },
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TASK, max_size=4))
def test_nothing_crashes_and_nothing_is_lost(tasks: list[dict[str, Any]]) -> None:
    frame = flatten(tasks, text=True)
    assert list(frame.columns) == list(columns(text=True))
    heights = [max(1, len(_files(task))) for task in tasks]
    assert frame["task_id"].tolist() == [
        task["id"] for task, height in zip(tasks, heights, strict=True) for _ in range(height)
    ]
    first = 0
    for task, height in zip(tasks, heights, strict=True):
        rows = frame.iloc[first : first + height]
        first += height
        held = _leaves_of_rows(rows.to_dict("records"))
        for leaf in _leaves(task):
            assert leaf in held
    assert len(per_task(frame)) == frame["task_id"].nunique()
    assert len(per_file(frame)) <= sum(len(_files(task)) for task in tasks)


@pytest.mark.parametrize("escape", [True, False])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tasks=st.lists(TASK, max_size=3))
def test_json_text_gives_what_the_dict_gives(escape: bool, tasks: list[dict[str, Any]]) -> None:  # noqa: FBT001
    text = json.dumps(tasks, ensure_ascii=escape)
    decoded = json.loads(text)
    assert _plain(flatten(text)) == _plain(flatten(decoded))


URL = st.sampled_from([None, "", "https://a.example", "https://b.example", "nul\0"])
IDS = st.sampled_from(["file_x", "task_y", "nul\0", ""])
PLAIN_FILE = st.fixed_dictionaries(
    {"id": TEXT, "type": st.sampled_from(["image/png", "application/pdf"])},
    optional={
        "name": TEXT | st.none(),
        "task_id": st.none() | st.sampled_from(["task_a", "task_b"]),
        "created_at": st.sampled_from(["2026-01-01T00:00:00.5Z", "yesterday"]) | st.none(),
        "properties": st.none()
        | st.fixed_dictionaries(
            {}, optional=dict.fromkeys(["size", "width", "page_count"], st.integers() | st.none())
        ),
    },
)
PLAIN_RESULT = st.fixed_dictionaries(
    {},
    optional={
        "generated_files": st.none() | st.lists(PLAIN_FILE, max_size=3),
        "error": st.none() | TEXT,
        "details": JSON,
        "documents": st.none() | st.lists(JSON, max_size=2),
        "format": st.none() | TEXT,
        "content": st.none() | TEXT,
    },
)
PLAIN_TASK = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["task_a", "task_b"]),
        "operation": st.sampled_from(["convert", "detect-documents", "extract-text", "scan"]),
        "status": st.sampled_from(["completed", "failed", "pending", "paused"]),
        "result": st.none() | st.just({}) | PLAIN_RESULT,
    },
    optional={
        "parameters": st.none()
        | st.fixed_dictionaries(
            {"input": st.none() | IDS | st.lists(IDS, max_size=2)},
            optional={
                "target_format": st.none() | TEXT,
                "dpi": st.none() | st.integers(),
                "vertices": JSON,
                "schema": st.none() | st.just({"a": 1}),
                "callback_url": URL,
            },
        ),
        "callback_url": URL,
        "created_at": st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00+02:00", "x"]),
        "updated_at": st.just("2026-01-01T00:00:02.25Z"),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tasks=st.lists(PLAIN_TASK, min_size=1, max_size=3))
def test_the_short_way_gives_what_the_long_way_gives(tasks: list[dict[str, Any]]) -> None:
    text = json.dumps({"data": tasks})
    short = flatten(text, text=True)
    with (
        patch("scandoc_analytics.frame.flattening.decode_plain", return_value=None),
        patch("scandoc_analytics.frame.flattening.to_plain", return_value=None),
    ):
        long = flatten(text, text=True)
    assert _plain(short) == _plain(long)


def test_most_tasks_go_the_short_way() -> None:
    examples = Path(__file__).parents[2] / "contract" / "examples"
    texts = {path.stem: path.read_bytes() for path in examples.glob("task-*.json")}
    odd = {
        name
        for name, text in texts.items()
        if (tasks := decode_plain(text)) is None or any(map(is_odd, tasks))
    }
    assert odd == {
        "task-convert-completed--extra-fields",
        "task-detect-documents-completed--typed-convert",
        "task-detect-documents-completed--typed-convert-with-target",
        "task-detect-documents-pending--typed-convert",
        "task-render-completed--future-type",
        "task-unknown-operation-completed",
        "task-unknown-operation-pending",
        "task-unknown-status",
    }


def test_the_shapes_know_the_members_that_have_columns() -> None:
    fields = {shape: set(shape.__struct_fields__) for shape in (PlainTask, Parameters, Result)}
    assert fields[Parameters] == {*PARAMETERS, "input", "callback_url", "vertices", "schema"}
    assert {path[0] for path in TASK_PATHS.values()} | {"id"} == fields[PlainTask]
    results = {path[1] for path in TASK_PATHS.values() if path[0] == "result"}
    assert results | {"generated_files", "documents"} == fields[Result]
    assert {path[0] for path in FILE_PATHS.values()} | {"task_id"} == set(File.__struct_fields__)


def _plain(frame: Any) -> list[str]:
    records = frame.drop(columns=["extra", "error_details"]).to_dict("records")
    texts = [*frame["extra"], *frame["error_details"]]
    return [
        *map(repr, records),
        *(_shortened(text) if isinstance(text, str) else "" for text in texts),
    ]


def _shortened(text: str) -> str:
    return repr(sorted(map(repr, (_number(leaf) for leaf in _leaves(json.loads(text))))))


def _number(leaf: Any) -> Any:
    # Decoders differ in whole numbers beyond 64 bits: one reads them as floats.
    return float(leaf) if isinstance(leaf, int) and not isinstance(leaf, bool) else leaf


def _files(task: dict[str, Any]) -> list[Any]:
    result = task.get("result")
    status = task.get("status")
    if not isinstance(result, dict) or status in ("pending", "processing"):
        return []
    files = result.get("generated_files")
    if not isinstance(files, list):
        return []
    settled = status in ("completed", "failed")
    return files if settled or all(isinstance(file, dict) for file in files) else []


def _leaves(value: Any) -> list[Any]:
    """Every text and number in a value, but for times, which columns write in another way."""
    if isinstance(value, dict):
        return [leaf for held in value.values() for leaf in _leaves(held)]
    if isinstance(value, list):
        return [leaf for held in value for leaf in _leaves(held)]
    if value is None or value == "2026-01-01T00:00:00Z":
        return []
    return [value]


def _leaves_of_rows(rows: list[Any]) -> list[Any]:
    held: list[Any] = []
    for row in rows:
        for name, cell in row.items():
            if name in ("extra", "error_details") and isinstance(cell, str):
                held += _leaves(json.loads(cell))
            else:
                held += _leaves(cell) if isinstance(cell, list) else [cell]
    return [value for value in held if isinstance(value, (str, int, float))]
