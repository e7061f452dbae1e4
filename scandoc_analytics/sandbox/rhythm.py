"""When a company works: office hours in UTC, quiet weekends, one outage in the month."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from scandoc_analytics.sandbox.records import DAY_MS

if TYPE_CHECKING:
    import random

__all__ = ["MONTH_DAYS", "Rhythm"]

MONTH_DAYS: Final = 30
_HOUR_MS: Final = DAY_MS // 24
_SATURDAY: Final = 5
_WEEKEND_SHARE: Final = 0.12
_OUTAGE_MS: Final = 3 * _HOUR_MS


class Rhythm:
    """Draws the moments of a month that ends now."""

    def __init__(self, rng: random.Random, now_ms: int) -> None:
        self._rng = rng
        self._now_ms = now_ms
        self._first_ms = now_ms - MONTH_DAYS * DAY_MS
        self._hours = range(MONTH_DAYS * 24)
        weights = [_busy(self._first_ms + hour * _HOUR_MS) for hour in self._hours]
        self._weights = list(itertools.accumulate(weights))
        middle = now_ms - rng.randrange(8, 22) * DAY_MS
        while _weekday(middle) >= _SATURDAY:
            middle -= DAY_MS
        self._outage_ms = middle // DAY_MS * DAY_MS + rng.randrange(9, 15) * _HOUR_MS

    def working_moment_ms(self) -> int:
        """Draw a moment when people send documents."""
        hour = self._rng.choices(self._hours, cum_weights=self._weights)[0]
        return self._first_ms + hour * _HOUR_MS + self._rng.randrange(_HOUR_MS)

    def moment_just_now_ms(self) -> int:
        """Draw a moment in the last minutes."""
        return self._now_ms - int(self._rng.expovariate(1 / 25_000))

    def in_outage(self, at_ms: int) -> bool:
        """Whether the workers were failing then."""
        return self._outage_ms <= at_ms < self._outage_ms + _OUTAGE_MS


def _weekday(at_ms: int) -> int:
    """Give 0 for Monday; 1970 began on a Thursday."""
    return (at_ms // DAY_MS + 3) % 7


def _busy(at_ms: int) -> float:
    """Give the relative load of an hour: two bumps in the day, a batch in the small hours."""
    hour = at_ms % DAY_MS / _HOUR_MS
    day = math.exp(-(((hour - 9.5) / 1.9) ** 2)) + 0.85 * math.exp(-(((hour - 14.5) / 2.1) ** 2))
    night_batch = 0.12 * math.exp(-(((hour - 2) / 0.8) ** 2))
    share = _WEEKEND_SHARE if _weekday(at_ms) >= _SATURDAY else 1.0
    return 0.015 + share * (day + night_batch)
