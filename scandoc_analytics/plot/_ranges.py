"""How large, how long: from the median over the 95th percentile to the largest, on a log axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics.grain import key_names
from scandoc_analytics.plot import _canvas, _rows
from scandoc_analytics.plot._colours import BLUE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from scandoc_analytics.metrics.grain import By

__all__ = ["durations", "sizes"]

_Column: TypeAlias = "np.ndarray[Any, Any]"


#: Marker, its size and the width of its edge: of the median, the 95th percentile, the greatest.
_MARKS: Final = (("o", 6, 1), ("|", 11, 2), ("x", 5, 1))


class _Measure(NamedTuple):
    """What is drawn: its columns, the ticks that people know, and how to write a value."""

    columns: tuple[str, str, str]
    ticks: tuple[float, ...]
    text: Callable[[float], str]
    of: str
    along: str
    greatest: str


_BYTES: Final = _Measure(
    columns=("bytes_p50", "bytes_p95", "bytes_max"),
    ticks=tuple(10.0**power for power in range(19)),
    text=units.bytes_text,
    of="Sizes of generated files",
    along="size of a file",
    greatest="largest",
)
_SECONDS: Final = _Measure(
    columns=("seconds_p50", "seconds_p95", "seconds_max"),
    # 1 ms to 10 years: decades below a minute, then what clocks and calendars have.
    ticks=(
        *(0.001, 0.01, 0.1, 1, 10, 60, 600, 3_600, 21_600),
        *(86_400, 604_800, 2_592_000, 31_536_000, 315_360_000),
    ),
    text=units.duration_text,
    of="Durations of settled tasks",
    along="from creation to the last change",
    greatest="longest",
)


def sizes(frame: object, *, by: By = "file_type", ax: Axes | None = None) -> Axes:
    r"""Draw how large the generated files are, on a logarithmic axis.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns, of the file or of its task: one row for each of their values.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        A dot at the median, a bar to the 95th percentile, a line to the largest. The groups with
        the most files are drawn; a last row says how many others there are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.size_summary`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> files = [{"id": "f", "type": "application/pdf", "properties": {"size": 3_400_000}}]
    >>> ax = sda.plot.sizes(sda.flatten([{"id": "t", "result": {"generated_files": files}}]))
    >>> ax.get_title(loc="left"), [tick.get_text() for tick in ax.get_yticklabels()]
    ('1 file, 3.4 MB in all', ['application/pdf\n1 file, 3.4 MB'])
    """
    table = metrics.size_summary(frame, by=by)
    files, total = int(table["files"].sum()), int(table["bytes_total"].sum())
    table = table.assign(
        count=table["files"],
        detail=[
            f"{units.counted(n, 'file')}, {units.bytes_text(size)}"
            for n, size in zip(table["files"], table["bytes_total"], strict=True)
        ],
    )
    fact = f"{units.counted(files, 'file')}, {units.bytes_text(total)} in all"
    return _ranges(frame, table[table["files"] > 0], by, _BYTES, (fact, "no generated files"), ax)


def durations(frame: object, *, by: By = "operation", ax: Axes | None = None) -> Axes:
    r"""Draw how long settled tasks took, on a logarithmic axis.

    Parameters
    ----------
    frame
        A flat frame of any engine.
    by
        Name or names of columns that describe a task: one row for each of their values.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        A dot at the median, a bar to the 95th percentile, a line to the longest. Beside each name
        stands how many tasks have settled and how many have not. The groups with the most settled
        tasks are drawn; a last row says how many others there are.

    Raises
    ------
    ValueError
        As `scandoc_analytics.duration_summary`.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payload = {"id": "t", "operation": "scan", "status": "completed",
    ...            "created_at": "2026-10-01T08:00:00Z", "updated_at": "2026-10-01T08:00:12Z"}
    >>> ax = sda.plot.durations(sda.flatten([payload]))
    >>> ax.get_title(loc="left"), [tick.get_text() for tick in ax.get_yticklabels()]
    ('How long 1 settled task took', ['scan\n1 settled'])
    """
    table = metrics.duration_summary(frame, by=by)
    settled, negative = int(table["settled"].sum()), int(table["negative"].sum())
    counts = zip(table["settled"], table["unsettled"], strict=True)
    table = table.assign(
        count=table["settled"],
        detail=[
            f"{units.count_text(done)} settled"
            + (f", {units.count_text(left)} not" if left else "")
            for done, left in counts
        ],
    )
    fact = f"How long {units.counted(settled, 'settled task')} took"
    notes = [f"{units.count_text(negative)} ended before they began: left out"] if negative else []
    return _ranges(
        frame, table[table["settled"] > 0], by, _SECONDS, (fact, "no settled tasks"), ax, notes
    )


def _ranges(  # noqa: PLR0913, PLR0917 - the one drawing behind both plots
    frame: object,
    table: pd.DataFrame,
    by: By,
    measure: _Measure,
    says: tuple[str, str],
    ax: Axes | None,
    notes: Sequence[str] = (),
) -> Axes:
    table = table.sort_values("count", ascending=False, kind="stable")
    ax = _canvas.axes(ax, height=_rows.height_inches(len(table), lines=2))
    fact, nothing = says
    if table.empty:
        _canvas.title(ax, measure.of)
        return _canvas.empty(ax, frame, nothing)
    keep = _rows.kept(ax, len(table))
    rest, table = len(table) - keep, table.iloc[:keep]
    values = table[list(measure.columns)].astype("float64")
    _value_axis(ax, values.min().min(), values.max().max(), measure)
    least = ax.get_xlim()[0]
    _draw(ax, *(column.to_numpy() for _, column in values.clip(lower=least).items()))
    texts, details = _rows.names(table, key_names(by)), table["detail"].tolist()
    for row, known in enumerate(values[measure.columns[0]].notna()):
        if not known:
            ax.annotate(
                "not known",
                xy=(least, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=_canvas.SMALL,
                alpha=0.75,
            )
    _rows.label_with_rest(ax, texts, details, rest)
    _canvas.title(ax, fact)
    _canvas.legend(ax, _handles(measure))
    _canvas.finish(ax, frame, *notes)
    return ax


def _draw(ax: Axes, p50: _Column, p95: _Column, most: _Column) -> None:
    rows = np.arange(len(p50))
    ax.hlines(rows, p50, most, color=BLUE, linewidth=1, alpha=0.6)
    ax.hlines(rows, p50, p95, color=BLUE, linewidth=5, alpha=0.35)
    for values, (marker, size, edge) in zip((p50, p95, most), _MARKS, strict=True):
        ax.plot(
            values,
            rows,
            linestyle="",
            color=BLUE,
            marker=marker,
            markersize=size,
            markeredgewidth=edge,
        )


def _handles(measure: _Measure) -> list[tuple[str, Line2D]]:
    return [
        (name, Line2D([], [], color=BLUE, marker=marker, markeredgewidth=edge, linestyle=""))
        for name, (marker, _, edge) in zip(
            ("median", "95 % below", measure.greatest), _MARKS, strict=True
        )
    ]


def _value_axis(ax: Axes, least: float, most: float, measure: _Measure) -> None:
    """From the tick at or below the least value to the one at or above the greatest."""
    ticks = measure.ticks
    first = max((i for i, tick in enumerate(ticks) if tick <= least), default=0)
    last = min((i for i, tick in enumerate(ticks) if tick >= most), default=len(ticks) - 1)
    # Without any known value, or with a single one on a tick, there is still an axis.
    first = max(min(first, last - 1), 0)
    ticks = ticks[first : max(last, first + 1) + 1]
    texts = [measure.text(tick) for tick in ticks]
    if least < ticks[0]:
        # A logarithmic axis has no 0: what is below its start is drawn at its start.
        texts[0] = f"≤ {texts[0]}"
    step = -(-len(ticks) // max(_canvas.signs(ax, share=0.6) // 7, 2))
    ax.set_xscale("log")
    ax.set_xlim(ticks[0], ticks[-1] * 1.08)
    ax.xaxis.set_major_locator(FixedLocator(ticks[::step]))
    ax.xaxis.set_major_formatter(FixedFormatter(texts[::step]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(f"{measure.along}, logarithmic", fontsize=_canvas.SMALL)
