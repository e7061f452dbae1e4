from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics import schema
from scandoc_analytics.metrics import duration_summary, size_summary, status_mix

if TYPE_CHECKING:
    from collections.abc import Callable

Build: TypeAlias = "Callable[..., pd.DataFrame]"
RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"
_EARLY, _LATE = "2026-10-01T08:00:00Z", "2026-10-01T09:00:00Z"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"fetched_at": _EARLY}, {"fetched_at": _LATE}),
        ({"fetched_at": _EARLY, "updated_at": _LATE}, {"fetched_at": _LATE, "updated_at": _EARLY}),
        ({"updated_at": _EARLY}, {"updated_at": _LATE}),
        ({"fetch_error": "timed out", "status": None}, {"fetched_at": _EARLY}),
        ({"fetch_error": "timed out", "status": None}, {"updated_at": _EARLY}),
        ({"status": "pending"}, {"status": "processing"}),
    ],
)
def test_of_two_answers_about_a_task_the_newest_counts(
    old: dict[str, Any], new: dict[str, Any], build: Build, rows_of: RowsOf
) -> None:
    rows = [
        {"task_id": "a", "status": "failed", **old},
        {"task_id": "b", "status": "failed", "fetched_at": _LATE},
        {"task_id": "a", "status": "processing", **new},
    ]

    for frame in (build(*rows), build(*reversed(rows)), build(*rows, *rows)):
        assert rows_of(status_mix(frame)) == [("failed", 1, 0.5), ("processing", 1, 0.5)]


def test_an_index_of_any_kind_changes_nothing(month: pd.DataFrame) -> None:
    odd = month.set_index(pd.Index([0] * len(month), name="task_id"))

    pd.testing.assert_frame_equal(duration_summary(odd), duration_summary(month))


def test_keys_of_every_kind_have_plain_dtypes(month: pd.DataFrame) -> None:
    frame = month.assign(
        customer=pd.Series(["a", None] * 5 + ["a"], dtype="object"),
        score=pd.Series([0.5, None] * 5 + [0.5]),
    )
    frame["day"] = frame["created_at"].dt.tz_localize(None)
    keys = ["operation", "customer", "score", "from_cache", "file_count", "fetched_at", "day"]

    dtypes = status_mix(frame, by=keys).dtypes

    assert [dtypes[key] for key in keys] == [
        schema.STR,
        schema.STR,
        schema.FLOAT,
        schema.BOOL,
        schema.INT,
        schema.TIME,
        schema.TIME,
    ]


def test_a_name_given_twice_is_one_key(month: pd.DataFrame) -> None:
    table = status_mix(month, by=["operation", "operation"])

    assert list(table.columns) == ["operation", "status", "tasks", "share"]


def test_an_unknown_column_names_the_close_ones(month: pd.DataFrame) -> None:
    with pytest.raises(
        ValueError, match=r"no column 'operatoin': did you mean 'operation'\? its columns are task_"
    ):
        status_mix(month, by="operatoin")
    with pytest.raises(ValueError, match="no column 'customer': its columns are task_id, opera"):
        size_summary(month, by="customer")


def test_tasks_cannot_be_counted_by_a_property_of_files(month: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"by='file_type' describes files.* size_summary counts"):
        status_mix(month, by="file_type")


def test_lists_are_no_keys(month: pd.DataFrame) -> None:
    with pytest.raises(TypeError, match="by='input_ids' holds lists or objects"):
        status_mix(month, by="input_ids")


@pytest.mark.parametrize("wrong", [None, [1, 2], {"task_id": ["a"]}, "tasks.parquet"])
def test_what_is_no_frame_is_named(wrong: object) -> None:
    name = type(wrong).__name__
    with pytest.raises(TypeError, match=f"expected a flat frame .*got {name}: make one with fetch"):
        status_mix(wrong)
