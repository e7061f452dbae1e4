"""How often tasks fail, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain, periods, tables
from scandoc_analytics.metrics.rates import RATE_DTYPES, with_rate
from scandoc_analytics.metrics.reasons import normalised
from scandoc_analytics.metrics.status import count_by_status

if TYPE_CHECKING:
    import pandas as pd

    from scandoc_analytics.metrics.grain import By

__all__ = ["failure_rate", "failure_reasons"]


def failure_rate(frame: object, *, by: By = None, every: str | None = None) -> pd.DataFrame:
    """The share of settled tasks that failed, with its 95 % Wilson interval.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one rate for each of their values.
    every
        `"1h"`, `"1d"`, `"1w"` or `"1mo"`: one rate for the tasks created in each such period (UTC).

    Returns
    -------
    DataFrame
        The columns of `by`, `period` (its start) where `every` is given, `settled`, `failed`,
        `rate` (failed of settled, from 0 to 1), `rate_low` and `rate_high`. Rates are missing
        where nothing has settled. Each group has every period from the first to the last seen
        in the frame. Groups and periods ascend, missing ones last.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files, `every` is no period, or there
        would be more than two million rows.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> statuses = ["completed"] * 9 + ["failed", "pending"]
    >>> frame = sda.flatten([{"id": str(i), "status": s} for i, s in enumerate(statuses)])
    >>> sda.failure_rate(frame).round(4)
       settled  failed  rate  rate_low  rate_high
    0       10       1   0.1    0.0179     0.4042
    """
    keys = grain.key_names(by)
    if every is not None:
        periods.check(every)
    rows = grain.tasks(frame, ["status", "created_at"] if every else ["status"], by)
    table = count_by_status(rows, keys, every=every)
    table["settled"] = table["tasks"].where(table["status"].isin(schema.SETTLED), 0)
    table["failed"] = table["tasks"].where(table["status"].eq(schema.FAILED), 0)
    groups = keys if every is None else [*keys, "period"]
    table = tables.folded(table, groups, settled="sum", failed="sum")
    if every is not None:
        table = periods.with_empty(table, keys, every)
    return tables.finished(with_rate(table), groups, RATE_DTYPES)


def failure_reasons(frame: object, *, by: By = None) -> pd.DataFrame:
    """Why tasks failed, most frequent reason first.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: the reasons of each of their values.

    Returns
    -------
    DataFrame
        The columns of `by` ascending, missing last; `reason`, which is `error` with placeholders
        for ids, numbers, quoted names, paths, hex and times, so that equal causes count as one;
        `tasks`; `share` from 0 to 1 of the failed tasks of the group; `first_seen` and
        `last_seen`, when such tasks failed; `example_task_id`, the first id in the alphabet.
        The original texts stay in the frame.

    Raises
    ------
    ValueError
        `by` names a column that is not there or describes files.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> texts = ["Page 9 does not exist.", "Page 31 does not exist.", "Timed out."]
    >>> frame = sda.flatten(
    ...     [{"id": f"t{i}", "status": "failed", "result": {"error": text}}
    ...      for i, text in enumerate(texts)]
    ... )
    >>> sda.failure_reasons(frame)[["reason", "tasks", "example_task_id"]]
                         reason  tasks example_task_id
    0  Page <n> does not exist.      2              t0
    1                Timed out.      1              t2
    """
    keys = grain.key_names(by)
    needed = ["status", "error", "created_at", "updated_at"]
    rows = grain.tasks(frame, needed, by, where=nw.col("status") == schema.FAILED)
    rows = rows.with_columns(nw.coalesce("updated_at", "created_at").alias("_time"))
    table = engine.grouped(
        rows,
        list(dict.fromkeys([*keys, "error"])),
        tasks=nw.len(),
        first_seen=nw.col("_time").min(),
        last_seen=nw.col("_time").max(),
        example_task_id=nw.col("task_id").min(),
    )
    reasons = {text: normalised(text) for text in table["error"].unique()}
    table["reason"] = table["error"].map(reasons).astype(schema.STR)
    table = tables.folded(
        table,
        [*keys, "reason"],
        tasks="sum",
        first_seen="min",
        last_seen="max",
        example_task_id="min",
    )
    table["share"] = tables.share(table["tasks"], table, keys)
    numbers = {
        "reason": schema.STR,
        "tasks": "int64",
        "share": "float64",
        "first_seen": schema.TIME,
        "last_seen": schema.TIME,
        "example_task_id": schema.STR,
    }
    return tables.finished(table, keys, numbers, most="tasks", then=["reason"])
