"""What was made of what: which task took which file, and which file it made."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import schema
from scandoc_analytics.metrics import chains, tables

if TYPE_CHECKING:
    from scandoc_analytics.metrics.tables import Dtype

__all__ = ["FILE", "OUTSIDE", "TASK", "lineage", "trace"]

#: What an input names: a file or a task of the frame, or something the frame does not hold.
FILE: Final = "file"
TASK: Final = "task"
OUTSIDE: Final = "outside"

_TASK: Final = ("task_id", "operation", "status", "created_at")
_EDGE: Final[dict[str, Dtype]] = {
    "input_id": schema.STR,
    "task_id": schema.STR,
    "operation": schema.STR,
    "status": schema.STR,
    "output_id": schema.STR,
    "input_kind": schema.STR,
    "created_at": schema.TIME,
}


def lineage(frame: object) -> pd.DataFrame:
    """Every step from an input through a task to a generated file.

    Parameters
    ----------
    frame
        A flat pandas frame.

    Returns
    -------
    DataFrame
        One row for each pair of an input and an output of a task: `input_id`, missing where a
        task names none; `task_id`; `operation`; `status`; `output_id`, missing where a task made
        no file; `input_kind`, which is `file` or `task` for what is in the frame, and `outside`
        for an upload or what was not fetched; `created_at` of the task. In the order of creation,
        then by `task_id`, and inside a task as the service lists inputs and files.

    Raises
    ------
    TypeError
        The frame is not a pandas one.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": "t1", "operation": "scan", "parameters": {"input": "upload"},
    ...      "result": {"generated_files": [{"id": "f1"}]}},
    ...     {"id": "t2", "operation": "convert", "parameters": {"input": "f1",
    ...      "target_format": "image/png"}, "result": {"generated_files": [{"id": "f2"}]}},
    ... ]
    >>> sda.lineage(sda.flatten(payloads))[["input_id", "task_id", "output_id", "input_kind"]]
      input_id task_id output_id input_kind
    0   upload      t1        f1    outside
    1       f1      t2        f2       file
    """
    return _edges(*chains.parts(frame))


def trace(frame: object, any_id: str) -> pd.DataFrame:
    """Everything that one file or task was made of, and everything made of it.

    Parameters
    ----------
    frame
        A flat pandas frame.
    any_id
        Id of a task, of a generated file, or of an input.

    Returns
    -------
    DataFrame
        Steps as `lineage` has them, with two columns before: `depth`, the least number of tasks
        away, negative upstream, 0 for the task itself, positive downstream, and downstream where
        both ways are equally long; and `cycle`, true for a task in a circle of inputs, or between
        two of them. Ordered from the furthest
        upstream to the furthest downstream, then as `lineage`.

    Raises
    ------
    TypeError
        The frame is not a pandas one.
    ValueError
        The id is in no row.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": f"t{n}", "parameters": {"input": f"f{n - 1}"},
    ...      "result": {"generated_files": [{"id": f"f{n}"}]}} for n in (1, 2, 3)
    ... ]
    >>> sda.trace(sda.flatten(payloads), "f2")[["depth", "input_id", "task_id", "output_id"]]
       depth input_id task_id output_id
    0     -2       f0      t1        f1
    1     -1       f1      t2        f2
    2      1       f2      t3        f3
    """
    tasks, inputs, files = chains.parts(frame)
    is_task = any_id in set(tasks["task_id"])
    makers = {any_id} if is_task else set(files.loc[files["file_id"] == any_id, "task_id"])
    named = inputs["input_id"].isin({any_id, *makers})
    takers = {any_id} if is_task else set(inputs.loc[named, "task_id"])
    if not makers and not takers:
        msg = (
            f"{any_id!r} is no task, file or input of this frame: fetch its task, or the tasks "
            "that take it as input"
        )
        raise ValueError(msg)
    downward, upward = chains.links(inputs, files)
    first = 0 if is_task else 1
    depths = chains.reached(downward, takers, first, 1)
    for task, depth in chains.reached(upward, makers, -first, -1).items():
        if abs(depth) < abs(depths.get(task, math.inf)):
            depths[task] = depth

    inside = set(depths)
    edges = _edges(*(part[part["task_id"].isin(inside)] for part in (tasks, inputs, files)))
    edges["input_kind"] = _kinds(edges["input_id"], tasks, files)
    edges.insert(0, "depth", edges["task_id"].map(depths).astype("int64"))
    circling = chains.blocked(downward, inside) & chains.blocked(upward, inside)
    edges.insert(1, "cycle", edges["task_id"].isin(circling))
    # Other files of a task upstream are no part of what was asked about.
    used = {any_id, *inputs.loc[inputs["task_id"].isin(inside), "input_id"]}
    beside = edges["output_id"].notna() & ~edges[["task_id", "output_id"]].isin(used).any(axis=1)
    edges = edges[~(beside & (edges["depth"] < 0))]
    return edges.sort_values("depth", kind="stable", ignore_index=True)


def _edges(tasks: pd.DataFrame, inputs: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    tasks = tasks.sort_values(["created_at", "task_id"])[list(_TASK)]
    files = files.sort_values("file_index", kind="stable")[["task_id", "file_id"]]
    # Both merges keep the order of their left side, and of the right side inside a task.
    edges = tasks.merge(inputs, on="task_id", how="left").merge(files, on="task_id", how="left")
    edges["input_kind"] = _kinds(edges["input_id"], tasks, files)
    edges = edges.rename(columns={"file_id": "output_id"})
    return tables.finished(edges, [], _EDGE)


def _kinds(input_ids: pd.Series[Any], tasks: pd.DataFrame, files: pd.DataFrame) -> pd.Series[Any]:
    kinds = pd.Series(OUTSIDE, index=input_ids.index, dtype=schema.STR)
    kinds[input_ids.isin(tasks["task_id"])] = TASK
    kinds[input_ids.isin(files["file_id"])] = FILE
    return kinds.where(input_ids.notna())
