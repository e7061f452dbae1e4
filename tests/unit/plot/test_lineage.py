"""The path of a document: its steps in order, its arrows, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.patches import FancyArrowPatch

from scandoc_analytics import plot
from tests.unit.plot import pictures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def _step(number: int, source: str | list[str], *files: str, **members: Any) -> dict[str, Any]:
    return pictures.task(
        number,
        parameters={"input": source},
        result={"generated_files": [{"id": name} for name in files]},
        created_at=f"2026-10-01T08:{number % 60:02}:00Z",
        **members,
    )


def _said(ax: Axes, gid: str) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def _bold(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]


def _arrows(ax: Axes) -> list[tuple[float, float]]:
    """Row that each arrow leaves from and row that it leads to."""
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    return sorted(tuple(float(end[1]) for end in patch._posA_posB) for patch in arrows)  # type: ignore[misc, attr-defined]


def _chain() -> pd.DataFrame:
    return pictures.frame(
        _step(1, "upload", "f1"),
        _step(2, "f1", "f2", "f3", operation="split"),
        _step(3, "f2", operation="extract-text", status="failed"),
        _step(4, "t2", "f4", operation="merge"),
        _step(5, "elsewhere", "f5"),
    )


def test_a_document_from_upload_to_end() -> None:
    ax = plot.lineage(_chain(), any_id="t2")
    assert pictures.title(ax) == "The path of t2"
    assert _said(ax, "step") == [
        "upload",
        "scan, completed",
        "split, completed",
        "extract-text, failed",
        "merge, completed",
    ]
    assert _said(ax, "detail") == [
        "from outside this frame",
        "t1 · 2026-10-01 08:01 · made f1",
        "t2 · 2026-10-01 08:02 · made 2 files",
        "t3 · 2026-10-01 08:03",
        "t4 · 2026-10-01 08:04 · made f4",
    ]
    assert _arrows(ax) == [(0, 1), (1, 2), (2, 3), (2, 4)]
    assert _bold(ax) == ["split, completed"]
    pictures.legible(ax)


def test_a_file_is_bold_where_it_was_made() -> None:
    ax = plot.lineage(_chain(), any_id="f2")
    assert _bold(ax) == ["split, completed"]
    assert _said(ax, "detail")[2] == "t2 · 2026-10-01 08:02 · made f2 and 1 more file"


def test_an_upload_is_bold_itself() -> None:
    assert _bold(plot.lineage(_chain(), any_id="upload")) == ["upload"]


def test_a_circle_is_survived_and_named() -> None:
    ax = plot.lineage(pictures.frame(_step(1, "f2", "f1"), _step(2, "f1", "f2")), any_id="t1")
    assert all(text.endswith("on a circle") for text in _said(ax, "detail"))
    assert _arrows(ax) == [(0, 1), (1, 0)]
    pictures.legible(ax)


def test_a_task_of_itself_has_no_arrow() -> None:
    assert _arrows(plot.lineage(pictures.frame(_step(1, "f1", "f1")), any_id="t1")) == []


def test_a_task_of_which_little_is_known() -> None:
    ax = plot.lineage(pictures.frame({"id": "t1"}), any_id="t1")
    assert (_said(ax, "step"), _said(ax, "detail")) == (["task"], ["t1"])


def test_steps_without_room_are_counted_and_what_was_asked_for_stays() -> None:
    flat = pictures.frame(*(_step(n, f"f{n - 1}", f"f{n}") for n in range(1, 61)))
    ax = plot.lineage(flat, any_id="t50", ax=pictures.small())
    assert len(_said(ax, "detail")) == 5
    assert _said(ax, "step")[-1] == "and 56 more steps"
    assert _bold(ax) == ["scan, completed"]
    pictures.legible(ax)
    ax = plot.lineage(flat, any_id="t1")
    assert len(_said(ax, "detail")) < 40
    pictures.legible(ax)


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(ValueError, match="'nobody' is no task"):
        plot.lineage(_chain(), any_id="nobody")
