"""The ends of the lists, and how complete they are: bars with what they stand for written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scandoc_analytics import metrics, units
from scandoc_analytics.plot import _canvas, _rows, _text
from scandoc_analytics.plot._colours import BLUE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["coverage", "largest", "slowest"]


def slowest(frame: object, n: int = 10, *, ax: Axes | None = None) -> Axes:
    r"""Draw the settled tasks that took longest.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    n
        How many tasks.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One bar for each task that finds room, the longest at the top.

    Raises
    ------
    ValueError
        `n` is negative.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "task_a", "operation": "scan", "status": "completed",
    ...            "created_at": "2026-10-01T08:00:00Z", "updated_at": "2026-10-01T08:02:30Z"}
    >>> ax = sda.plot.slowest(sda.flatten([payload]))
    >>> [tick.get_text() for tick in ax.get_yticklabels()], ax.texts[0].get_text()
    (['task_a\nscan, completed'], '2.5 min')
    """
    table = metrics.slowest(frame, n)
    details = _joined(table, "operation", "status")
    ax = _axes(ax, len(table))
    _canvas.title(ax, f"The {_number(table)}slowest settled tasks")
    if table.empty:
        return _canvas.empty(ax, frame, "no settled tasks")
    return _bars(ax, frame, table["task_id"], details, table["duration_s"], units.duration_text)


def largest(frame: object, n: int = 10, *, ax: Axes | None = None) -> Axes:
    r"""Draw the generated files with the most bytes.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    n
        How many files.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One bar for each file that finds room, the largest at the top.

    Raises
    ------
    ValueError
        `n` is negative.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> file = {"id": "file_a", "name": "October", "properties": {"size": 3_400_000}}
    >>> task = {"id": "t", "operation": "scan", "result": {"generated_files": [file]}}
    >>> ax = sda.plot.largest(sda.flatten([task]))
    >>> [tick.get_text() for tick in ax.get_yticklabels()], ax.texts[0].get_text()
    (['file_a\nscan, October'], '3.4 MB')
    """
    table = metrics.largest(frame, n)
    details = _joined(table, "operation", "file_name")
    ax = _axes(ax, len(table))
    _canvas.title(ax, f"The {_number(table)}largest generated files")
    if table.empty:
        return _canvas.empty(ax, frame, "no generated files")
    return _bars(ax, frame, table["file_id"], details, table["file_size_bytes"], units.bytes_text)


def coverage(frame: object, *, ax: Axes | None = None) -> Axes:
    """Draw how much of what was asked for is there, and where it came from.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One bar each for the tasks from the cache, those from the service, those that the account
        does not have, and those whose request failed.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> ax = sda.plot.coverage(sda.flatten([{"id": "t"}]))
    >>> ax.get_title(loc="left"), [text.get_text() for text in ax.texts][:2]
    ('1 of 1 task fetched', ['0, 0.0 %', '1, 100.0 %'])
    """
    row = metrics.coverage(frame).iloc[0]
    counts = {
        "from the cache": row["from_cache"],
        "from the service": row["fetched"] - row["from_cache"],
        "not found": row["not_found"],
        "failed to fetch": row["failed"],
    }
    asked = int(row["requested"])
    ax = _axes(ax, len(counts))
    fetched = units.count_text(row["fetched"])
    _canvas.title(ax, f"{fetched} of {units.counted(asked, 'task')} fetched")
    if not asked:
        return _canvas.empty(ax, frame, "no tasks")

    def text(count: float) -> str:
        return f"{units.count_text(count)}, {units.share_text(count / asked)}"

    ax = _bars(ax, frame, list(counts), (), list(counts.values()), text)
    ax.set_xlabel("tasks", fontsize=_canvas.SMALL)
    return ax


def _axes(ax: Axes | None, rows: int) -> Axes:
    return _canvas.axes(ax, height=_rows.height_inches(rows, lines=2))


def _number(table: pd.DataFrame) -> str:
    return f"{units.count_text(len(table))} " if len(table) > 1 else ""


def _joined(table: pd.DataFrame, *columns: str) -> list[str]:
    rows = table[list(columns)].itertuples(index=False)
    return [
        ", ".join(_text.fitted(text, 18) for text in row if isinstance(text, str)) for row in rows
    ]


def _bars(  # noqa: PLR0913, PLR0917 - the parts of a bar chart
    ax: Axes,
    frame: object,
    names: Sequence[str] | pd.Series[str],
    details: Sequence[str],
    values: Sequence[float] | pd.Series[float],
    text: Callable[[float], str],
) -> Axes:
    shown = min(len(names), _rows.most_rows(ax))
    lengths = [float(value) for value in list(values)[:shown]]
    ax.barh(range(shown), lengths, height=0.6, color=BLUE, alpha=0.75)
    _rows.label(ax, [str(name) for name in list(names)[:shown]], details[:shown])
    _rows.notes(ax, lengths, [text(value) for value in lengths])
    # The bars say their values.
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_xlabel(" ", fontsize=_canvas.SMALL)
    _canvas.finish(ax, frame)
    return ax
