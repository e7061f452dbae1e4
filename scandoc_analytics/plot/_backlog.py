"""What waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics.grain import key_names
from scandoc_analytics.plot import _canvas, _rows
from scandoc_analytics.plot._status import folded, stacked
from scandoc_analytics.schema import PENDING, PROCESSING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from matplotlib.axes import Axes

    from scandoc_analytics.metrics.grain import By

__all__ = ["backlog"]


def backlog(
    frame: object,
    *,
    by: By = "operation",
    now: datetime | str | None = None,
    stuck_after: float | timedelta | str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what has not settled, and say how long the oldest of it has waited and what is stuck.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one bar for each of their values.
    now, stuck_after
        As for `scandoc_analytics.backlog`.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One bar for each group with unsettled tasks, the longest at the top. Groups that find no
        room share the last bar, whose label says how many they are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.backlog`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "t", "operation": "scan", "status": "pending",
    ...            "created_at": "2026-10-01T08:00:00Z"}
    >>> ax = sda.plot.backlog(sda.flatten([payload]), now="2026-10-01T09:00:00Z")
    >>> ax.get_title(loc="left"), [text.get_text() for text in ax.texts][0]
    ('1 unsettled task, 1 of them stuck', '1, oldest 1 h, 1 stuck')
    """
    table = metrics.backlog(frame, by=by, now=now, stuck_after=stuck_after)
    table = table.assign(waiting=table[[PENDING, PROCESSING, "other"]].sum(axis=1))
    table = table[table["waiting"] > 0].sort_values("waiting", ascending=False, kind="stable")
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table)))
    if table.empty:
        _canvas.title(ax, "Unsettled tasks")
        return _canvas.empty(ax, frame, "no unsettled tasks")
    total, stuck = int(table["waiting"].sum()), int(table["stuck"].sum())
    table.index = _rows.names(table, key_names(by))
    drawn = [PROCESSING, PENDING, "other"]
    counts = folded(ax, table[[name for name in drawn if table[name].sum()]], "others")
    stacked(ax, counts)
    _rows.label(ax, list(counts.index))
    alone = len(counts) - (len(counts) < len(table))
    said = [_said(table.iloc[[row]]) for row in range(alone)]
    if alone < len(counts):
        said.append(_said(table.iloc[alone:]))
    _rows.notes(ax, counts.sum(axis=1).tolist(), said)
    _rows.along_counts(ax, "unsettled tasks")
    tail = f", {units.count_text(stuck)} of them stuck" if stuck else ", none of them stuck"
    _canvas.title(ax, f"{units.counted(total, 'unsettled task')}{tail}")
    _canvas.status_legend(ax, list(counts.columns))
    _canvas.finish(ax, frame)
    return ax


def _said(groups: pd.DataFrame) -> str:
    """How many tasks of these groups wait, for how long, and how many of them are stuck."""
    parts = [units.count_text(groups["waiting"].sum())]
    age_s = groups["oldest_age_s"].max()
    if pd.notna(age_s):
        parts.append(f"oldest {units.duration_text(age_s)}")
    if stuck := groups["stuck"].sum():
        parts.append(f"{units.count_text(stuck)} stuck")
    return ", ".join(parts)
