"""When the next request may be sent: one gate for all workers of a client."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Final

from scandoc_analytics.errors import MissingExtraError, RateLimitError
from scandoc_analytics.units import duration_text

if TYPE_CHECKING:
    from requests_ratelimiter import Limiter

__all__ = ["LONGEST_WAIT_S", "Gate"]

#: A service that asks for a longer wait is not waited for: the user decides.
LONGEST_WAIT_S: Final = 60.0

# After a 429 the workers leave one by one, this far apart; twice as far after each further 429.
_FIRST_SPACING_S: Final = 0.02
_MOST_SPACING_S: Final = 5.0
_SHRINK: Final = 0.8


class Gate:
    """All workers pass here before each attempt; when one is told to wait, all do.

    Once a rate limit was hit, the workers do not rush through together when the wait is over:
    they pass one by one, further apart after each further 429 and closer with each success.
    """

    def __init__(self, requests_per_second: float | None = None) -> None:
        self._lock = threading.Lock()
        self._opens_at = 0.0
        self._next_slot = 0.0
        self._spacing_s = 0.0
        self._closed_at = -math.inf
        self._succeeded_at = -math.inf
        self._refused_until = -math.inf
        self._refused_for_s = 0.0
        self._limiter = _limiter(requests_per_second) if requests_per_second else None
        self._interval_s = 1 / requests_per_second if requests_per_second else 0.0

    def enter(self, stop: threading.Event) -> float:
        """Wait for one's turn, and give the moment of leaving; at once when ``stop`` is set.

        Raises
        ------
        RateLimitError
            The service has just asked for a wait longer than `LONGEST_WAIT_S`.
        """
        slot = step = 0.0
        while not stop.is_set():
            now = time.monotonic()
            with self._lock:
                if now < self._refused_until:
                    break
                # Also for those who wait for the limiter: a 429 holds them up too.
                if slot < self._opens_at or slot == 0.0:
                    # The limiter decides; the slots keep the workers from asking it all at once.
                    step = max(self._spacing_s, self._interval_s)
                    slot = max(now, self._opens_at, self._next_slot)
                    self._next_slot = slot + step
            wait_s = slot - now
            if wait_s <= 0:
                if self._limiter is None or self._limiter.try_acquire("service", blocking=False):
                    return now
                wait_s = self._interval_s / 10
            stop.wait(wait_s)
        with self._lock:
            # Nobody leaves in this slot: whoever comes next need not wait for it.
            self._next_slot -= step
        if not stop.is_set():
            msg = (
                "not sent: the service asked a moment ago to wait "
                f"{duration_text(self._refused_for_s)} (429); try again then"
            )
            raise RateLimitError(msg, retry_after_s=self._refused_for_s)
        return time.monotonic()

    def close(self, wait_s: float, *, left_at: float) -> None:
        """Let nobody through for so long, after a 429 to the attempt that left at ``left_at``."""
        now = time.monotonic()
        with self._lock:
            # Those that were under way already say nothing new.
            if left_at >= self._closed_at:
                # The wait that was asked for is about the time that one request costs.
                most = min(max(wait_s, _FIRST_SPACING_S), _MOST_SPACING_S)
                self._spacing_s = min(max(2 * self._spacing_s, _FIRST_SPACING_S), most)
                self._closed_at = now
            if wait_s > LONGEST_WAIT_S:
                self._refused_until = now + LONGEST_WAIT_S
                self._refused_for_s = wait_s
            else:
                self._opens_at = max(self._opens_at, now + wait_s)

    def others_passed(self, since: float) -> bool:
        """Whether the service has answered anybody since that moment."""
        return self._succeeded_at > since

    def succeeded(self) -> None:
        """Let the workers come a little closer together again."""
        self._succeeded_at = time.monotonic()
        if self._spacing_s:
            with self._lock:
                shorter = self._spacing_s * _SHRINK
                self._spacing_s = shorter if shorter > _FIRST_SPACING_S / 10 else 0.0


def _limiter(requests_per_second: float) -> Limiter:
    try:
        from requests_ratelimiter import Limiter, Rate  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        feature = "requests_per_second"
        raise MissingExtraError(feature, "polite") from error
    # One at a time rather than a second's worth at once: the production shares the limit.
    return Limiter(Rate(1, max(1, round(1000 / requests_per_second))))
