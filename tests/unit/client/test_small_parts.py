"""Dates as users write them, and rows put in the place of others."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.client.merging import replace_tasks
from scandoc_analytics.client.task_ids import checked_ids
from scandoc_analytics.client.timespan import first_moment, last_moment
from scandoc_analytics.frame import flatten


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31 23:59:59.999999"),
        ("2026-02", "2026-02-01", "2026-02-28 23:59:59.999999"),
        (" 2026-02-03 ", "2026-02-03", "2026-02-03 23:59:59.999999"),
        ("2026-02-03T04:05", "2026-02-03 04:05", "2026-02-03 04:05"),
        ("2026-02-03T04:05+05:00", "2026-02-02 23:05", "2026-02-02 23:05"),
    ],
)
def test_moments(text: str, first: str, last: str) -> None:
    assert first_moment(text) == pd.Timestamp(first, tz="UTC")
    assert last_moment(text) == pd.Timestamp(last, tz="UTC")


def test_no_moment() -> None:
    assert first_moment(None) is None
    assert last_moment(None) is None


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool)))
def test_each_id_once_in_its_first_place(ids: list[str]) -> None:
    checked = checked_ids(ids)
    assert len(set(checked)) == len(checked)
    assert set(checked) == set(ids)
    assert [ids.index(task_id) for task_id in checked] == sorted(map(ids.index, checked))


def test_new_rows_stand_where_the_old_ones_stood() -> None:
    old = flatten([{"id": name, "status": "pending", "operation": "scan"} for name in "abc"])
    two = [{"id": "file_1"}, {"id": "file_2"}]
    new = flatten(
        [
            {"id": "b", "status": "completed", "result": {"generated_files": two}},
            {"id": "x", "status": "failed"},
        ]
    )
    merged = replace_tasks(old, new, ["b"])
    assert merged["task_id"].tolist() == ["a", "b", "b", "c"]
    assert merged["file_id"].tolist()[1:3] == ["file_1", "file_2"]
    assert merged["status"].cat.categories.tolist() == ["completed", "pending"]
    assert merged["operation"].isna().tolist() == [False, True, True, False]
    assert merged.index.tolist() == [0, 1, 2, 3]
