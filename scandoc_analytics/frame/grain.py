"""The flat frame with one row per task, or with one row per generated file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from scandoc_analytics.frame.payloads import to_json
from scandoc_analytics.schema import FILE_COLUMNS, INT, STR, TASK_TOTALS, TIME

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["check_flat", "per_file", "per_task"]

_SUMMED: Final = dict(zip(TASK_TOTALS, ("file_size_bytes", "file_page_count"), strict=True))
_NEEDED: Final = ("task_id", "updated_at", "file_count", *FILE_COLUMNS, "extra", "fetched_at")


def per_task(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per task, in the order in which the tasks first stand in the frame.

    Parameters
    ----------
    frame
        A flat frame. A task that stands in it more than once counts once: the answer fetched last
        wins, then the one updated last, then the lower one in the frame.

    Returns
    -------
    pandas.DataFrame
        The columns of the flat frame, but those of one file make room for `file_bytes_total` and
        `file_pages_total`. A total is 0 for a task without files, and missing where no file of
        the task states the number or the task could not be fetched. `extra` is without the part
        of the files.

    Raises
    ------
    ValueError
        Columns of the flat frame are missing.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> files = [{"id": "file_b", "properties": {"size": 24}},
    ...          {"id": "file_c", "properties": {"size": 40}}]
    >>> frame = flatten([{"id": "task_a", "status": "completed",
    ...                   "result": {"generated_files": files}}])
    >>> per_task(frame)[["task_id", "file_count", "file_bytes_total"]]
      task_id  file_count  file_bytes_total
    0  task_a           2                64
    """
    rows, codes = _latest(frame)
    _, first = np.unique(codes, return_index=True)
    tasks = rows.iloc[first].reset_index(drop=True)
    tasks["extra"] = _without_file(tasks["extra"])
    at = tasks.columns.get_loc("file_count")
    tasks = tasks.drop(columns=list(FILE_COLUMNS))
    no_files = (tasks["file_count"] == 0).fillna(value=False).to_numpy(dtype=bool)
    place = [name for name in rows.columns[:at] if name not in FILE_COLUMNS]
    for offset, (name, source) in enumerate(_SUMMED.items(), len(place) + 1):
        total = rows[source].groupby(codes).sum(min_count=1).reset_index(drop=True).astype(INT)
        tasks.insert(offset, name, total.mask(no_files, 0))
    return tasks


def per_file(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per generated file, all columns kept; tasks without files are left out.

    Parameters
    ----------
    frame
        A flat frame. A task that stands in it more than once counts once, as in `per_task`.

    Raises
    ------
    ValueError
        Columns of the flat frame are missing.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> files = [{"id": "file_b"}, {"id": "file_c"}]
    >>> frame = flatten([{"id": "task_a", "status": "pending"},
    ...                  {"id": "task_b", "status": "completed",
    ...                   "result": {"generated_files": files}}])
    >>> per_file(frame)[["task_id", "file_id"]]
      task_id file_id
    0  task_b  file_b
    1  task_b  file_c
    """
    rows, _ = _latest(frame)
    return rows[rows["file_index"].notna()].reset_index(drop=True)


def check_flat(frame: object, needed: tuple[str, ...]) -> None:
    """Refuse what is no flat frame.

    Raises
    ------
    TypeError
        It is no DataFrame.
    ValueError
        Which columns it lacks.
    """
    made_by = "flatten, list_tasks, fetch_tasks and load make flat frames"
    if not isinstance(frame, pd.DataFrame):
        msg = f"a flat frame was expected, not {type(frame).__name__}: {made_by}"
        raise TypeError(msg)
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        msg = f"this is no flat frame, it lacks {', '.join(missing)}: {made_by}"
        raise ValueError(msg)


def _latest(frame: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Rows of the newest answer about each task, each file once, and the number of their task.

    Tasks are numbered, and rows ordered, by where they first stand in the frame.
    """
    check_flat(frame, _NEEDED)
    task, _ = pd.factorize(frame["task_id"], use_na_sentinel=False)
    file = frame["file_index"].fillna(-1).to_numpy(dtype=np.int64)
    fetched = _as_numbers(frame["fetched_at"])
    updated = _as_numbers(frame["updated_at"])
    order = np.lexsort((np.arange(len(task)), updated, fetched, task))
    newest = order[np.flatnonzero(np.diff(task[order], append=-1))][task]
    keep = (fetched == fetched[newest]) & (updated == updated[newest])
    # Of two equally new answers the lower one wins, but one with files before one without.
    with_file = np.isin(task, task[keep & (file >= 0)])
    keep &= (file >= 0) | ~with_file
    pair, _ = pd.factorize(task * (file.max(initial=0) + 2) + file)
    _, first = np.unique(pair, return_index=True)
    _, last_kept = np.unique(pair[keep][::-1], return_index=True)
    kept = np.flatnonzero(keep)[::-1][last_kept]
    kept = kept[np.argsort(first[pair[kept]], kind="stable")]
    return frame.iloc[kept], task[kept]


def _as_numbers(times: pd.Series[Any]) -> NDArray[np.int64]:
    """Microseconds since the epoch; missing ones come before all others."""
    return times.astype(TIME).to_numpy(dtype="datetime64[us]").astype(np.int64)


def _without_file(extra: pd.Series[Any]) -> pd.Series[Any]:
    kept = [
        _drop_file(text) if isinstance(text, str) and '"file"' in text else text for text in extra
    ]
    return pd.Series(kept, index=extra.index, dtype=STR)


def _drop_file(text: str) -> str | None:
    members = json.loads(text)
    members.pop("file", None)
    return to_json(members, strict=False) if members else None
