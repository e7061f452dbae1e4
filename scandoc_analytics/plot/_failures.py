"""How often tasks fail, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics.grain import key_names
from scandoc_analytics.plot import _canvas, _rows, _time
from scandoc_analytics.plot._colours import look
from scandoc_analytics.plot._status import folded, stacked
from scandoc_analytics.schema import FAILED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from scandoc_analytics.metrics.grain import By

__all__ = ["NOTHING_SETTLED", "failure_rate", "failures", "rates"]

NOTHING_SETTLED = "no settled tasks"
_TITLE = "Share of settled tasks that failed"
_MANY = 60
#: How groups of a few tasks are drawn.
_PALE = 0.4


def failures(frame: object, *, ax: Axes | None = None) -> Axes:
    """Draw why tasks failed, the most frequent reason at the top.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One bar for each reason, with its share of the failed tasks. Reasons that find no room
        share the last bar, whose label says how many they are.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "t", "status": "failed", "result": {"error": "Page 9 does not exist."}}
    >>> ax = sda.plot.failures(sda.flatten([payload]))
    >>> ax.get_title(loc="left"), [tick.get_text() for tick in ax.get_yticklabels()]
    ('1 failed task by reason', ['Page <n> does not exist.'])
    """
    table = metrics.failure_reasons(frame)
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table), lines=2))
    total = int(table["tasks"].sum())
    if not total:
        _canvas.title(ax, "Failed tasks by reason")
        return _canvas.empty(ax, frame, "no failed tasks")
    reasons = pd.Index(table["reason"], dtype="object")
    counts = folded(
        ax, pd.DataFrame({FAILED: table["tasks"].to_numpy()}, index=reasons), "other reasons"
    )
    stacked(ax, counts)
    _rows.label(ax, list(counts.index))
    tasks = counts[FAILED].tolist()
    texts = [f"{units.count_text(n)}, {units.share_text(n / total)}" for n in tasks]
    _rows.notes(ax, tasks, texts)
    _rows.along_counts(ax, "failed tasks")
    _canvas.title(ax, f"{units.counted(total, 'failed task')} by reason")
    _canvas.finish(ax, frame)
    return ax


def failure_rate(
    frame: object, *, by: By = None, every: str | None = None, ax: Axes | None = None
) -> Axes:
    r"""Draw the share of settled tasks that failed, with its 95 % Wilson interval.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one row for each of their values. Without
        `by` and `every` there is a row for each operation.
    every
        `"1h"`, `"1d"`, `"1w"` or `"1mo"`: one rate for the tasks created in each such period (UTC).
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        A dot or a line at the rate, and the interval around it. The groups with the most settled
        tasks are drawn; a last row says how many others there are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.failure_rate`; or both `by` and `every` are given.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [{"id": str(n), "operation": "scan", "status": "completed"} for n in range(9)]
    >>> frame = sda.flatten([*payloads, {"id": "9", "operation": "scan", "status": "failed"}])
    >>> ax = sda.plot.failure_rate(frame)
    >>> ax.get_title(loc="left"), [tick.get_text() for tick in ax.get_yticklabels()]
    ('1 of 10 settled tasks failed: 10.0 %', ['scan\n1 of 10 failed'])
    """
    if every is None:
        return _by_group(frame, "operation" if by is None else by, ax)
    if key_names(by):
        msg = (
            f"by={by!r} and every={every!r} make more lines than one picture holds: draw one of "
            "them, from a frame that is filtered to one value of the other"
        )
        raise ValueError(msg)
    return _over_time(frame, every, _canvas.axes(ax))


def _by_group(frame: object, by: By, ax: Axes | None) -> Axes:
    table = metrics.failure_rate(frame, by=by)
    table = table[table["settled"] > 0].sort_values("settled", ascending=False, kind="stable")
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table), lines=2))
    settled, failed = int(table["settled"].sum()), int(table["failed"].sum())
    if table.empty:
        _canvas.title(ax, _TITLE)
        return _canvas.empty(ax, frame, NOTHING_SETTLED)
    tasks = units.counted(settled, "settled task")
    share = units.share_text(failed / settled)
    fact = f"{units.count_text(failed)} of {tasks} failed: {share}"
    return rates(frame, table.reset_index(drop=True), key_names(by), fact, ax)


def rates(frame: object, table: pd.DataFrame, keys: list[str], fact: str, ax: Axes) -> Axes:
    """Draw a rate and its interval for each row, of too many those with the most settled tasks."""
    keep = _rows.kept(ax, len(table))
    rest, table = len(table) - keep, table.nlargest(keep, "settled").sort_index()
    colour, _, marker = look(FAILED)
    table = table.assign(_row=np.arange(len(table)), _small=table.get("small", default=False))
    for small, part in table.groupby("_small"):
        alpha = _PALE if small else 1.0
        low, high = part["rate_low"], part["rate_high"]
        ax.hlines(part["_row"], low, high, color=colour, linewidth=5, alpha=0.35 * alpha)
        ax.plot(
            part["rate"].to_numpy(),
            part["_row"].to_numpy(),
            linestyle="",
            marker=marker,
            color=colour,
            markersize=6,
            alpha=alpha,
            clip_on=False,
        )
    _rows.label_with_rest(ax, _rows.names(table, keys), _details(table), rest)
    ax.set_xlim(0, min(table["rate_high"].max() * 1.06, 1))
    ax.xaxis.set_major_locator(MaxNLocator(_rows.ticks(ax)))
    ax.xaxis.set_major_formatter(FuncFormatter(_percent))
    ax.set_xlabel("failed share, with its 95 % interval", fontsize=_canvas.SMALL)
    _canvas.title(ax, fact)
    _canvas.finish(ax, frame)
    return ax


def _details(table: pd.DataFrame) -> list[str]:
    medians = {"seconds_p50": units.duration_text, "bytes_p50": units.bytes_text}
    details = []
    for _, row in table.iterrows():
        parts = [f"{units.count_text(row['failed'])} of {units.count_text(row['settled'])} failed"]
        parts += [
            text(row[name]) for name, text in medians.items() if name in row and pd.notna(row[name])
        ]
        details.append(", ".join(parts))
    return details


def _over_time(frame: object, every: str, ax: Axes) -> Axes:
    table = metrics.failure_rate(frame, every=every)
    undated = int(table.loc[table["period"].isna(), "settled"].sum())
    table = table.dropna(subset="period")
    _canvas.title(ax, f"{_TITLE}, per {_time.NOUNS[every].split()[0]} of creation")
    if table["settled"].sum() == 0:
        nothing = "no settled task has a time of creation" if undated else NOTHING_SETTLED
        return _canvas.empty(ax, frame, nothing)
    starts = _time.days(table["period"])
    colour, _, marker = look(FAILED)
    # Periods without a settled task have no rate: the line has a gap there.
    if len(table) > _MANY:
        ax.fill_between(
            starts, table["rate_low"], table["rate_high"], color=colour, alpha=0.25, linewidth=0
        )
        ax.plot(starts, table["rate"], color=colour, linewidth=1.2)
    else:
        ax.vlines(
            starts, table["rate_low"], table["rate_high"], color=colour, linewidth=4, alpha=0.3
        )
        ax.plot(
            starts,
            table["rate"],
            color=colour,
            linewidth=1,
            marker=marker,
            markersize=5,
            clip_on=False,
        )
    _time.along_periods(ax, starts, every)
    ax.yaxis.set_major_formatter(FuncFormatter(_percent))
    ax.set_ylim(0, min(table["rate_high"].max() * 1.06, 1))
    ax.set_ylabel("failed share, with its 95 % interval", fontsize=_canvas.SMALL)
    ax.grid(axis="y", alpha=0.25, linewidth=0.6)
    notes = [f"{units.count_text(undated)} without a time of creation"] if undated else []
    _canvas.finish(ax, frame, *notes)
    return ax


def _percent(value: float, _: object) -> str:
    return f"{round(100 * value, 6):g} %"
