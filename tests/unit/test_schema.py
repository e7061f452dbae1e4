"""The columns of the flat frame, as they are promised."""

from __future__ import annotations

import pandas as pd

from scandoc_analytics import schema

PROMISED = {
    "task_id": "str",
    "operation": "category",
    "status": "category",
    "created_at": "datetime64[us, UTC]",
    "updated_at": "datetime64[us, UTC]",
    "duration_s": "float64",
    "input_ids": "object",
    "param_name": "str",
    "param_effect": "str",
    "param_target_format": "str",
    "param_format": "str",
    "param_pages": "str",
    "param_scan_mode": "str",
    "param_quality": "Int64",
    "param_dpi": "Int64",
    "callback_url": "str",
    "error": "str",
    "error_details": "str",
    "document_count": "Int64",
    "text_format": "str",
    "text_length": "Int64",
    "file_count": "Int64",
    "file_index": "Int64",
    "file_id": "str",
    "file_name": "str",
    "file_type": "category",
    "file_size_bytes": "Int64",
    "file_width_px": "Int64",
    "file_height_px": "Int64",
    "file_page_count": "Int64",
    "file_created_at": "datetime64[us, UTC]",
    "extra": "str",
    "fetched_at": "datetime64[us, UTC]",
    "from_cache": "boolean",
    "fetch_error": "str",
}


def test_columns_of_an_empty_frame() -> None:
    frame = schema.empty_frame()
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == PROMISED
    assert list(frame.columns) == list(PROMISED)
    assert isinstance(frame["status"].dtype, pd.CategoricalDtype)
    assert len(frame["status"].cat.categories) == 0


def test_text_stands_after_its_length() -> None:
    names = list(schema.columns(text=True))
    assert names[names.index("text_length") + 1] == "text"
    assert [name for name in names if name != "text"] == list(PROMISED)
    assert str(schema.empty_frame(text=True)["text"].dtype) == "str"


def test_file_columns_leave_the_count_to_the_task() -> None:
    assert schema.FILE_COLUMNS == (
        "file_index",
        "file_id",
        "file_name",
        "file_type",
        "file_size_bytes",
        "file_width_px",
        "file_height_px",
        "file_page_count",
        "file_created_at",
    )
