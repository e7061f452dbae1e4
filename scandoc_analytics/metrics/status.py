"""Which states the tasks are in, and how much of what was asked for is there.

A task counts once, however many files it made. A requested id that has no payload counts as
`not fetched`, so that a share is never a share of less than was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain, periods, tables
from scandoc_analytics.metrics.grain import FETCHED, By

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["count_by_status", "coverage", "status_mix"]


def status_mix(frame: object, *, by: By = None, every: str | None = None) -> pd.DataFrame:
    """How many tasks are in each status.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one mix for each of their values.
    every
        `"1h"`, `"1d"`, `"1w"` or `"1mo"`: one mix for the tasks created in each such period (UTC).

    Returns
    -------
    DataFrame
        The columns of `by`, `period` (its start) where `every` is given, `status`, `tasks`, and
        `share` from 0 to 1 of the tasks of the same group and period. A task without a time of
        creation has a missing period. Groups and periods ascend, missing ones last; the most
        frequent status comes first.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files, or `every` is no period.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> statuses = ["completed", "completed", "completed", "failed"]
    >>> frame = sda.flatten([{"id": str(i), "status": s} for i, s in enumerate(statuses)])
    >>> sda.status_mix(frame)
          status  tasks  share
    0  completed      3   0.75
    1     failed      1   0.25
    """
    keys = grain.key_names(by)
    if every is not None:
        periods.check(every)
    needed = ["status", FETCHED, "created_at"] if every else ["status", FETCHED]
    rows = grain.tasks(frame, needed, by)
    table = count_by_status(rows, keys, every=every)
    groups = [*keys, "period"] if every else keys
    table["share"] = tables.share(table["tasks"], table, groups)
    numbers = {"status": schema.STR, "tasks": "int64", "share": "float64"}
    return tables.finished(table, groups, numbers, most="tasks", then=["status"])


def count_by_status(
    rows: engine.Rows, keys: Sequence[str], *, every: str | None = None, time: str = "created_at"
) -> pd.DataFrame:
    """`tasks` by key, `status` and, with `every`, `period` of a time.

    The rows are those of `grain.tasks`, with `status` and the time among their columns. Where
    `FETCHED` is one too, tasks that were not fetched have a status of their own.
    """
    inner = list(dict.fromkeys([*keys, "status"]))
    if every is None:
        return tables.folded(_labelled(rows, inner), inner, tasks="sum")
    table = _labelled(engine.hours(rows, time, "_hour"), [*inner, "_hour"])
    table["period"] = periods.from_hours(table["_hour"], every)
    return tables.folded(table, [*inner, "period"], tasks="sum")


def coverage(frame: object) -> pd.DataFrame:
    """How much of what was asked for is there, how fresh it is, and what came from the cache.

    Parameters
    ----------
    frame
        A flat frame of any engine.

    Returns
    -------
    DataFrame
        One row. `requested`: tasks asked for, which is the sum of the next three. `fetched`:
        those with a payload. `not_found`: the account has no such id. `failed`: the request
        failed for another reason, and may succeed when it is repeated. `unsettled`: fetched tasks
        that were neither completed nor failed. `from_cache`: fetched tasks whose answer came from
        the cache. `oldest_answer` and `newest_answer`: when the service gave the answers.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> frame = sda.flatten([{"id": "a", "status": "completed"}, {"id": "b", "status": "pending"}])
    >>> sda.coverage(frame)[["requested", "fetched", "not_found", "failed", "unsettled"]]
       requested  fetched  not_found  failed  unsettled
    0          2        2          0       0          1
    """
    rows = grain.tasks(frame, ["status", "from_cache", "fetched_at", "fetch_error", FETCHED])
    absent = nw.col("fetch_error").str.starts_with("not found").alias("_absent")
    table = engine.grouped(
        rows.with_columns(absent),
        ["status", "from_cache", FETCHED, "_absent"],
        tasks=nw.len(),
        oldest=nw.col("fetched_at").min(),
        newest=nw.col("fetched_at").max(),
    )
    fetched = table[FETCHED].astype(bool)
    absent_ids = table["_absent"].fillna(value=False).astype(bool)
    kinds = {
        "requested": fetched | True,
        "fetched": fetched,
        "not_found": ~fetched & absent_ids,
        "failed": ~fetched & ~absent_ids,
        "unsettled": fetched & ~table["status"].isin(schema.SETTLED),
        "from_cache": fetched & table["from_cache"].fillna(value=False).astype(bool),
    }
    row = {kind: [int(table.loc[mask, "tasks"].sum())] for kind, mask in kinds.items()}
    return pd.DataFrame(row).assign(
        oldest_answer=tables.as_time(pd.Series([table["oldest"].min()])),
        newest_answer=tables.as_time(pd.Series([table["newest"].max()])),
    )


def _labelled(rows: engine.Rows, keys: Sequence[str]) -> pd.DataFrame:
    if FETCHED not in rows.columns:
        return engine.grouped(rows, keys, tasks=nw.len())
    table = engine.grouped(rows, [*keys, FETCHED], tasks=nw.len())
    missed = ~table[FETCHED].astype(bool) & table["status"].isna()
    table.loc[missed, "status"] = schema.NOT_FETCHED
    return table
