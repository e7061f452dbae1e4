"""What a task does to the size of what goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from scandoc_analytics.metrics import chains, engine, grain, tables
from scandoc_analytics.metrics.grain import FETCHED

if TYPE_CHECKING:
    from scandoc_analytics.metrics.grain import By

__all__ = ["size_change"]


def size_change(frame: object, *, by: By = "operation") -> pd.DataFrame:
    """How many bytes come out of a task for those that go in.

    Parameters
    ----------
    frame
        A flat pandas frame.
    by
        Name or names of columns that describe a task: one row for each of their values.

    Returns
    -------
    DataFrame
        The columns of `by` ascending, missing last; `pairs`, the tasks of which the bytes of every
        input and of every output are known, which takes that the frame also holds the tasks that
        made the inputs; `bytes_in` and `bytes_out`, summed over these tasks; `ratio_p50`, the
        median over these tasks of out divided by in, where something went in. Groups without a
        pair have zeros. Ids that could not be fetched are in no row.

    Raises
    ------
    TypeError
        The frame is not a pandas one.
    ValueError
        `by` names a column that is not there or describes files.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": "t1", "operation": "scan",
    ...      "result": {"generated_files": [{"id": "f1", "properties": {"size": 400}}]}},
    ...     {"id": "t2", "operation": "warp", "parameters": {"input": "f1"},
    ...      "result": {"generated_files": [{"id": "f2", "properties": {"size": 100}}]}},
    ... ]
    >>> sda.size_change(sda.flatten(payloads))
      operation  pairs  bytes_in  bytes_out  ratio_p50
    0      scan      0         0          0        NaN
    1      warp      1       400        100       0.25
    """
    keys = grain.key_names(by)
    tasks, inputs, files = chains.parts(frame, keys)
    made = _known_sums(files["file_size_bytes"], files["task_id"])
    sizes = pd.concat([files.set_index("file_id")["file_size_bytes"].astype("float64"), made])
    sizes = sizes[sizes.index.notna() & ~sizes.index.duplicated()]
    taken = _known_sums(inputs["input_id"].map(sizes), inputs["task_id"])
    tasks = tasks[tasks[FETCHED]]
    bytes_in = tasks["task_id"].map(taken).astype("float64")
    bytes_out = tasks["task_id"].map(made).astype("float64")
    paired = bytes_in.notna() & bytes_out.notna()
    tasks = tasks.assign(
        paired=paired,
        bytes_in=bytes_in.where(paired, 0),
        bytes_out=bytes_out.where(paired, 0),
        ratio=(bytes_out / bytes_in).where(paired & (bytes_in > 0)),
    )
    table = engine.grouped(
        engine.known(tasks),
        keys,
        pairs=nw.col("paired").sum(),
        bytes_in=nw.col("bytes_in").sum(),
        bytes_out=nw.col("bytes_out").sum(),
        ratio_p50=nw.col("ratio").quantile(0.5, "linear"),
    )
    numbers = {**dict.fromkeys(("pairs", "bytes_in", "bytes_out"), "int64"), "ratio_p50": "float64"}
    return tables.finished(table, keys, numbers)


def _known_sums(sizes: pd.Series[Any], task_ids: pd.Series[Any]) -> pd.Series[Any]:
    """Bytes of each task; missing where the size of one of its files is not known."""
    sums = sizes.astype("float64").groupby(task_ids).sum()
    unknown = sizes.isna().groupby(task_ids).any()
    return sums.mask(unknown)
