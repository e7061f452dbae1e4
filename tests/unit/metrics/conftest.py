"""Flat frames by hand, without the code that flattens payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest

from scandoc_analytics import schema

if TYPE_CHECKING:
    from collections.abc import Callable

Build: TypeAlias = "Callable[..., pd.DataFrame]"


def _frame(*rows: dict[str, Any]) -> pd.DataFrame:
    columns: dict[str, pd.Series[Any]] = {}
    for name, dtype in schema.COLUMNS.items():
        values: pd.Series[Any] = pd.Series([row.get(name) for row in rows], dtype="object")
        if dtype == schema.TIME:
            columns[name] = pd.to_datetime(values, utc=True, format="ISO8601").astype(schema.TIME)
        elif dtype == schema.CATEGORY:
            columns[name] = values.astype(schema.STR).astype("category")
        else:
            columns[name] = values.astype(dtype)
    return pd.DataFrame(columns)


@pytest.fixture(scope="session")
def build() -> Build:
    """Turn rows, given as dicts of the columns that matter, into a whole flat frame."""
    return _frame


@pytest.fixture(scope="session")
def month() -> pd.DataFrame:
    """Nine tasks that between them have what people fight over."""
    day = "2026-10-{:02}T{}Z".format
    scan = {"operation": "scan", "input_ids": ["upload-1"]}
    split = {
        "task_id": "t2",
        "operation": "split",
        "status": "completed",
        "created_at": day(5, "10:00:00"),
        "updated_at": day(5, "10:00:30"),
        "duration_s": 30.0,
        "input_ids": ["f1"],
        "file_count": 2,
        "fetched_at": day(31, "12:00:00"),
        "from_cache": True,
        "file_type": "application/pdf",
        "file_page_count": 1,
    }
    return _frame(
        {
            **scan,
            "task_id": "t1",
            "status": "completed",
            "created_at": day(5, "09:00:00"),
            "updated_at": day(5, "09:00:10"),
            "duration_s": 10.0,
            "file_count": 1,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": True,
            "param_quality": 80,
            "file_index": 0,
            "file_id": "f1",
            "file_name": "Größe 一",
            "file_type": "image/png",
            "file_size_bytes": 1000,
            "file_width_px": 1000,
            "file_height_px": 2000,
        },
        # One task, two files; then the first of its rows again.
        {**split, "file_index": 0, "file_id": "f2", "file_size_bytes": 300},
        {**split, "file_index": 1, "file_id": "f3", "file_size_bytes": 100},
        {**split, "file_index": 0, "file_id": "f2", "file_size_bytes": 300},
        {
            **scan,
            "task_id": "t3",
            "status": "failed",
            "created_at": day(5, "23:59:59"),
            "updated_at": day(7, "00:00:00"),
            "duration_s": 20.0,
            "error": "Page 12 of file_nfnycndvjv5tbmoq is missing",
            "file_count": 0,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": False,
            "param_quality": 80,
        },
        {
            **scan,
            "task_id": "t4",
            "status": "failed",
            "created_at": day(7, "08:00:00"),
            "updated_at": day(7, "08:01:00"),
            "duration_s": 60.0,
            "error": "Page 3 of file_z2cljcsyflb2c8ni is missing",
            "file_count": 0,
            "fetched_at": day(31, "12:00:01"),
            "from_cache": False,
            "param_quality": 60,
        },
        # The clock ran backwards; and nobody knows the operation.
        {
            "task_id": "t5",
            "status": "completed",
            "created_at": day(7, "08:00:00"),
            "updated_at": day(7, "07:59:58"),
            "duration_s": -2.0,
            "file_count": 1,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": False,
            "file_index": 0,
            "file_name": "no id, no type, no size",
        },
        {
            **scan,
            "task_id": "t6",
            "status": "pending",
            "created_at": day(31, "11:55:01"),
            "updated_at": day(31, "11:55:01"),
            "file_count": 0,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": False,
        },
        {
            **scan,
            "task_id": "t7",
            "status": "processing",
            "created_at": day(31, "11:00:01"),
            "updated_at": day(31, "11:00:02"),
            "file_count": 0,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": False,
        },
        {
            "task_id": "t8",
            "operation": "split",
            "status": "paused",
            "created_at": day(31, "11:00:01"),
            "updated_at": day(31, "11:00:01"),
            "file_count": 0,
            "fetched_at": day(31, "12:00:00"),
            "from_cache": False,
        },
        {"task_id": "t9", "fetch_error": "not found: the account has no task 't9'"},
    )


@pytest.fixture(scope="session")
def rows_of() -> Callable[[pd.DataFrame], list[tuple[Any, ...]]]:
    """Each row of a table as a tuple; None for what is missing, ISO text for a time."""

    def shown(value: Any) -> Any:
        if pd.isna(value):
            return None
        return value.isoformat() if isinstance(value, pd.Timestamp) else value

    def rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
        return [tuple(map(shown, row)) for row in table.itertuples(index=False, name=None)]

    return rows
