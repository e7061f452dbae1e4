"""What comes in and what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

from scandoc_analytics import metrics, units
from scandoc_analytics.plot import _canvas, _time
from scandoc_analytics.plot._colours import look
from scandoc_analytics.schema import COMPLETED, FAILED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["throughput"]

#: More points than this are drawn without their marks.
_MANY = 60


def throughput(frame: object, *, every: str = "1d", ax: Axes | None = None) -> Axes:
    """Draw how many tasks were created, completed and failed in each period.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    every
        `"1h"`, `"1d"`, `"1w"` (from Monday) or `"1mo"`, in UTC.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        Three lines, with a point for each period from the first to the last seen. The last period
        may not be over yet: the footer says of when the answers are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.throughput`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "t", "status": "completed", "created_at": "2026-10-01T08:00:00Z",
    ...            "updated_at": "2026-10-01T08:01:00Z"}
    >>> ax = sda.plot.throughput(sda.flatten([payload]))
    >>> ax.get_title(loc="left"), [line.get_ydata().tolist() for line in ax.lines]
    ('Tasks created, completed and failed per day', [[1], [1], [0]])
    """
    table = metrics.throughput(frame, every=every)
    ax = _canvas.axes(ax)
    noun = _time.NOUNS[every].split()[0]
    _canvas.title(ax, f"Tasks created, completed and failed per {noun}")
    undated = int(table.loc[table["period"].isna(), "created"].sum())
    table = table.dropna(subset="period")
    if table.empty:
        nothing = "no task has a time of creation" if undated else "no tasks"
        return _canvas.empty(ax, frame, nothing)
    starts = _time.days(table["period"])
    entries = []
    for name in ("created", COMPLETED, FAILED):
        colour, _, marker = look(name)
        created = name == "created"
        (line,) = ax.plot(
            starts,
            table[name].to_numpy(),
            color=mpl.rcParams["text.color"] if created else colour,
            linestyle="--" if created else "-",
            linewidth=1.1 if created else 1.6,
            marker="" if len(table) > _MANY else "." if created else marker,
            markersize=4,
            clip_on=False,
        )
        entries.append((name, line))
    _time.along_periods(ax, starts, every)
    _time.up_counts(ax, "tasks")
    _canvas.legend(ax, entries)
    notes = [f"{units.count_text(undated)} without a time of creation"] if undated else []
    _canvas.finish(ax, frame, *notes)
    return ax
