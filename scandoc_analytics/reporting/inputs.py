"""What the report's notebook works with: the files beside it, and the tables it hands back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from scandoc_analytics.frame import load

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "COMPARE",
    "FRAME",
    "SETTINGS",
    "collect_tables",
    "collected_tables",
    "default_title",
    "read",
]

FRAME: Final = "frame.parquet"
COMPARE: Final = "compare.parquet"
SETTINGS: Final = "report.json"
_TABLES: Final = "tables"


def read(folder: str | Path = ".") -> tuple[pd.DataFrame, pd.DataFrame | None, str]:
    """The frame, the earlier frame if there is one, and the title, from the notebook's folder.

    To work on a copy of the notebook by hand, put a snapshot called ``frame.parquet`` beside it.
    """
    here = Path(folder)
    frame = load(here / FRAME)
    compare = load(here / COMPARE) if (here / COMPARE).exists() else None
    settings = here / SETTINGS
    title = json.loads(settings.read_text(encoding="utf-8"))["title"] if settings.exists() else None
    return frame, compare, title or default_title(frame)


def collect_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path = ".") -> None:
    """Hand tables back to `report`, which writes them into a workbook if it was asked to."""
    into = Path(folder) / _TABLES
    into.mkdir(exist_ok=True)
    for number, (name, table) in enumerate(tables.items()):
        table.to_parquet(into / f"{number:02} {name}.parquet", index=False)


def collected_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that the notebook handed back, in its order."""
    found = sorted((folder / _TABLES).glob("*.parquet"))
    return {path.stem.split(" ", 1)[1]: pd.read_parquet(path) for path in found}


def default_title(frame: pd.DataFrame) -> str:
    """A title that names the period of the tasks."""
    created = frame["created_at"].dropna()
    if created.empty:
        return "Scan Documents tasks"
    first, last = created.min(), created.max()
    days = " to ".join(dict.fromkeys(f"{day.day} {day:%B %Y}" for day in (first, last)))
    return f"Scan Documents tasks, {days}"
