"""Whatever stands in a task: no crash, the right number of rows, and nothing lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scandoc_analytics import flatten, per_file, per_task
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
