"""From when until when: what users write as a date, in UTC."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

__all__ = ["first_moment", "last_moment"]

# A year, a month or a day without a time stands for all of it, as in pandas' slices.
_PARTIAL: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def first_moment(since: Any, name: str = "since") -> pd.Timestamp | None:
    """The first moment that is meant; None for None.

    Parameters
    ----------
    since
        Text, date, datetime or Timestamp; without a time zone it is UTC.
    name
        The argument's name, for messages.

    Raises
    ------
    ValueError
        It is no date.

    Examples
    --------
    >>> first_moment("2026-10")
    Timestamp('2026-10-01 00:00:00+0000', tz='UTC')
    """
    period = _period(since, name)
    return _utc(period.start_time) if isinstance(period, pd.Period) else period


def last_moment(until: Any, name: str = "until") -> pd.Timestamp | None:
    """The last moment that is meant: of a day the end of it, of a time the time itself.

    Examples
    --------
    >>> last_moment("2026-10-31")
    Timestamp('2026-10-31 23:59:59.999999+0000', tz='UTC')
    >>> last_moment("2026-10-31T12:00")
    Timestamp('2026-10-31 12:00:00+0000', tz='UTC')
    """
    period = _period(until, name)
    # The API's times and the frame's have microseconds; the pandas lines differ below them.
    return _utc(period.end_time).floor("us") if isinstance(period, pd.Period) else period


def _period(given: Any, name: str) -> pd.Period | pd.Timestamp | None:
    if given is None:
        return None
    try:
        if isinstance(given, date) and not isinstance(given, datetime):
            return pd.Period(given, freq="D")
        if isinstance(given, str) and _PARTIAL.fullmatch(given.strip()):
            text = given.strip()
            return pd.Period(text, freq={4: "Y", 7: "M", 10: "D"}[len(text)])
        moment = pd.Timestamp(given) if isinstance(given, (str, datetime)) else pd.NaT
    except (ValueError, OverflowError):
        moment = pd.NaT
    if not isinstance(moment, pd.Timestamp):
        msg = f"{name}={given!r} is no date: give '2026-10-31', '2026-10', a date or a datetime"
        raise ValueError(msg)  # noqa: TRY004 - text may be no date either
    return _utc(moment)


def _utc(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
