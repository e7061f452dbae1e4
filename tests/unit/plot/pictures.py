"""Reading a picture: what it says, and whether it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

import scandoc_analytics as sda
from scandoc_analytics import schema

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


def task(number: int, **members: Any) -> dict[str, Any]:
    """A completed scan of ten seconds on the first of October, unless it says otherwise."""
    return {
        "id": f"t{number}",
        "operation": "scan",
        "status": "completed",
        "created_at": "2026-10-01T08:00:00Z",
        "updated_at": "2026-10-01T08:00:10Z",
        **members,
    }


def made(*sizes: int | None, mime: str = "image/png", task_id: str = "t") -> dict[str, Any]:
    """A result with one file for each size."""
    return {
        "generated_files": [
            {
                "id": f"{task_id}-{mime}-{number}",
                "type": mime,
                "properties": {} if size is None else {"size": size},
            }
            for number, size in enumerate(sizes)
        ]
    }


def frame(*payloads: dict[str, Any], fetched: str | None = "2026-11-01T09:30:00Z") -> pd.DataFrame:
    """A flat frame of these payloads with one time of answer."""
    flat = sda.flatten(payloads)
    answered = pd.to_datetime(pd.Series([fetched] * len(flat), dtype="object"), utc=True)
    return flat.assign(fetched_at=answered.astype(schema.TIME))


def numbers(values: Any) -> list[float]:
    """What a line was given along one axis."""
    return [float(value) for value in values]


def small(width: float = 4.4, height: float = 3.1) -> Axes:
    """Axes of a panel beside others."""
    return Figure(figsize=(width, height), layout="constrained").subplots()


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def rows(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_yticklabels()]


def footer(ax: Axes) -> str:
    (text,) = [text for text in ax.texts if text.get_gid() == "scope"]
    return text.get_text().replace("\n", " · ")


def notes(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_gid() != "scope"]


def legend(ax: Axes) -> list[str]:
    drawn = ax.get_legend()
    assert drawn is not None
    return [text.get_text() for text in drawn.get_texts()]


def bars(ax: Axes) -> list[list[float]]:
    """Lengths of the bars, one list for each series."""
    patches = [list(container) for container in ax.containers]
    return [[float(bar.get_width()) for bar in series] for series in patches]


def legible(ax: Axes) -> None:
    """No text is cut off by the figure's edge, and none lies on another."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    page = figure.bbox.padded(1)
    drawn = _texts(ax)
    assert drawn
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn]
    for words, box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, f"{words!r} is cut at a side"
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, f"{words!r} is cut above or below"
    for number, (words, box) in enumerate(boxes):
        for others, other in boxes[number + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            # Boxes hold room for accents and tails that the text may not have.
            assert across <= 1 or up <= 3, f"{words!r} lies on {others!r}"


def _texts(ax: Axes) -> list[Text]:
    left, right = sorted(ax.get_xlim())
    low, high = sorted(ax.get_ylim())
    axes = [
        tick.label1
        for axis, (least, most) in ((ax.xaxis, (left, right)), (ax.yaxis, (low, high)))
        for tick in axis.get_major_ticks()
        if least <= tick.get_loc() <= most
    ]
    drawn = ax.get_legend()
    named = drawn.get_texts() if drawn is not None else []
    other = [ax._left_title, ax.xaxis.label, ax.yaxis.label]  # type: ignore[attr-defined]
    return [text for text in (*axes, *named, *other, *ax.texts) if text.get_text().strip()]
