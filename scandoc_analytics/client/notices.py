"""What a user is told beside the result: what failed, and what became of the cache."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Final

from scandoc_analytics.errors import (
    CacheError,
    CacheWarning,
    FetchError,
    FetchWarning,
    InvalidRequestError,
    NetworkError,
    NotFoundError,
    PayloadError,
    RateLimitError,
    ScandocError,
    ServiceError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from scandoc_analytics.service.cache import Cache

__all__ = ["report", "tell", "warn"]

_REASONS: Final[dict[type[ScandocError], str]] = {
    NotFoundError: "not found",
    InvalidRequestError: "refused",
    RateLimitError: "rate limited",
    ServiceError: "service failed",
    NetworkError: "no answer",
    PayloadError: "answer unreadable",
    CacheError: "not in the cache",
}
_ID_CHARACTERS: Final = 60


def report(
    frame: pd.DataFrame, failures: Mapping[str, ScandocError], asked: int, *, fatal: bool
) -> None:
    """One warning for all ids that failed; an error if it is fatal, or if every id failed."""
    if not failures:
        return
    if fatal or len(failures) == asked:
        raise FetchError(_summary(failures, asked), frame=frame, failures=failures)
    warn(f"{_summary(failures, asked)}; their rows say why in `fetch_error`", FetchWarning)


def tell(cache: Cache) -> None:
    """One warning for each thing that went wrong with the cache, the first time."""
    for notice in cache.notices():
        warn(notice, CacheWarning)


def warn(text: str, kind: type[Warning]) -> None:
    """A warning that points at the line of the user, however deep in here it arises."""
    depth = 1
    while str(sys._getframe(depth).f_globals.get("__name__")).startswith("scandoc_analytics."):  # noqa: SLF001
        depth += 1
    warnings.warn(text, kind, stacklevel=depth + 1)


def _summary(failures: Mapping[str, ScandocError], asked: int) -> str:
    """How many ids have no answer and why, in one sentence."""
    counts = Counter(_reason(error) for error in failures.values())
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common())
    example, error = next(iter(failures.items()))
    shown = example if len(example) <= _ID_CHARACTERS else f"{example[:_ID_CHARACTERS]}..."
    return (
        f"{len(failures):,} of {asked:,} tasks could not be fetched ({reasons}), for example "
        f"{shown!r}: {error}"
    )


def _reason(error: ScandocError) -> str:
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    return "failed"
