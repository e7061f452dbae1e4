"""What a parameter does to failures, and an operation to sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics.grain import key_names
from scandoc_analytics.plot import _canvas, _rows
from scandoc_analytics.plot._colours import BLUE
from scandoc_analytics.plot._failures import NOTHING_SETTLED, rates

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from scandoc_analytics.metrics.grain import By

__all__ = ["parameter_effect", "size_change"]

_NO_PAIRS: Final = "no task whose files in and out are both known"


def parameter_effect(
    frame: object, parameter: str, *, by: By = "operation", ax: Axes | None = None
) -> Axes:
    r"""Draw the failed share for each value of one parameter, with its 95 % Wilson interval.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    parameter
        Name of a parameter, such as `"quality"`.
    by
        Name or names of columns that describe a task: one row for each of their values and each
        value of the parameter.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        A dot at the rate and the interval around it, pale for fewer than 20 tasks; beside each
        name stand the median duration and the median of the bytes that a task made. The groups
        with the most settled tasks are drawn; a last row says how many others there are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.parameter_effect`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": str(n), "operation": "convert", "status": status,
    ...      "parameters": {"target_format": "image/webp", "quality": 80}}
    ...     for n, status in enumerate(["completed", "failed"])
    ... ]
    >>> ax = sda.plot.parameter_effect(sda.flatten(payloads), "quality")
    >>> ax.get_title(loc="left"), [tick.get_text() for tick in ax.get_yticklabels()]
    ('Failed share of settled tasks by quality', ['convert · 80\n1 of 2 failed'])
    """
    table = metrics.parameter_effect(frame, parameter, by=by)
    fact = f"Failed share of settled tasks by {parameter.removeprefix('param_')}"
    table = table[table["settled"] > 0].reset_index(drop=True)
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table), lines=2))
    if table.empty:
        _canvas.title(ax, fact)
        return _canvas.empty(ax, frame, NOTHING_SETTLED)
    return rates(frame, table, [*key_names(by), "value"], fact, ax)


def size_change(frame: pd.DataFrame, *, by: By = "operation", ax: Axes | None = None) -> Axes:
    r"""Draw how many times as large what comes out of a task is as what goes in.

    Parameters
    ----------
    frame
        A flat pandas frame.
    by
        Name or names of columns that describe a task: one row for each of their values.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        A bar from 1, where nothing changes, to the median ratio, on a logarithmic axis. The groups
        with the most pairs are drawn; a last row says how many others there are.

    Raises
    ------
    TypeError, ValueError
        As `scandoc_analytics.size_change`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": "t1", "operation": "scan",
    ...      "result": {"generated_files": [{"id": "f1", "properties": {"size": 400}}]}},
    ...     {"id": "t2", "operation": "warp", "parameters": {"input": "f1"},
    ...      "result": {"generated_files": [{"id": "f2", "properties": {"size": 100}}]}},
    ... ]
    >>> ax = sda.plot.size_change(sda.flatten(payloads))
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['warp\n1 task, 400 B to 100 B']
    """
    table = metrics.size_change(frame, by=by)
    table = table[table["ratio_p50"] > 0].sort_values("pairs", ascending=False, kind="stable")
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table), lines=2))
    _canvas.title(ax, "What tasks do to the size of files")
    if table.empty:
        return _canvas.empty(ax, frame, _NO_PAIRS)
    keep = _rows.kept(ax, len(table))
    rest, table = len(table) - keep, table.iloc[:keep]
    rows, ratio = np.arange(len(table)), table["ratio_p50"].to_numpy()
    ax.set_xscale("log")
    ax.hlines(rows, 1, ratio, color=BLUE, linewidth=5, alpha=0.45)
    ax.plot(ratio, rows, linestyle="", marker="o", color=BLUE, markersize=6)
    details = [
        f"{units.counted(n, 'task')}, {units.bytes_text(a)} to {units.bytes_text(b)}"
        for n, a, b in zip(table["pairs"], table["bytes_in"], table["bytes_out"], strict=True)
    ]
    _rows.label_with_rest(ax, _rows.names(table, key_names(by)), details, rest)
    ax.axvline(1, color="grey", linewidth=0.8, linestyle=":")
    ax.set_xlim(min(ratio.min(), 0.5) / 1.5, max(ratio.max(), 2) * 1.5)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=_rows.ticks(ax)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"× {value:g}"))
    ax.set_xlabel("bytes out for bytes in, median, logarithmic", fontsize=_canvas.SMALL)
    _canvas.finish(ax, frame)
    return ax
