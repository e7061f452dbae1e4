"""What a running sandbox shares with its handle: how to behave, and which requests came."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scandoc_analytics.sandbox.faults import Faults, RateLimit

__all__ = ["Behaviour", "RequestLog"]


class RequestLog:
    """Counts of the requests that a sandbox has seen, faulty answers included.

    Paths are decoded and without the query. Counting and clearing is safe from any thread.

    Examples
    --------
    >>> log = RequestLog()
    >>> log.add("GET", "/v1/tasks", b"take=5")
    >>> log.total, log.count("/v1/tasks"), log.count("/v1/tasks", method="POST")
    (1, 1, 0)
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[tuple[str, str]] = Counter()
        self._attempts: Counter[tuple[str, str, bytes]] = Counter()

    def add(self, method: str, path: str, query: bytes = b"") -> None:
        """Count one request."""
        with self._lock:
            self._seen[method, path] += 1
            self._attempts[method, path, query] += 1

    def attempt(self, method: str, path: str, query: bytes) -> int:
        """How often exactly this was asked since the sandbox was made; `clear` leaves it."""
        with self._lock:
            return self._attempts[method, path, query]

    @property
    def total(self) -> int:
        """All requests."""
        with self._lock:
            return self._seen.total()

    def count(self, path: str, *, method: str | None = None) -> int:
        """Requests for one path, of one method or of any."""
        with self._lock:
            return sum(
                number
                for (seen_method, seen_path), number in self._seen.items()
                if seen_path == path and method in {None, seen_method}
            )

    def by_path(self) -> dict[str, int]:
        """Requests by path, of any method."""
        with self._lock:
            counts: Counter[str] = Counter()
            for (_, path), number in self._seen.items():
                counts[path] += number
            return dict(counts)

    def clear(self) -> None:
        """Start counting again from nothing."""
        with self._lock:
            self._seen.clear()

    def __repr__(self) -> str:
        return f"<RequestLog: {self.total:,} requests>"


@dataclass
class Behaviour:
    """How the sandbox behaves; may be changed while it runs."""

    faults: Faults | None = None
    latency_s: float = 0.0
    rate_limit: RateLimit | None = None
    subscribed: bool = True
    log: RequestLog = field(default_factory=RequestLog)
