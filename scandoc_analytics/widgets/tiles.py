"""The headline numbers above a table of tasks."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scandoc_analytics import units
from scandoc_analytics.card.style import COLOURS
from scandoc_analytics.schema import FAILED, SETTLED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TILE_COLUMNS", "Tile", "tiles", "tiles_html"]

#: The columns of the table per task that the tiles read.
TILE_COLUMNS: Final = ["status", "created_at", "duration_s", "file_bytes_total", "fetch_error"]
_P95: Final = 0.95
_STYLE: Final = (
    COLOURS.format(".scandoc-tiles")
    + """
dl.scandoc-tiles{display:flex;flex-wrap:wrap;gap:8px;margin:0;padding:0;background:none}
.scandoc-tiles div{flex:1 1 9em;min-width:8em;border:1px solid var(--sd-line);border-radius:6px;
padding:6px 12px;background:var(--sd-back);box-sizing:border-box}
.scandoc-tiles div dt,.scandoc-tiles div dd{float:none;display:block;width:auto;margin:0;padding:0;
font-weight:400}
.scandoc-tiles div dt,.scandoc-tiles div .note{color:var(--sd-muted);font-size:0.92em}
.scandoc-tiles div .value{font-size:1.35em;font-weight:600;line-height:1.3;white-space:nowrap}
"""
).replace("\n", "")


class Tile(NamedTuple):
    """One number: its name, how it reads, and a remark that may be empty."""

    name: str
    value: str
    note: str


def tiles(tasks: pd.DataFrame, *, now: datetime | None = None) -> list[Tile]:
    """Tasks, failed share, unsettled and the oldest of them, bytes, and the slow end.

    Parameters
    ----------
    tasks
        One row per task, with `TILE_COLUMNS`, as `per_task` gives it.
    now
        What ages count up to; the present when it is not given.

    Examples
    --------
    >>> from scandoc_analytics import flatten, per_task
    >>> frame = flatten([{"id": "a", "status": "failed"}, {"id": "b", "status": "x"}])
    >>> tiles(per_task(frame))[1]
    Tile(name='failed', value='100.0 %', note='1 of 1 settled')
    """
    missed = tasks["fetch_error"].notna()
    settled = tasks["status"].isin(SETTLED)
    failed = int((tasks["status"] == FAILED).sum())
    count = int(settled.sum())
    unsettled = tasks.loc[~settled & ~missed, "created_at"]
    durations = tasks.loc[settled, "duration_s"].dropna().to_numpy()
    share = units.share_text(failed / count) if count else "–"
    slow = units.duration_text(float(np.quantile(durations, _P95))) if len(durations) else "–"
    lost = int(missed.sum())
    return [
        Tile("tasks", units.count_text(len(tasks)), f"{lost:,} not fetched" if lost else ""),
        Tile("failed", share, f"{failed:,} of {count:,} settled"),
        Tile("unsettled", units.count_text(len(unsettled)), _oldest(unsettled, now)),
        Tile("in generated files", units.bytes_text(int(tasks["file_bytes_total"].sum())), ""),
        Tile("p95 duration", slow, "95 of 100 settled took less" if len(durations) else ""),
    ]


def _oldest(created: pd.Series[pd.Timestamp], now: datetime | None) -> str:
    known = created.dropna()
    if known.empty:
        return ""
    age_s = ((now or datetime.now(UTC)) - known.min()).total_seconds()
    return f"oldest {units.duration_text(age_s)}" if age_s > 0 else ""


def tiles_html(shown: list[Tile]) -> str:
    """The tiles as a part of a page."""
    inner = "".join(
        f'<div><dt>{html.escape(tile.name)}</dt><dd class="value">{html.escape(tile.value)}</dd>'
        f'<dd class="note">{html.escape(tile.note) or "&nbsp;"}</dd></div>'
        for tile in shown
    )
    return f'<style>{_STYLE}</style><dl class="scandoc-tiles">{inner}</dl>'
