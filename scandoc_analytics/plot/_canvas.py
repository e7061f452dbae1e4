"""What every plot has: its Axes, a title that states the fact, a legend, a footer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from scandoc_analytics.plot import _text
from scandoc_analytics.plot._colours import look
from scandoc_analytics.scope import scope_of, scope_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = [
    "EMPTY",
    "FOOTER",
    "SMALL",
    "axes",
    "empty",
    "finish",
    "legend",
    "patch",
    "room",
    "signs",
    "status_legend",
    "title",
]

#: The gids by which the footer, and a word on there being nothing, are found among the texts.
FOOTER: Final = "scope"
EMPTY: Final = "empty"
SMALL: Final = 8.5
_TITLE_SIZE: Final = 11
_FOOTER_SIZE: Final = 7.5
_WIDTH_INCHES: Final = 7.0
#: Width of a sign in parts of the font's size: what running text in DejaVu Sans takes.
_SIGN: Final = 0.59
#: The Axes with its labels are wider than the Axes alone before its labels are laid out.
_WHOLE: Final = 1.15


def axes(ax: Axes | None, *, height: float = 4.2) -> Axes:
    """The Axes that were given, or new ones on a figure of `height` inches.

    In IPython and where matplotlib is interactive the figure is pyplot's: there the notebook shows
    it at the end of the cell, with what the cell adds to it, and closes it. Elsewhere nobody would
    close it, so it is known to nobody but its Axes.
    """
    if ax is not None:
        return ax
    size = (_WIDTH_INCHES, height)
    if mpl.is_interactive() or _in_ipython():
        from matplotlib import pyplot as plt  # noqa: PLC0415 - a state nobody else needs

        return plt.figure(figsize=size, layout="constrained").subplots()
    return Figure(figsize=size, layout="constrained").subplots()


def room(ax: Axes) -> tuple[float, float]:
    """Width and height of the Axes in points, as far as is known before its labels are laid out."""
    dpi = ax.figure.dpi
    return ax.bbox.width * 72 / dpi, ax.bbox.height * 72 / dpi


def signs(ax: Axes, size: float = SMALL, share: float = 1.0) -> int:
    """How many signs of a font's size stand side by side in a share of the Axes' width."""
    return max(int(room(ax)[0] * share / (size * _SIGN)), 8)


def title(ax: Axes, text: str) -> None:
    """State the fact above the Axes, over its left edge."""
    text = _text.fitted(text, _signs_above(ax, _TITLE_SIZE), 2)
    ax.set_title(text, loc="left", fontsize=_TITLE_SIZE, pad=7, **_text.style(text))


def patch(ax: Axes, status: str) -> dict[str, Any]:
    """Properties of an area in the look of a status."""
    colour, hatch, _ = look(status)
    # The edge is also the colour of the hatching.
    return {"facecolor": colour, "hatch": hatch, "edgecolor": _ground(ax), "linewidth": 0.4}


def legend(ax: Axes, entries: Sequence[tuple[str, Artist]]) -> None:
    """Name what is drawn, between the title and the Axes."""
    widest = max(len(name) for name, _ in entries)
    columns = max(min(_signs_above(ax, SMALL) // (widest + 5), len(entries)), 1)
    drawn = ax.legend(
        [handle for _, handle in entries],
        # A label that begins with an underscore would be left out: the text comes after.
        [" "] * len(entries),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        borderaxespad=0.1,
        borderpad=0.1,
        handlelength=1.6,
        columnspacing=1.2,
    )
    for text, (name, _) in zip(drawn.get_texts(), entries, strict=True):
        _text.write(text, name)
    lines = -(-len(entries) // columns)
    shown = ax.get_title(loc="left")
    ax.set_title(shown, loc="left", fontsize=_TITLE_SIZE, pad=8 + lines * SMALL * 1.7)


def status_legend(ax: Axes, statuses: Sequence[str]) -> None:
    """Name the statuses whose areas are drawn."""
    width = min(18, _signs_above(ax, SMALL) // 2 - 5)
    names = [_text.fitted(status, width) for status in statuses]
    handles = [Patch(**patch(ax, status)) for status in statuses]
    legend(ax, list(zip(names, handles, strict=True)))


def finish(ax: Axes, frame: object, *notes: str) -> None:
    """Clear the frame of what says nothing, and add the scope below."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=SMALL)
    parts = [*scope_text(scope_of(frame)), *notes]
    lines = _packed(parts, signs(ax, _FOOTER_SIZE, _WHOLE))
    ax.annotate(
        "\n".join(lines),
        xy=(1, 0),
        xycoords=("axes fraction", ax.xaxis.label),
        xytext=(0, -5),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=_FOOTER_SIZE,
        alpha=0.75,
        gid=FOOTER,
        parse_math=False,
    )


def empty(ax: Axes, frame: object, text: str) -> Axes:
    """Say in the Axes that there is nothing to draw."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_alpha(0.25)
    # A label has to be there for the footer to stand below it.
    ax.set_xlabel(" ", fontsize=SMALL)
    ax.text(
        0.5,
        0.5,
        text,
        ha="center",
        va="center",
        transform=ax.transAxes,
        fontsize=_TITLE_SIZE,
        gid=EMPTY,
    )
    finish(ax, frame)
    return ax


def _signs_above(ax: Axes, size: float) -> int:
    """How many signs stand above the Axes, right of the labels that the rows have by now."""
    labels = [line for text in ax.get_yticklabels() for line in text.get_text().split("\n")]
    beside = max(map(len, labels), default=0) * SMALL * _SIGN
    return max(int((room(ax)[0] * _WHOLE - beside) / (size * _SIGN)), 8)


def _packed(parts: Sequence[str], width: int) -> list[str]:
    """The parts on as few lines as they need, none of them broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 3 <= width:
            lines[-1] += f" · {part}"
        else:
            lines.append(part)
    return lines


def _ground(ax: Axes) -> object:
    """What the Axes are drawn on; white where that is nothing."""
    red, green, blue, alpha = mpl.colors.to_rgba(ax.get_facecolor())
    return (red, green, blue, 1.0) if alpha else "white"


def _in_ipython() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None
