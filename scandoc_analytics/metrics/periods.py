"""Calendar buckets in UTC: an hour, a day, a week from Monday, a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from scandoc_analytics.metrics import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PERIODS", "check", "from_hours", "with_empty"]

#: The period words, with the numpy unit that a period starts on and the step to the next one.
PERIODS: Final[dict[str, tuple[str, np.timedelta64]]] = {
    "1h": ("h", np.timedelta64(1, "h")),
    "1d": ("D", np.timedelta64(1, "D")),
    "1w": ("D", np.timedelta64(7, "D")),
    "1mo": ("M", np.timedelta64(1, "M")),
}
_MOST_ROWS: Final = 2_000_000


def check(every: str) -> None:
    """Raise a ValueError that lists the period words if `every` is none of them."""
    if every not in PERIODS:
        words = ", ".join(map(repr, PERIODS))
        msg = f"every={every!r} is no period: use one of {words}"
        raise ValueError(msg)


def from_hours(hours: pd.Series[Any], every: str) -> pd.Series[Any]:
    """Start of the period that each count of hours since 1970 falls in; missing stays missing.

    Examples
    --------
    >>> from_hours(pd.Series([0, 489_000], dtype="Int64"), "1w").dt.strftime("%a %Y-%m-%d").tolist()
    ['Mon 1969-12-29', 'Mon 2025-10-13']
    """
    known = hours.notna().to_numpy()
    unit, _ = PERIODS[every]
    whole = hours[known].to_numpy("int64").astype("datetime64[h]").astype(f"datetime64[{unit}]")
    if every == "1w":
        # 1970-01-01 was a Thursday, three days after a Monday.
        whole -= (whole.astype("int64") + 3) % 7
    starts = np.full(len(hours), np.datetime64("NaT", "us"))
    starts[known] = whole
    return tables.as_time(pd.Series(starts, index=hours.index))


def with_empty(table: pd.DataFrame, keys: Sequence[str], every: str) -> pd.DataFrame:
    """Add a row of zeros for each group and period, first to last seen, that has none.

    Raises
    ------
    ValueError
        There would be more than two million rows.
    """
    seen = table["period"].dropna()
    if seen.empty:
        return table
    unit, step = PERIODS[every]
    first, last = (
        np.datetime64(time.tz_localize(None), "us").astype(f"datetime64[{unit}]")
        for time in (seen.min(), seen.max())
    )
    groups = table[list(keys)].drop_duplicates()
    count = (int((last - first) / step) + 1) * (len(groups) if keys else 1)
    if count > _MOST_ROWS:
        msg = (
            f"every={every!r} from {first} to {last} makes {count:,} rows: use a wider period, "
            "or leave out tasks with impossible times"
        )
        raise ValueError(msg)
    starts = np.arange(first, last + step, step).astype("datetime64[us]")
    periods = tables.as_time(pd.Series(starts)).to_frame("period")
    grid = groups.merge(periods, how="cross") if keys else periods
    counts = [name for name in table.columns if name not in {*keys, "period"}]
    grid = grid.assign(**dict.fromkeys(counts, 0))[list(table.columns)].astype(table.dtypes)
    whole = pd.concat([table, grid], ignore_index=True)
    return whole.drop_duplicates([*keys, "period"], ignore_index=True)
