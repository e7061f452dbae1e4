"""How a sandbox misbehaves on request: which attempt is hit by which fault, and the rate limit."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, fields
from typing import Final, Literal

__all__ = ["SHARES", "Bucket", "Faults", "RateLimit"]

#: Each kind, by the name of its share in `Faults`.
SHARES: Final = (
    "server_error",
    "rate_limited",
    "rate_limited_with_wait",
    "slow",
    "hang",
    "reset",
    "truncated",
    "html",
    "wrong_content_type",
    "empty",
    "foreign_next",
)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Shares of answers that go wrong, between 0 and 1, drawn anew for each attempt.

    The draw depends on the seed, the request and the number of the attempt alone: the same run
    meets the same faults, and asking again gets through.

    Parameters
    ----------
    server_error
        500 with the service's own body.
    rate_limited, rate_limited_with_wait
        429 without, and with, a word on how long to wait.
    slow
        The right answer, `slow_s` late.
    hang
        No answer for `hang_s`, then the connection closes.
    reset
        The connection is reset. What was asked (a POST) has been done.
    truncated
        A complete HTTP answer whose JSON is cut in half.
    html
        A page of HTML with status 200, as a proxy or a captive portal gives it.
    wrong_content_type
        The right JSON, called text/plain.
    empty
        Status 200 and no body.
    foreign_next
        On a list: `links.next` leads to another host. On anything else: the right answer.
    seed
        Another seed, other attempts.
    slow_s, hang_s, wait_s
        Seconds; `wait_s` is what a 429 asks for: ``Retry-After`` where it is whole, else
        ``retry-after-ms``.

    Examples
    --------
    >>> Faults(server_error=0.5).draw("GET", "/v1/tasks", b"", 1) in {None, "server_error"}
    True
    """

    server_error: float = 0.0
    rate_limited: float = 0.0
    rate_limited_with_wait: float = 0.0
    slow: float = 0.0
    hang: float = 0.0
    reset: float = 0.0
    truncated: float = 0.0
    html: float = 0.0
    wrong_content_type: float = 0.0
    empty: float = 0.0
    foreign_next: float = 0.0
    seed: int = 0
    slow_s: float = 0.5
    hang_s: float = 30.0
    wait_s: float = 1.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name != "seed" and not (math.isfinite(value) and value >= 0):
                msg = f"{one.name}={value!r}: give a number of 0 or more"
                raise ValueError(msg)
        total = sum(getattr(self, name) for name in SHARES)
        if total > 1 + 1e-9:
            msg = f"the shares of the faults add up to {total:g}: make it 1 or less"
            raise ValueError(msg)

    @classmethod
    def mixed(cls, share: float, *, seed: int = 0, hang_s: float = 2.0) -> Faults:
        """Every kind in equal parts, `share` of all attempts in sum.

        Hanging is short here: where no client gives up first, the run only takes a while longer.

        Examples
        --------
        >>> faults = Faults.mixed(0.11)
        >>> round(faults.reset, 3), faults.hang_s
        (0.01, 2.0)
        """
        each = share / len(SHARES)
        return cls(**dict.fromkeys(SHARES, each), seed=seed, hang_s=hang_s)

    def draw(self, method: str, path: str, query: bytes, attempt: int) -> str | None:
        """Name the fault that hits this attempt (from 1); None for none."""
        text = f"{self.seed}\0{method}\0{path}\0{attempt}\0".encode("utf-8", "replace") + query
        drawn = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) / 2**64
        for name in SHARES:
            drawn -= getattr(self, name)
            if drawn < 0:
                return name
        return None

    def wait_headers(self) -> dict[str, str]:
        """How the 429 with a wait says it."""
        return wait_headers(
            self.wait_s, "retry-after" if self.wait_s % 1 == 0 else "retry-after-ms"
        )


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """How many requests each account may send; one more is answered 429.

    Parameters
    ----------
    requests_per_second
        The rate that can be kept up.
    burst
        How many may come at once after a rest.
    header
        How the 429 tells the time until the next request is welcome: in ``Retry-After`` (whole
        seconds, rounded up), in ``retry-after-ms``, or not at all (None).
    """

    requests_per_second: float
    burst: int = 1
    header: Literal["retry-after", "retry-after-ms"] | None = "retry-after"

    def __post_init__(self) -> None:
        if not self.requests_per_second > 0 or self.burst < 1:
            msg = (
                f"requests_per_second={self.requests_per_second!r}, burst={self.burst!r}: "
                "give a rate above 0 and a burst of 1 or more"
            )
            raise ValueError(msg)


class Bucket:
    """A token bucket: what one account has left of its rate limit."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._tokens = float(limit.burst)
        self._filled = time.monotonic()

    def take(self) -> dict[str, str] | None:
        """Take one request: None where it may pass, else the headers of the refusal."""
        now = time.monotonic()
        gained = (now - self._filled) * self._limit.requests_per_second
        self._tokens = min(self._limit.burst, self._tokens + gained)
        self._filled = now
        if self._tokens >= 1:
            self._tokens -= 1
            return None
        return wait_headers(
            (1 - self._tokens) / self._limit.requests_per_second, self._limit.header
        )


def wait_headers(seconds: float, header: str | None) -> dict[str, str]:
    """Say how long to wait under the name of a header; nothing for no header."""
    if header is None:
        return {}
    if header == "retry-after":
        return {"Retry-After": str(math.ceil(seconds))}
    return {"retry-after-ms": str(math.ceil(seconds * 1000))}
