"""How large the generated files are. A file counts once, however many rows repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain, tables

if TYPE_CHECKING:
    import pandas as pd

    from scandoc_analytics.metrics.grain import By

__all__ = ["largest", "size_summary"]

_LARGEST: Final = {
    "file_id": schema.STR,
    "file_name": schema.STR,
    "file_type": schema.STR,
    "file_size_bytes": schema.INT,
    "file_width_px": schema.INT,
    "file_height_px": schema.INT,
    "file_page_count": schema.INT,
    "task_id": schema.STR,
    "operation": schema.STR,
    "created_at": schema.TIME,
}


def size_summary(frame: object, *, by: By = "file_type") -> pd.DataFrame:
    """How many files there are, and how large.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns, of the file or of its task: one row for each of their values.

    Returns
    -------
    DataFrame
        The columns of `by` ascending, missing last; `files`; `bytes_total`; `bytes_mean`,
        `bytes_p50`, `bytes_p95` (linear interpolation) and `bytes_max` of the files whose size is
        known; `pages_total`, 0 for types without pages; `megapixels_p50` of the files with known
        width and height. Tasks without files are in no row.

    Raises
    ------
    ValueError
        `by` names a column that is not there.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> files = [
    ...     {"id": f"f{n}", "type": "application/pdf", "properties": {"size": n * 100}}
    ...     for n in (1, 2, 6)
    ... ]
    >>> frame = sda.flatten([{"id": "t", "result": {"generated_files": files}}])
    >>> table = sda.size_summary(frame)
    >>> table[["file_type", "files", "bytes_total", "bytes_mean", "bytes_p50", "bytes_max"]]
             file_type  files  bytes_total  bytes_mean  bytes_p50  bytes_max
    0  application/pdf      3          900       300.0      200.0        600
    """
    measures = ["file_size_bytes", "file_width_px", "file_height_px", "file_page_count"]
    rows = grain.files(frame, measures, by)
    size = nw.col("file_size_bytes").cast(nw.Float64)
    width, height = nw.col("file_width_px"), nw.col("file_height_px")
    rows = rows.with_columns(
        size.alias("_bytes"), (width.cast(nw.Float64) * height / 1e6).alias("_megapixels")
    )
    keys = grain.key_names(by)
    table = engine.grouped(
        rows,
        keys,
        files=nw.len(),
        bytes_total=nw.col("file_size_bytes").sum(),
        bytes_mean=nw.col("_bytes").mean(),
        bytes_p50=nw.col("_bytes").quantile(0.5, "linear"),
        bytes_p95=nw.col("_bytes").quantile(0.95, "linear"),
        bytes_max=nw.col("file_size_bytes").max(),
        pages_total=nw.col("file_page_count").sum(),
        megapixels_p50=nw.col("_megapixels").quantile(0.5, "linear"),
    )
    table[["bytes_total", "pages_total"]] = table[["bytes_total", "pages_total"]].fillna(0)
    dtypes = {
        "files": "int64",
        "bytes_total": "int64",
        "pages_total": "int64",
        "bytes_max": "Int64",
    }
    numbers = {name: dtypes.get(name, "float64") for name in table.columns[len(keys) :]}
    return tables.finished(table, keys, numbers)


def largest(frame: object, n: int = 10) -> pd.DataFrame:
    """The generated files with the most bytes.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    n
        How many files.

    Returns
    -------
    DataFrame
        `file_id`, `file_name`, `file_type`, `file_size_bytes`, `file_width_px`, `file_height_px`,
        `file_page_count`, `task_id`, `operation` and the task's `created_at`; the largest first,
        between equals by `file_id`. Files of unknown size are left out.

    Raises
    ------
    ValueError
        `n` is negative.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> files = [{"id": f"f{n}", "properties": {"size": n * 100}} for n in (1, 6, 2)]
    >>> frame = sda.flatten([{"id": "t", "result": {"generated_files": files}}])
    >>> sda.largest(frame, 2)[["file_id", "file_size_bytes"]]
      file_id  file_size_bytes
    0      f6              600
    1      f2              200
    """
    rows = grain.files(frame, _LARGEST)
    return engine.top(rows, "file_size_bytes", n, _LARGEST, ties=["file_id", "task_id"])
