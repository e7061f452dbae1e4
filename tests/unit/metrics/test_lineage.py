from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pytest

from scandoc_analytics import schema
from scandoc_analytics.metrics import lineage, size_change, trace

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"
Build: TypeAlias = "Callable[..., pd.DataFrame]"


def _task(
    name: str, inputs: list[str], outputs: list[tuple[str, int | None]]
) -> list[dict[str, Any]]:
    task = {
        "task_id": name,
        "operation": f"op-{name[0]}",
        "status": "completed",
        "created_at": "2026-10-01T08:00:00Z",
        "input_ids": inputs,
    }
    return [
        {**task, "file_index": i, "file_id": file, "file_size_bytes": size}
        for i, (file, size) in enumerate(outputs)
    ] or [task]


@pytest.fixture(scope="module")
def chain(build: Build) -> pd.DataFrame:
    """An upload is scanned and split; one page is warped; all pages are merged with the scan."""
    return build(
        *_task("scan", ["upload"], [("f-scan", 1000)]),
        *_task("split", ["f-scan"], [("f-1", 400), ("f-2", 300)]),
        *_task("warp", ["f-2"], [("f-warp", 150)]),
        *_task("merge", ["split", "f-scan", "f-warp"], [("f-merge", 3700)]),
        *_task("lost", ["f-gone"], [("f-lost", 10)]),
        {"task_id": "unknown", "fetch_error": "not found"},
    )


def test_lineage_names_every_step(chain: pd.DataFrame, rows_of: RowsOf) -> None:
    table = lineage(chain)

    time = "2026-10-01T08:00:00+00:00"
    assert list(table.columns) == [
        "input_id",
        "task_id",
        "operation",
        "status",
        "output_id",
        "input_kind",
        "created_at",
    ]
    done = "completed"
    assert rows_of(table) == [
        ("f-gone", "lost", "op-l", done, "f-lost", "outside", time),
        ("split", "merge", "op-m", done, "f-merge", "task", time),
        ("f-scan", "merge", "op-m", done, "f-merge", "file", time),
        ("f-warp", "merge", "op-m", done, "f-merge", "file", time),
        ("upload", "scan", "op-s", done, "f-scan", "outside", time),
        ("f-scan", "split", "op-s", done, "f-1", "file", time),
        ("f-scan", "split", "op-s", done, "f-2", "file", time),
        ("f-2", "warp", "op-w", done, "f-warp", "file", time),
        (None, "unknown", None, "not fetched", None, None, None),
    ]


def _steps(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    names = ["depth", "input_id", "task_id", "output_id"]
    return list(table[names].itertuples(index=False, name=None))


def test_trace_of_a_task_goes_both_ways(chain: pd.DataFrame) -> None:
    table = trace(chain, "warp")

    assert list(table.columns[:2]) == ["depth", "cycle"]
    assert not table["cycle"].any()
    assert _steps(table) == [
        (-2, "upload", "scan", "f-scan"),
        # The first page stays: the merge names the whole task.
        (-1, "f-scan", "split", "f-1"),
        (-1, "f-scan", "split", "f-2"),
        (0, "f-2", "warp", "f-warp"),
        (1, "split", "merge", "f-merge"),
        (1, "f-scan", "merge", "f-merge"),
        (1, "f-warp", "merge", "f-merge"),
    ]


def test_trace_of_a_file_leaves_out_its_sisters(chain: pd.DataFrame) -> None:
    without_merge = chain[chain["task_id"] != "merge"]

    assert _steps(trace(without_merge, "f-2")) == [
        (-2, "upload", "scan", "f-scan"),
        (-1, "f-scan", "split", "f-2"),
        (1, "f-2", "warp", "f-warp"),
    ]


def test_trace_of_an_upload_or_a_lost_file_starts_at_what_takes_it(chain: pd.DataFrame) -> None:
    assert _steps(trace(chain, "f-gone")) == [(1, "f-gone", "lost", "f-lost")]
    table = trace(chain, "upload")
    assert table["task_id"].unique().tolist() == ["scan", "merge", "split", "warp"]
    assert table["depth"].unique().tolist() == [1, 2, 3]
    assert table["input_kind"].iloc[0] == "outside"


def test_trace_survives_circles_and_shows_them(build: Build) -> None:
    frame = build(
        *_task("a", ["f-c"], [("f-a", 1)]),
        *_task("b", ["a"], [("f-b", 1)]),
        *_task("c", ["f-b"], [("f-c", 1)]),
        *_task("d", ["f-c", "f-0"], [("f-d", 1)]),
        *_task("self", ["self", "f-d"], [("f-self", 1)]),
        *_task("end", ["f-self"], [("f-end", 1)]),
        *_task("start", [], [("f-0", 1)]),
    )

    table = trace(frame, "d")

    circles = dict(zip(table["task_id"], table["cycle"], strict=True))
    # d stands between two circles: no order reaches it from either side.
    assert circles == {
        "a": True,
        "b": True,
        "c": True,
        "d": True,
        "self": True,
        "end": False,
        "start": False,
    }
    depths = dict(zip(table["task_id"], table["depth"], strict=True))
    assert depths == {"start": -1, "c": -1, "b": -2, "a": -3, "d": 0, "self": 1, "end": 2}
    # From f-b, a is as far one way as the other.
    around = trace(frame, "f-b").set_index("task_id")["depth"]
    assert around[["b", "c", "a", "d"]].to_dict() == {"b": -1, "c": 1, "a": 2, "d": 2}


def test_trace_of_an_unknown_id_says_what_to_do(chain: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="'nobody' is no task, file or input of this frame: fetch"):
        trace(chain, "nobody")


def test_size_change_pairs_what_is_known(chain: pd.DataFrame, rows_of: RowsOf) -> None:
    table = size_change(chain)

    assert list(table.columns) == ["operation", "pairs", "bytes_in", "bytes_out", "ratio_p50"]
    assert rows_of(table) == [
        ("op-l", 0, 0, 0, None),
        # All files of the split, the scan, and the warped page.
        ("op-m", 1, 400 + 300 + 1000 + 150, 3700, 2.0),
        # The scan takes an upload, whose size no task tells.
        ("op-s", 1, 1000, 700, 0.7),
        ("op-w", 1, 300, 150, 0.5),
    ]


def test_size_change_of_all_is_the_median_over_tasks(chain: pd.DataFrame, rows_of: RowsOf) -> None:
    assert rows_of(size_change(chain, by=None)) == [(3, 3150, 4550, 0.7)]


def test_size_change_leaves_out_a_task_of_which_one_size_is_not_known(
    build: Build, rows_of: RowsOf
) -> None:
    frame = build(
        *_task("a", [], [("f1", 10), ("f2", None), ("f0", 0)]),
        *_task("b", ["f1", "f2"], [("f3", 5)]),
        *_task("c", ["f1"], [("f4", 5), ("f5", None)]),
        *_task("d", ["a"], [("f6", 5)]),
        # Nothing in and something out is a pair, but no ratio.
        *_task("e", ["f0"], [("f7", 5)]),
    )

    assert rows_of(size_change(frame, by=None)) == [(1, 0, 5, None)]


def test_no_rows_are_no_steps() -> None:
    empty = schema.empty_frame()

    assert lineage(empty).empty
    assert size_change(empty).empty


@pytest.mark.parametrize("function", [lineage, size_change, lambda frame: trace(frame, "a")])
def test_other_engines_are_told_to_become_pandas(function: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"needs a pandas DataFrame, got Table: .* \.to_pandas\(\)"):
        function(pa.table({"task_id": ["a"]}))
