"""What a parameter of an operation does to failures, durations and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import narwhals.stable.v2 as nw
import pandas as pd

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain, tables
from scandoc_analytics.metrics.durations import SECONDS, seconds
from scandoc_analytics.metrics.rates import RATE_DTYPES, with_rate

if TYPE_CHECKING:
    from scandoc_analytics.metrics.grain import By

__all__ = ["parameter_effect"]

_FEW_TASKS: Final = 20
_PREFIX: Final = "param_"


def parameter_effect(frame: object, parameter: str, *, by: By = "operation") -> pd.DataFrame:
    """Failures, durations and sizes for each value of one parameter.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    parameter
        Name of a parameter, such as `"quality"`, or of its column, `"param_quality"`.
    by
        Name or names of columns that describe a task, since a value means little across
        operations.

    Returns
    -------
    DataFrame
        The columns of `by`; `value`, missing for tasks that leave the parameter out; `tasks`;
        `settled`; `failed`; `rate`, failed of settled, with the 95 % Wilson interval `rate_low`
        to `rate_high`; `seconds_p50`, the median duration; `bytes_p50`, the median over tasks of
        the bytes of all files that a task made; `small`, true for fewer than 20 tasks, whose
        numbers say little. Groups and values ascend, missing ones last.

    Raises
    ------
    ValueError
        There is no such parameter; or `by` names a column that is not there or describes files.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": str(n), "operation": "convert", "status": "completed",
    ...      "parameters": {"target_format": "image/webp", "quality": quality},
    ...      "result": {"generated_files": [
    ...         {"id": f"f{n}", "properties": {"size": quality * 1000}}]}}
    ...     for n, quality in enumerate([80, 80, 60])
    ... ]
    >>> table = sda.parameter_effect(sda.flatten(payloads), "quality")
    >>> table[["operation", "value", "tasks", "bytes_p50", "small"]]
      operation  value  tasks  bytes_p50  small
    0   convert     60      1    60000.0   True
    1   convert     80      2    80000.0   True
    """
    column = parameter if parameter.startswith(_PREFIX) else f"{_PREFIX}{parameter}"
    if column not in schema.COLUMNS:
        names = [name.removeprefix(_PREFIX) for name in schema.COLUMNS if name.startswith(_PREFIX)]
        msg = f"there is no parameter {parameter!r}: use one of {', '.join(names)}"
        raise ValueError(msg)
    keys = grain.key_names(by)
    rows = grain.tasks(frame, ["status", "duration_s", column], by)
    rows = rows.with_columns(
        seconds(),
        nw.col("status").is_in(list(schema.SETTLED)).cast(nw.Int64).alias("_settled"),
        (nw.col("status") == schema.FAILED).cast(nw.Int64).alias("_failed"),
        nw.col(column).alias("value"),
    )
    size = nw.col("file_size_bytes")
    made = grain.files(frame, ["file_size_bytes"]).filter(~size.is_null())
    made = made.with_columns(size.cast(nw.Float64))
    total = made.group_by("task_id").agg(size.sum().alias("_bytes"))
    table = engine.grouped(
        rows.join(cast("Any", total), on="task_id", how="left"),
        [*keys, "value"],
        tasks=nw.len(),
        settled=nw.col("_settled").sum(),
        failed=nw.col("_failed").sum(),
        seconds_p50=nw.col(SECONDS).quantile(0.5, "linear"),
        bytes_p50=nw.col("_bytes").quantile(0.5, "linear"),
    )
    table = with_rate(table.fillna({"settled": 0, "failed": 0}))
    if table["value"].isna().all():
        # Some engines cannot tell the type of a column that is empty.
        table["value"] = pd.Series(index=table.index, dtype=schema.COLUMNS[column])
    table["small"] = table["tasks"] < _FEW_TASKS
    numbers = {
        "tasks": "int64",
        **RATE_DTYPES,
        "seconds_p50": "float64",
        "bytes_p50": "float64",
        "small": "bool",
    }
    return tables.finished(table, [*keys, "value"], numbers)
