"""What comes in, what goes out, and what waits between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from scandoc_analytics import schema, units
from scandoc_analytics.metrics import engine, grain, periods, tables
from scandoc_analytics.metrics.durations import SECONDS, seconds
from scandoc_analytics.metrics.grain import FETCHED, By
from scandoc_analytics.metrics.status import count_by_status

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["backlog", "throughput"]

_LEAST_STUCK_S = 600.0


def throughput(frame: object, *, every: str = "1d", by: By = None) -> pd.DataFrame:
    """How many tasks were created, completed and failed in each period.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    every
        `"1h"`, `"1d"`, `"1w"` (from Monday) or `"1mo"`, in UTC.
    by
        Name or names of columns that describe a task: one series for each of their values.

    Returns
    -------
    DataFrame
        The columns of `by`; `period`, its start; `created`, by `created_at`; `completed` and
        `failed`, by `updated_at`. Each group has every period from the first to the last seen in
        the frame, with zeros where nothing happened. Tasks whose time is not known, those that
        could not be fetched among them, count in a row whose period is missing. Groups and
        periods ascend, missing ones last.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files, `every` is no period, or there
        would be more than two million rows.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> days = [("2026-10-01", "2026-10-01"), ("2026-10-01", "2026-10-03")]
    >>> frame = sda.flatten(
    ...     [{"id": a + b, "status": "completed", "created_at": f"{a}T08:00:00Z",
    ...       "updated_at": f"{b}T08:01:00Z"} for a, b in days]
    ... )
    >>> sda.throughput(frame)
                         period  created  completed  failed
    0 2026-10-01 00:00:00+00:00        2          1       0
    1 2026-10-02 00:00:00+00:00        0          0       0
    2 2026-10-03 00:00:00+00:00        0          1       0
    """
    keys = grain.key_names(by)
    periods.check(every)
    rows = grain.tasks(frame, ["status", "created_at", "updated_at"], by)
    begun = count_by_status(rows, keys, every=every, time="created_at")
    ended = count_by_status(rows, keys, every=every, time="updated_at")
    done = ended["tasks"].where(ended["status"].eq(schema.COMPLETED), 0)
    failed = ended["tasks"].where(ended["status"].eq(schema.FAILED), 0)
    ended = ended.assign(created=0, completed=done, failed=failed)
    both = pd.concat(
        [
            begun.assign(created=begun["tasks"], completed=0, failed=0),
            ended[ended["status"].isin(schema.SETTLED)],
        ]
    )
    groups = [*keys, "period"]
    table = tables.folded(both, groups, created="sum", completed="sum", failed="sum")
    table = periods.with_empty(table, keys, every)
    return tables.finished(
        table, groups, dict.fromkeys(("created", "completed", "failed"), "int64")
    )


def backlog(
    frame: object,
    *,
    by: By = "operation",
    now: datetime | str | None = None,
    stuck_after: float | timedelta | str | None = None,
) -> pd.DataFrame:
    """What has not settled, how long the oldest of it has waited, and what looks stuck.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one row for each of their values.
    now
        The moment at which the age is taken, in UTC unless it says otherwise. By default the
        newest `fetched_at`, else the newest `updated_at`, else the newest `created_at`: a saved
        frame gives the same answer next year.
    stuck_after
        Age from which an unsettled task counts as stuck: seconds, a timedelta, or a text such as
        `"30min"`. By default the 99th percentile of the durations of settled tasks of the same
        operation, and never less than ten minutes.

    Returns
    -------
    DataFrame
        The columns of `by` ascending, missing last; `pending` and `processing` tasks;
        `oldest_age_s`, seconds since the oldest unsettled task was created; `stuck`; `other`,
        unsettled tasks of any other status. A group whose tasks have all settled has zeros. Ids
        that could not be fetched are in no row.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files; `now` is no time; `stuck_after`
        is no length of time or negative.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "t", "operation": "scan", "status": "pending",
    ...            "created_at": "2026-10-01T08:00:00Z"}
    >>> sda.backlog(sda.flatten([payload]), now="2026-10-01T09:00:00Z")
      operation  pending  processing  oldest_age_s  stuck  other
    0      scan        1           0        3600.0      1      0
    """
    limit_s: float | pd.Series[Any] | None
    limit_s = None if stuck_after is None else _seconds_of(stuck_after)
    moment = None if now is None else _moment_of(now)
    keys = grain.key_names(by)
    times = ["fetched_at", "updated_at", "created_at"]
    rows = grain.tasks(frame, ["operation", "status", "duration_s", *times, FETCHED], by)
    if moment is None:
        newest = engine.collect(rows.select(nw.col(*times).max()))
        known = [newest[time].iloc[0] for time in times if newest[time].notna().any()]
        moment = tables.as_time(pd.Series(known[:1] or [pd.NaT])).iloc[0]
    rows = rows.filter(nw.col(FETCHED))
    settled = nw.col("status").is_in(list(schema.SETTLED))
    # What waits is little beside what has settled: it comes over task by task.
    waiting = engine.collect(
        rows.filter(nw.col("status").is_null() | ~settled).select(
            *dict.fromkeys([*keys, "operation", "status", "created_at"])
        )
    )
    status = waiting["status"].astype(schema.STR)
    age_s = (moment - tables.as_time(waiting["created_at"])).dt.total_seconds()
    if limit_s is None:
        limit_s = _limits(rows, waiting["operation"].astype(schema.STR))
    waiting = waiting.assign(
        pending=status.eq(schema.PENDING),
        processing=status.eq(schema.PROCESSING),
        oldest_age_s=age_s,
        stuck=age_s > limit_s,
        other=~status.isin([schema.PENDING, schema.PROCESSING]),
    )
    groups = engine.grouped(rows, keys, tasks=nw.len())
    counts = ["pending", "processing", "stuck", "other"]
    waiting = waiting.astype({**dict.fromkeys(counts, "int64"), **groups[keys].dtypes})
    none = groups.assign(**dict.fromkeys(counts, 0), oldest_age_s=float("nan"))
    table = tables.folded(
        pd.concat([none, waiting])[[*keys, *counts, "oldest_age_s"]],
        keys,
        pending="sum",
        processing="sum",
        oldest_age_s="max",
        stuck="sum",
        other="sum",
    )
    numbers = {**dict.fromkeys(table.columns[len(keys) :], "int64"), "oldest_age_s": "float64"}
    return tables.finished(table, keys, numbers)


def _limits(rows: engine.Rows, operations: pd.Series[Any]) -> pd.Series[Any]:
    slow = engine.grouped(
        rows.with_columns(seconds()), ["operation"], p99=nw.col(SECONDS).quantile(0.99, "linear")
    )
    known = slow.dropna().set_index("operation")["p99"].astype("float64")
    return operations.map(known).astype("float64").clip(lower=_LEAST_STUCK_S).fillna(_LEAST_STUCK_S)


def _seconds_of(length: float | timedelta | str) -> float:
    try:
        span = units.parse_duration(length) if isinstance(length, str) else length
    except ValueError as error:
        msg = f"stuck_after={length!r} is no length of time: use seconds or a text such as '30min'"
        raise ValueError(msg) from error
    seconds_ = span.total_seconds() if isinstance(span, timedelta) else float(span)
    if not seconds_ >= 0:
        msg = f"stuck_after={length!r} is negative or missing: use 0 seconds or more"
        raise ValueError(msg)
    return seconds_


def _moment_of(now: datetime | str) -> pd.Timestamp:
    if bool(pd.isna(now)):
        msg = f"now={now!r} is missing: leave it out to take the newest answer's time"
        raise ValueError(msg)
    try:
        moment = pd.Timestamp(now)
    except (ValueError, TypeError) as error:
        msg = f"now={now!r} is no time: use a datetime, or a text such as '2026-10-31T08:00:00Z'"
        raise ValueError(msg) from error
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
