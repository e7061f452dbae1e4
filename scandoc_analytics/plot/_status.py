"""Which states the tasks are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics.grain import key_names
from scandoc_analytics.plot import _canvas, _rows, _time
from scandoc_analytics.plot._colours import in_order, is_known

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from scandoc_analytics.metrics.grain import By

__all__ = ["stacked", "status_mix"]

_NONE = "no tasks"
#: Statuses that have a colour of their own in a large and in a small picture. The contract knows
#: four, and what was not fetched is one more.
_MOST_STATUSES = 8
_MOST_STATUSES_SMALL = 6
_SMALL_POINTS = 300
#: More bars than this are drawn without a gap between them.
_MANY = 60


def status_mix(
    frame: object, *, by: By = None, every: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how many tasks are in each status: bars, stacked where there is a group or a period.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one bar for each of their values.
    every
        `"1h"`, `"1d"`, `"1w"` or `"1mo"`: one bar for the tasks created in each such period (UTC).
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        Groups that find no room share the last bar, whose label says how many they are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.status_mix`; or both `by` and `every` are given.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> frame = sda.flatten([{"id": str(i), "status": "completed"} for i in range(3)])
    >>> ax = sda.plot.status_mix(frame)
    >>> ax.get_title(loc="left"), [text.get_text() for text in ax.get_yticklabels()]
    ('3 tasks by status', ['completed'])
    """
    keys = key_names(by)
    if keys and every is not None:
        msg = (
            f"by={by!r} and every={every!r} make more bars than one picture holds: draw one of "
            "them, from a frame that is filtered to one value of the other"
        )
        raise ValueError(msg)
    table = metrics.status_mix(frame, by=by, every=every)
    table["status"] = table["status"].fillna("(none)")
    if table.empty:
        ax = _canvas.axes(ax)
        _canvas.title(ax, "Tasks by status")
        return _canvas.empty(ax, frame, _NONE)
    if every is not None:
        return _over_time(frame, table, every, _canvas.axes(ax))
    return _by_group(frame, table, keys, ax) if keys else _one_mix(frame, table, ax)


def stacked(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw a bar in parts for each row of a table with one column of counts per status."""
    rows, left = np.arange(len(counts)), np.zeros(len(counts))
    for status, column in counts.items():
        width = column.to_numpy("float64")
        ax.barh(rows, width, left=left, height=0.72, **_canvas.patch(ax, str(status)))
        left += width


def _one_mix(frame: object, table: pd.DataFrame, ax: Axes | None) -> Axes:
    statuses = in_order(set(table["status"]))
    table = table.set_index("status").loc[statuses]
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table)))
    # A handful at most in any real account; what is beyond the room is one bar of them all.
    keep = _rows.kept(ax, len(table))
    names, tasks = statuses[:keep], table["tasks"].tolist()
    total = sum(tasks)
    if rest := statuses[keep:]:
        names.append(f"{len(rest)} other statuses")
        tasks = [*tasks[:keep], sum(tasks[keep:])]
    for row, (name, count) in enumerate(zip(names, tasks, strict=True)):
        ax.barh(row, count, height=0.72, **_canvas.patch(ax, name))
    _rows.label(ax, names)
    texts = [f"{units.count_text(n)}, {units.share_text(n / total)}" for n in tasks]
    _rows.notes(ax, tasks, texts)
    _rows.along_counts(ax, "tasks")
    _canvas.title(ax, f"{units.counted(total, 'task')} by status")
    _canvas.finish(ax, frame)
    return ax


def _by_group(frame: object, table: pd.DataFrame, keys: list[str], ax: Axes | None) -> Axes:
    table = table.assign(_name=_rows.names(table, keys))
    counts = table.pivot_table(
        index="_name", columns="status", values="tasks", aggfunc="sum", fill_value=0
    )
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    total, groups = int(counts.to_numpy().sum()), len(counts)
    ax = _canvas.axes(ax, height=_rows.height_inches(groups))
    counts = folded(ax, _few(ax, counts), "others")
    stacked(ax, counts)
    _rows.label(ax, list(counts.index))
    sums = counts.sum(axis=1).tolist()
    _rows.notes(ax, sums, [units.count_text(n) for n in sums])
    _rows.along_counts(ax, "tasks")
    _canvas.title(ax, f"{units.counted(total, 'task')} by {' and '.join(keys)}, by status")
    _canvas.status_legend(ax, list(counts.columns))
    _canvas.finish(ax, frame)
    return ax


def folded(ax: Axes, counts: pd.DataFrame, noun: str) -> pd.DataFrame:
    """The rows that find room, and one that sums the others up and says how many they are."""
    keep = _rows.kept(ax, len(counts))
    if keep == len(counts):
        return counts
    rest = counts.iloc[keep:].sum().to_frame(f"{len(counts) - keep} {noun}").T
    return pd.concat([counts.iloc[:keep], rest])


def _few(ax: Axes, counts: pd.DataFrame) -> pd.DataFrame:
    """The columns in the order of statuses; of the unknown ones those that are too many in one."""
    order = in_order(set(counts.columns))
    most = _MOST_STATUSES_SMALL if _canvas.room(ax)[0] < _SMALL_POINTS else _MOST_STATUSES
    if len(order) <= most:
        return counts[order]
    rest = [status for status in order if not is_known(status)][most - len(order) - 1 :]
    place = order.index(rest[0])
    summed = counts[rest].sum(axis=1)
    counts = counts[[status for status in order if status not in rest]]
    counts.insert(place, f"{len(rest)} other statuses", summed)
    return counts


def _over_time(frame: object, table: pd.DataFrame, every: str, ax: Axes) -> Axes:
    known = table.dropna(subset="period")
    undated = int(table["tasks"].sum() - known["tasks"].sum())
    _canvas.title(ax, f"Tasks created per {_time.NOUNS[every].split()[0]}, by status")
    if known.empty:
        return _canvas.empty(ax, frame, "no task has a time of creation")
    counts = known.pivot_table(
        index="period", columns="status", values="tasks", aggfunc="sum", fill_value=0
    )
    counts = _few(ax, counts)
    starts = _time.days(counts.index.to_series())
    bottom = np.zeros(len(counts))
    width = _time.DAYS[every] * (0.85 if len(counts) <= _MANY else 1)
    for status, column in counts.items():
        look = _canvas.patch(ax, str(status))
        if len(counts) > _MANY:
            # Edges would cover bars that are about as thin as they are.
            look |= {"linewidth": 0, "hatch": ""}
        height = column.to_numpy("float64")
        ax.bar(starts, height, bottom=bottom, width=width, **look)
        bottom += height
    _time.along_periods(ax, starts, every)
    _time.up_counts(ax, "tasks")
    _canvas.status_legend(ax, [str(status) for status in counts.columns])
    notes = [f"{units.count_text(undated)} without a time of creation"] if undated else []
    _canvas.finish(ax, frame, *notes)
    return ax
