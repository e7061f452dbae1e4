"""Periods along the axis: one or four hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from scandoc_analytics import units
from scandoc_analytics.plot import _canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Locator

__all__ = ["DAYS", "NOUNS", "along_periods", "days", "up_counts"]

#: Days of a period, to draw it; of a month as many as the shortest has.
DAYS: Final = {"1h": 1 / 24, "1d": 1.0, "1w": 7.0, "1mo": 28.0}
NOUNS: Final = {"1h": "hour", "1d": "day", "1w": "week from Monday", "1mo": "month"}
_TICK_SIGNS: Final = 9
#: Ticks of years, months, days, hours, minutes, seconds; and those of them that begin the next
#: larger unit. Digits alone, so that they read the same in every language.
_FORMATS: Final = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"]
_ZERO_FORMATS: Final = ["%Y", "%Y-%m", "%m-%d", "%m-%d", "%H:%M", "%H:%M"]


def days(periods: pd.Series[pd.Timestamp]) -> np.ndarray[Any, Any]:
    """Starts of periods as matplotlib counts time: days since 1970, in UTC."""
    return np.asarray(date2num(periods.dt.tz_localize(None).to_numpy()), dtype="float64")  # type: ignore[no-untyped-call]


def along_periods(ax: Axes, starts: np.ndarray[Any, Any], every: str) -> None:
    """Ticks at starts of periods, as many as are legible, and the whole span in words."""
    most = max(_canvas.signs(ax) // _TICK_SIGNS, 3)
    locator: Locator = FixedLocator(starts.tolist())
    if len(starts) > most:
        locator = AutoDateLocator(minticks=3, maxticks=most)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(
        ConciseDateFormatter(  # type: ignore[no-untyped-call]
            locator, formats=_FORMATS, zero_formats=_ZERO_FORMATS, show_offset=False
        )
    )
    margin = DAYS[every] * (0.6 if len(starts) > 1 else 1.5)
    ax.set_xlim(starts[0] - margin, starts[-1] + margin)
    first, last = (
        units.time_text(pd.Timestamp(start, unit="D").round("s").to_pydatetime())
        for start in (starts[0], starts[-1])
    )
    if len(starts) == 1:
        # Of a day alone the formatter would tell the hour.
        ax.xaxis.set_major_formatter(FuncFormatter(lambda *_: first))
    span = first if first == last else f"{first} to {last}"
    ax.set_xlabel(f"{NOUNS[every]}, {span} UTC", fontsize=_canvas.SMALL)


def up_counts(ax: Axes, noun: str) -> None:
    """Whole numbers with a comma between thousands, from 0."""
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: units.count_text(value)))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(noun, fontsize=_canvas.SMALL)
    ax.grid(axis="y", alpha=0.25, linewidth=0.6)
