from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics.metrics import largest, size_summary

if TYPE_CHECKING:
    from collections.abc import Callable

RowsOf: TypeAlias = "Callable[[pd.DataFrame], list[tuple[Any, ...]]]"


def test_size_summary_counts_files_once(month: pd.DataFrame, rows_of: RowsOf) -> None:
    table = size_summary(month)

    assert list(table.columns) == [
        "file_type",
        "files",
        "bytes_total",
        "bytes_mean",
        "bytes_p50",
        "bytes_p95",
        "bytes_max",
        "pages_total",
        "megapixels_p50",
    ]
    assert rows_of(table) == [
        ("application/pdf", 2, 400, 200.0, 200.0, pytest.approx(290), 300, 2, None),
        ("image/png", 1, 1000, 1000.0, 1000.0, 1000.0, 1000, 0, 2.0),
        (None, 1, 0, None, None, None, None, 0, None),
    ]


def test_size_summary_of_all_and_by_a_column_of_the_task(
    month: pd.DataFrame, rows_of: RowsOf
) -> None:
    assert rows_of(size_summary(month, by=None)) == [
        (4, 1400, pytest.approx(1400 / 3), 300.0, pytest.approx(930), 1000, 2, 2.0)
    ]
    assert [row[:3] for row in rows_of(size_summary(month, by=["operation"]))] == [
        ("scan", 1, 1000),
        ("split", 2, 400),
        (None, 1, 0),
    ]


def test_files_without_an_id_are_told_apart_by_their_place(
    build: Callable[..., pd.DataFrame], rows_of: RowsOf
) -> None:
    rows = [
        {"task_id": task, "file_index": index, "file_size_bytes": 10, "file_type": "image/png"}
        for task, index in (("a", 0), ("a", 1), ("a", 1), ("b", 0))
    ]

    assert rows_of(size_summary(build(*rows)))[0][:3] == ("image/png", 3, 30)


def test_largest_first_and_equals_by_id(month: pd.DataFrame, rows_of: RowsOf) -> None:
    equal = month.iloc[[2]].assign(file_id="f0", file_index=5)

    table = largest(pd.concat([month, equal]), 10)

    assert rows_of(table)[0] == (
        "f1",
        "Größe 一",
        "image/png",
        1000,
        1000,
        2000,
        None,
        "t1",
        "scan",
        "2026-10-05T09:00:00+00:00",
    )
    assert list(table["file_id"]) == ["f1", "f2", "f0", "f3"]
    assert list(largest(pd.concat([month, equal]), 3)["file_id"]) == ["f1", "f2", "f0"]


@pytest.mark.parametrize("n", [0, 2])
def test_largest_gives_no_more_rows_than_asked(n: int, month: pd.DataFrame) -> None:
    assert len(largest(month, n)) == n


def test_largest_refuses_a_negative_number(month: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="n=-1 rows cannot be shown: use 0 or more"):
        largest(month, -1)
