"""How long tasks take. Only settled tasks have a duration: the others are counted beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain, tables
from scandoc_analytics.metrics.grain import FETCHED, By

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SECONDS", "duration_summary", "seconds", "slowest"]

#: A known duration that can be true: a negative one shows that clocks disagreed.
SECONDS: Final = "_seconds"
_SLOWEST: Final = {
    "task_id": schema.STR,
    "operation": schema.STR,
    "status": schema.STR,
    "created_at": schema.TIME,
    "updated_at": schema.TIME,
    "duration_s": "float64",
    "file_count": schema.INT,
    "error": schema.STR,
}


def seconds() -> nw.Expr:
    """`duration_s` where it is known and not negative, else missing."""
    duration = nw.col("duration_s")
    # NaN is above every number in some engines, so it is shut out from above.
    return nw.when((duration >= 0) & (duration < math.inf)).then(duration).alias(SECONDS)


def duration_summary(frame: object, *, by: By = "operation") -> pd.DataFrame:
    """How long settled tasks took, from creation to their last change of status.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one row for each of their values.

    Returns
    -------
    DataFrame
        The columns of `by` ascending, missing last; `tasks`; `settled` and `unsettled` among
        those that could be fetched; `seconds_p50`, `seconds_p90`, `seconds_p95`, `seconds_p99`
        (linear interpolation) and `seconds_max` of the settled tasks whose duration is known and
        not negative; `negative`, the settled tasks left out of these because they ended before
        they began.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> start, end = "2026-10-01T08:00:00Z", "2026-10-01T08:00:{:02}Z"
    >>> payloads = [
    ...     {"id": str(n), "operation": "scan", "status": "completed",
    ...      "created_at": start, "updated_at": end.format(n)}
    ...     for n in (2, 4, 12)
    ... ]
    >>> table = sda.duration_summary(sda.flatten(payloads))
    >>> table[["operation", "settled", "unsettled", "seconds_p50", "seconds_p90", "seconds_max"]]
      operation  settled  unsettled  seconds_p50  seconds_p90  seconds_max
    0      scan        3          0          4.0         10.4         12.0
    """
    keys = grain.key_names(by)
    rows = grain.tasks(frame, ["status", "duration_s", FETCHED], by).with_columns(
        seconds(),
        nw.col("status").is_in(list(schema.SETTLED)).cast(nw.Int64).alias("_settled"),
        (nw.col("duration_s") < 0).cast(nw.Int64).alias("_negative"),
        nw.col(FETCHED).cast(nw.Int64).alias("_unsettled"),
    )
    percentiles = {
        f"seconds_p{p}": nw.col(SECONDS).quantile(p / 100, "linear") for p in (50, 90, 95, 99)
    }
    table = engine.grouped(
        rows,
        keys,
        tasks=nw.len(),
        settled=nw.col("_settled").sum(),
        unsettled=nw.col("_unsettled").sum(),
        **percentiles,
        seconds_max=nw.col(SECONDS).max(),
        negative=nw.col("_negative").sum(),
    )
    table = table.fillna({"settled": 0, "negative": 0})
    table["unsettled"] -= table["settled"]
    counts = ("tasks", "settled", "unsettled", "negative")
    numbers = {
        name: "int64" if name in counts else "float64" for name in table.columns[len(keys) :]
    }
    return tables.finished(table, keys, numbers)


def slowest(frame: object, n: int = 10) -> pd.DataFrame:
    """The settled tasks that took longest.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    n
        How many tasks.

    Returns
    -------
    DataFrame
        `task_id`, `operation`, `status`, `created_at`, `updated_at`, `duration_s`, `file_count`
        and `error`; the longest duration first, between equals by `task_id`.

    Raises
    ------
    ValueError
        `n` is negative.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> start, end = "2026-10-01T08:00:00Z", "2026-10-01T08:00:{:02}Z"
    >>> payloads = [
    ...     {"id": f"t{n}", "status": "completed", "created_at": start, "updated_at": end.format(n)}
    ...     for n in (2, 12, 4)
    ... ]
    >>> sda.slowest(sda.flatten(payloads), 2)[["task_id", "duration_s"]]
      task_id  duration_s
    0     t12        12.0
    1      t4         4.0
    """
    rows = grain.tasks(frame, _SLOWEST).with_columns(seconds())
    return engine.top(rows, SECONDS, n, _SLOWEST, ties=["task_id"])
