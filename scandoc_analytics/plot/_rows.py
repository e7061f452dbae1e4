"""Groups as rows, the first at the top: their labels, what fits, and the axis along them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from matplotlib.ticker import FuncFormatter, MaxNLocator

from scandoc_analytics import units
from scandoc_analytics.plot import _canvas, _text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "MOST",
    "along_counts",
    "height_inches",
    "kept",
    "label",
    "label_with_rest",
    "most_rows",
    "names",
    "notes",
    "ticks",
]

#: Rows that a figure of its own shows.
MOST: Final = 30
_LEAST_ROW_POINTS: Final = 12.5
#: What a title of two lines, a legend and a footer take from the height.
_AROUND_POINTS: Final = 70.0
_TWO_LINES_POINTS: Final = 25.0
_LABEL_SHARE: Final = 0.42
_FEW: Final = 4


def height_inches(rows: int, *, lines: int = 1) -> float:
    """Height of a figure of its own for this many rows with labels of so many lines."""
    return 2.0 + (0.2 + 0.15 * lines) * max(min(rows, MOST), _FEW)


def most_rows(ax: Axes) -> int:
    """How many rows fit with a legible label each."""
    return max(min(int(_height(ax) / _LEAST_ROW_POINTS), MOST), 2)


def kept(ax: Axes, count: int) -> int:
    """How many of the rows to draw; one place is for the row that stands for the others."""
    most = most_rows(ax)
    return count if count <= most else most - 1


def names(table: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """The name of each row from its key columns."""
    if not keys:
        return [_text.name_of([]) for _ in range(len(table))]
    return [_text.name_of(values) for values in table[list(keys)].itertuples(index=False)]


def label(ax: Axes, texts: Sequence[str], details: Sequence[str] = ()) -> None:
    """Name each row, with a detail below the name where there is room for two lines."""
    rows = len(texts)
    high = _height(ax) / rows >= _TWO_LINES_POINTS
    width = _canvas.signs(ax, _canvas.SMALL, _LABEL_SHARE)
    shown = _told_apart(texts, width, 2 if high and not details else 1)
    if details and high:
        shown = [f"{name}\n{detail}".rstrip() for name, detail in zip(shown, details, strict=True)]
    ax.set_yticks(range(rows))
    for tick, text in zip(ax.set_yticklabels(shown), shown, strict=True):
        _text.write(tick, text)
    # A bar of its own in the middle, rather than one that fills the Axes.
    beside = max(_FEW - 1 - rows, 0) / 2
    ax.set_ylim(rows - 0.5 + beside, -0.5 - beside)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", alpha=0.25, linewidth=0.6)


def label_with_rest(ax: Axes, texts: Sequence[str], details: Sequence[str], rest: int) -> None:
    """As `label`, with a last row that says how many groups are not drawn."""
    more = [f"and {rest} more groups"] if rest else []
    label(ax, [*texts, *more], [*details, *["not drawn"][: len(more)]])


def notes(ax: Axes, ends: Sequence[float], texts: Sequence[str]) -> None:
    """Write a text behind the end of each bar, and widen the axis so that it fits."""
    longest = max((len(text) for text in texts), default=0)
    width = _canvas.room(ax)[0] * (1 - _LABEL_SHARE)
    share = min((longest + 1) * _canvas.SMALL * 0.6 / width, 0.7)
    ax.set_xlim(0, max([*ends, 1e-9]) / (1 - share))
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        ax.annotate(
            text,
            xy=(end, row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=_canvas.SMALL,
            parse_math=False,
        )


def along_counts(ax: Axes, noun: str) -> None:
    """Whole numbers with a comma between thousands along the rows."""
    ax.xaxis.set_major_locator(MaxNLocator(ticks(ax), integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(_count))
    ax.set_xlabel(noun, fontsize=_canvas.SMALL)


def ticks(ax: Axes) -> int:
    """How many ticks with a short text find room along the rows."""
    return _canvas.signs(ax, share=0.6) // 8 + 1


def _told_apart(texts: Sequence[str], width: int, lines: int) -> list[str]:
    """Each text in its room; those that would look alike there also show how they end."""
    shown = [_text.fitted(text, width, lines) for text in texts]
    seen = Counter(shown)
    return [
        short if seen[short] == 1 else _text.ends(text, width, lines)
        for text, short in zip(texts, shown, strict=True)
    ]


def _height(ax: Axes) -> float:
    return _canvas.room(ax)[1] - _AROUND_POINTS


def _count(value: Any, _: Any) -> str:
    return units.count_text(value)
