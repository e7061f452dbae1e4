"""The one vocabulary: statuses, and the columns of the flat frame with their dtypes.

The flat frame has one row per generated file, and one row for a task without files. Every column
is always there, with the same dtype, also in an empty frame, on pandas 2.3 and 3.x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pandas.api.extensions import ExtensionDtype

__all__ = [
    "CATEGORY",
    "COLUMNS",
    "COMPLETED",
    "FAILED",
    "FILE_COLUMNS",
    "NOT_FETCHED",
    "PENDING",
    "PROCESSING",
    "SCHEMA_VERSION",
    "SETTLED",
    "TASK_TOTALS",
    "columns",
    "empty_frame",
]

#: Grows when a column is added, renamed or changes its meaning; written into snapshots.
SCHEMA_VERSION: Final = 1

PENDING: Final = "pending"
PROCESSING: Final = "processing"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
#: Statuses that do not change any more. Any other status, unknown ones included, is unsettled.
SETTLED: Final = frozenset({COMPLETED, FAILED})
#: What metrics call the status of a requested id that has no payload. The service never says it.
NOT_FETCHED: Final = "not fetched"

# `str` on both pandas lines: 2.3 would infer object, so the dtype is always given.
STR: Final = pd.StringDtype(na_value=np.nan)
INT: Final = pd.Int64Dtype()
FLOAT: Final = np.dtype("float64")
BOOL: Final = pd.BooleanDtype()
TIME: Final = pd.DatetimeTZDtype("us", "UTC")
LISTS: Final = np.dtype("object")
#: An open category: its categories are the values seen, so that an unknown one survives.
CATEGORY: Final = pd.CategoricalDtype(categories=pd.Index([], dtype=STR))

COLUMNS: Final[dict[str, ExtensionDtype | np.dtype]] = {
    "task_id": STR,
    "operation": CATEGORY,
    "status": CATEGORY,
    "created_at": TIME,
    "updated_at": TIME,
    "duration_s": FLOAT,
    "input_ids": LISTS,
    "param_name": STR,
    "param_effect": STR,
    "param_target_format": STR,
    "param_format": STR,
    "param_pages": STR,
    "param_scan_mode": STR,
    "param_quality": INT,
    "param_dpi": INT,
    "callback_url": STR,
    "error": STR,
    "error_details": STR,
    "document_count": INT,
    "text_format": STR,
    "text_length": INT,
    "file_count": INT,
    "file_index": INT,
    "file_id": STR,
    "file_name": STR,
    "file_type": CATEGORY,
    "file_size_bytes": INT,
    "file_width_px": INT,
    "file_height_px": INT,
    "file_page_count": INT,
    "file_created_at": TIME,
    "extra": STR,
    "fetched_at": TIME,
    "from_cache": BOOL,
    "fetch_error": STR,
}

#: The columns that describe one generated file; `file_count` describes the task.
FILE_COLUMNS: Final = tuple(
    name for name in COLUMNS if name.startswith("file_") and name != "file_count"
)
#: What stands in their place where there is one row per task.
TASK_TOTALS: Final[dict[str, ExtensionDtype]] = {"file_bytes_total": INT, "file_pages_total": INT}


def columns(*, text: bool = False) -> dict[str, ExtensionDtype | np.dtype]:
    """Name and dtype of each column, in order; ``text=True`` adds `text` after `text_length`."""
    if not text:
        return dict(COLUMNS)
    with_text: dict[str, ExtensionDtype | np.dtype] = {}
    for name, dtype in COLUMNS.items():
        with_text[name] = dtype
        if name == "text_length":
            with_text["text"] = STR
    return with_text


def empty_frame(*, text: bool = False) -> pd.DataFrame:
    """A flat frame of no rows, with every column and its dtype.

    Examples
    --------
    >>> frame = empty_frame()
    >>> len(frame), frame["created_at"].dtype
    (0, datetime64[us, UTC])
    """
    return pd.DataFrame(
        {name: pd.Series([], dtype=dtype) for name, dtype in columns(text=text).items()}
    )
