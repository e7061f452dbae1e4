"""What is counted: how many tasks, of when, as of when. Pictures and reports say it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import narwhals.stable.v2 as nw
import pandas as pd

from scandoc_analytics import units
from scandoc_analytics.metrics import engine, grain
from scandoc_analytics.metrics.tables import as_time

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Scope", "fitting_period", "scope_of", "scope_text"]

#: Longest span in days that is still shown by this period.
_SPANS: Final = ((2, "1h"), (92, "1d"), (730, "1w"))


class Scope(NamedTuple):
    """What is counted: tasks, those not fetched, when created, the newest answer."""

    tasks: int
    not_fetched: int
    first: datetime | None
    last: datetime | None
    as_of: datetime | None


def scope_of(frame: object) -> Scope:
    """The scope of a flat frame of any engine."""
    rows = grain.tasks(frame, ["created_at", "fetched_at", grain.FETCHED])
    table = engine.grouped(
        rows,
        [grain.FETCHED],
        tasks=nw.len(),
        first=nw.col("created_at").min(),
        last=nw.col("created_at").max(),
        as_of=nw.col("fetched_at").max(),
    )
    fetched = table[grain.FETCHED].astype(bool)
    times = {name: as_time(table[name]) for name in ("first", "last", "as_of")}
    first, last, as_of = times["first"].min(), times["last"].max(), times["as_of"].max()
    return Scope(
        tasks=int(table["tasks"].sum()),
        not_fetched=int(table.loc[~fetched, "tasks"].sum()),
        first=None if pd.isna(first) else first,
        last=None if pd.isna(last) else last,
        as_of=None if pd.isna(as_of) else as_of,
    )


def scope_text(scope: Scope) -> list[str]:
    """The parts of a line that says it.

    Examples
    --------
    >>> scope_text(Scope(tasks=3, not_fetched=1, first=None, last=None, as_of=None))
    ['3 tasks', '1 not fetched']
    """
    parts = [units.counted(scope.tasks, "task")]
    if scope.not_fetched:
        parts.append(f"{units.count_text(scope.not_fetched)} not fetched")
    if scope.first is not None and scope.last is not None:
        first, last = f"{scope.first:%Y-%m-%d}", f"{scope.last:%Y-%m-%d}"
        parts.append(f"created {first} UTC" if first == last else f"created {first} to {last} UTC")
    if scope.as_of is not None:
        parts.append(f"as of {scope.as_of:%Y-%m-%d %H:%M} UTC")
    return parts


def fitting_period(first: datetime | None, last: datetime | None) -> str:
    """The period word that gives a legible number of bars from one time to another.

    Examples
    --------
    >>> from datetime import datetime
    >>> fitting_period(datetime(2026, 10, 1), datetime(2026, 10, 31)), fitting_period(None, None)
    ('1d', '1h')
    """
    days = (last - first).total_seconds() / 86_400 if first is not None and last is not None else 0
    return next((every for most, every in _SPANS if days <= most), "1mo")
