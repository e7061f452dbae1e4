"""The path of one document: what it was made of, and what was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.patches import FancyArrowPatch

from scandoc_analytics import metrics, units
from scandoc_analytics.metrics import chains
from scandoc_analytics.metrics.lineage import OUTSIDE
from scandoc_analytics.plot import _canvas, _text
from scandoc_analytics.plot._colours import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["lineage"]

_ROW_POINTS: Final = 27.0
_MOST: Final = 40
#: Part of the width in which the steps are moved to the right, each level by as much.
_INDENT: Final = 0.22
_MOST_ARROWS: Final = 200


class _Step(NamedTuple):
    """A row of the picture: an input from outside, or a task with what it made."""

    id: str
    level: int
    name: str
    status: str | None
    detail: str
    asked: bool


def lineage(frame: pd.DataFrame, *, any_id: str, ax: Axes | None = None) -> Axes:
    """Draw everything that one file or task was made of, and everything made of it.

    Parameters
    ----------
    frame
        A flat pandas frame.
    any_id
        Id of a task, of a generated file, or of an input.
    ax
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes
        One row for each step, from the furthest upstream down to the furthest downstream, with an
        arrow from what was taken to the task that took it. What was asked about is in bold.
        Steps that find no room are counted in a last row.

    Raises
    ------
    TypeError
        The frame is not a pandas one.
    ValueError
        The id is in no row.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> payloads = [
    ...     {"id": f"t{n}", "operation": "scan", "status": "completed",
    ...      "parameters": {"input": f"f{n - 1}"},
    ...      "result": {"generated_files": [{"id": f"f{n}"}]}} for n in (1, 2)
    ... ]
    >>> ax = sda.plot.lineage(sda.flatten(payloads), any_id="f2")
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "step"]
    ['f0', 'scan, completed', 'scan, completed']
    """
    edges = metrics.trace(frame, any_id)
    steps, arrows = _steps(edges, any_id), _arrows(edges)
    ax = _canvas.axes(ax, height=1.3 + _ROW_POINTS / 72 * max(min(len(steps), _MOST), 3))
    most = max(min(int(_canvas.room(ax)[1] / _ROW_POINTS), _MOST), 2)
    rest = 0
    if len(steps) > most:
        # What was asked about, and the nearest steps to it, are kept.
        asked = next((row for row, step in enumerate(steps) if step.asked), 0)
        first = max(min(asked - most // 2, len(steps) - most + 1), 0)
        rest, steps = len(steps) - most + 1, steps[first : first + most - 1]
    _draw_arrows(ax, steps, arrows)
    for row, step in enumerate(steps):
        _draw_step(ax, row, step, _width(steps))
    rows = len(steps)
    if rest:
        ax.text(
            0,
            rows,
            f"and {units.counted(rest, 'more step')}",
            va="center",
            gid="step",
            fontsize=_canvas.SMALL,
            transform=ax.get_yaxis_transform(),
        )
        rows += 1
    ax.set_xlim(-0.03, 1)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlabel(" ", fontsize=_canvas.SMALL)
    _canvas.title(ax, f"The path of {_text.fitted(any_id, 30)}")
    _canvas.finish(ax, frame)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def _steps(edges: pd.DataFrame, any_id: str) -> list[_Step]:
    """Inputs from outside, then the tasks in their order; the levels count from 0."""
    depths = edges["depth"].unique().tolist()
    level = {depth: number for number, depth in enumerate(sorted(depths), start=1)}
    steps: list[_Step] = []
    for (depth, task_id), rows in edges.groupby(["depth", "task_id"], sort=False):
        outside = rows.loc[rows["input_kind"] == OUTSIDE, "input_id"].drop_duplicates()
        for input_id in outside:
            if all(step.id != input_id for step in steps):
                detail = "from outside this frame"
                asked = input_id == any_id
                steps.append(_Step(input_id, level[depth] - 1, input_id, None, detail, asked))
        row = rows.iloc[0]
        made = rows["output_id"].dropna().drop_duplicates().tolist()
        known = [text for text in (row["operation"], row["status"]) if pd.notna(text)]
        asked = any_id == task_id or any_id in made
        detail = _detail(str(task_id), row, made, any_id)
        name = ", ".join(known) or "task"
        steps.append(_Step(str(task_id), level[depth], name, row["status"], detail, asked))
    return steps


def _detail(task_id: str, row: pd.Series, made: list[str], any_id: str) -> str:
    parts = [task_id]
    if pd.notna(row["created_at"]):
        parts.append(units.time_text(row["created_at"]))
    if any_id in made or len(made) == 1:
        named = any_id if any_id in made else made[0]
        others = f" and {units.counted(len(made) - 1, 'more file')}" if len(made) > 1 else ""
        parts.append(f"made {_text.fitted(named, 24)}{others}")
    elif made:
        parts.append(f"made {units.counted(len(made), 'file')}")
    if row["cycle"]:
        parts.append("on a circle")
    return " · ".join(parts)


def _arrows(edges: pd.DataFrame) -> set[tuple[str, str]]:
    """From an input or the task that made it, to the task that took it."""
    files = edges[["task_id", "output_id"]].rename(columns={"output_id": "file_id"})
    downward, _ = chains.links(edges[["task_id", "input_id"]].dropna(), files)
    return {(maker, taker) for maker, takers in downward.items() for taker in takers}


def _width(steps: list[_Step]) -> float:
    """How far to the right one level stands from the one before."""
    return min(0.05, _INDENT / max(step.level for step in steps)) if steps else 0.05


def _draw_step(ax: Axes, row: int, step: _Step, width: float) -> None:
    x = step.level * width
    mark = look(step.status) if step.status is not None and pd.notna(step.status) else None
    ax.plot(
        x, row,
        marker=mark.marker if mark else "o",
        color=mark.colour if mark else mpl.rcParams["text.color"],
        markerfacecolor=None if mark else "none",
        markersize=8 if mark else 6,
        linestyle="",
        zorder=3,
    )  # fmt: skip
    room = 1 - x - 0.03
    for text, size, up, gid in (
        (step.name, 9.5, 5.5, "step"),
        (step.detail, 7.5, -6.0, "detail"),
    ):
        shown = _text.fitted(text, _canvas.signs(ax, size, room))
        ax.annotate(
            shown,
            xy=(x, row),
            xytext=(9, up),
            textcoords="offset points",
            va="center",
            fontsize=size,
            fontweight="bold" if step.asked and gid == "step" else "normal",
            alpha=1.0 if gid == "step" else 0.75,
            gid=gid,
            **_text.style(shown),
        )


def _draw_arrows(ax: Axes, steps: list[_Step], arrows: set[tuple[str, str]]) -> None:
    width = _width(steps)
    places = {step.id: (step.level * width, row) for row, step in enumerate(steps)}
    drawn = sorted(pair for pair in arrows if pair[0] in places and pair[1] in places)
    for source, target in drawn[:_MOST_ARROWS]:
        start, end = places[source], places[target]
        if source == target:
            continue
        # Arrows past other rows bow to the left, where no text is.
        bow = 0.0 if abs(end[1] - start[1]) == 1 else 0.25
        ax.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="-|>",
                mutation_scale=9,
                connectionstyle=f"arc3,rad={bow if end[1] > start[1] else -bow}",
                shrinkA=5,
                shrinkB=6,
                color=mpl.rcParams["text.color"],
                alpha=0.45,
                linewidth=1,
                zorder=2,
            )
        )
