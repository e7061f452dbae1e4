"""Which task takes what which task made: the frame as a graph, and how to walk it.

An input names a file, or a task, which stands for all files that it made. Walks follow inputs from
row to row, so they take pandas frames only. A circle of inputs ends no walk and breaks none.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine, grain
from scandoc_analytics.metrics.grain import FETCHED

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Graph", "blocked", "links", "parts", "reached"]

Graph: TypeAlias = "defaultdict[str, set[str]]"


def parts(
    frame: object, keys: Sequence[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Tasks, their inputs, and their files: three tables with one row for each."""
    if not isinstance(frame, pd.DataFrame):
        msg = (
            "following inputs from task to task needs a pandas DataFrame, "
            f"got {type(frame).__name__}: turn it into one first, such as by .to_pandas()"
        )
        raise TypeError(msg)
    needed = ["operation", "status", "created_at", "input_ids", FETCHED]
    tasks = engine.collect(grain.tasks(frame, needed, keys))
    status = tasks["status"].astype(schema.STR)
    tasks["status"] = status.mask(status.isna() & ~tasks[FETCHED], schema.NOT_FETCHED)
    files = engine.collect(grain.files(frame, ["file_size_bytes"]))
    inputs = tasks[["task_id", "input_ids"]].explode("input_ids").dropna()
    inputs = inputs.rename(columns={"input_ids": "input_id"}).astype({"input_id": schema.STR})
    return tasks, inputs, files


def links(inputs: pd.DataFrame, files: pd.DataFrame) -> tuple[Graph, Graph]:
    """From each task to those that take what it made; and from each to those it takes from."""
    makers = files.dropna(subset="file_id").drop_duplicates("file_id").set_index("file_id")
    maker_ids = inputs["input_id"].map(makers["task_id"]).fillna(inputs["input_id"])
    downward: Graph = defaultdict(set)
    upward: Graph = defaultdict(set)
    for maker, taker in zip(maker_ids, inputs["task_id"], strict=True):
        downward[maker].add(taker)
        upward[taker].add(maker)
    return downward, upward


def reached(graph: Graph, start: set[str], depth: int, step: int) -> dict[str, int]:
    """Each task that can be reached, with the least number of steps to it."""
    depths: dict[str, int] = {}
    while start:
        depths |= dict.fromkeys(start, depth)
        start = {after for task in start for after in graph.get(task, ())} - depths.keys()
        depth += step
    return depths


def blocked(graph: Graph, inside: set[str]) -> set[str]:
    """The tasks that no order can reach, because they are on a circle or beyond one."""
    sorter = TopologicalSorter({task: graph.get(task, set()) & inside for task in inside})
    with contextlib.suppress(CycleError):
        sorter.prepare()
    left = set(inside)
    while ready := sorter.get_ready():
        left.difference_update(ready)
        sorter.done(*ready)
    return left
