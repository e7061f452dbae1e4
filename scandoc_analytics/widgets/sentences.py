"""An error as one plain sentence for somebody who looks at a widget: what, and what to do."""

from __future__ import annotations

from typing import Final

from scandoc_analytics import units
from scandoc_analytics.config import KEY_ENV
from scandoc_analytics.errors import (
    AuthenticationError,
    CacheError,
    FetchError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    ScandocError,
    ServiceError,
    SubscriptionError,
)

__all__ = ["sentence"]

_SAID: Final[tuple[tuple[type[ScandocError], str], ...]] = (
    (
        AuthenticationError,
        f"The service does not accept the API key: check {KEY_ENV}, then make a new client.",
    ),
    (
        SubscriptionError,
        "The account has no active subscription: see to it in the dashboard, then try again.",
    ),
    (ServiceError, "The service has a problem of its own: try again in a minute."),
    (
        NetworkError,
        "The service cannot be reached: check the network and the address, then try again.",
    ),
)
_MOST: Final = 300


def sentence(error: Exception, *, what: str = "") -> str:
    """What went wrong and what to do, in one plain sentence.

    Parameters
    ----------
    error
        An error of this package, or of the file system.
    what
        What was asked for, such as ``task 'task_a1'``.

    Examples
    --------
    >>> from scandoc_analytics.errors import NotFoundError
    >>> sentence(NotFoundError("not found"), what="task 'task_a1'")
    "The account has no task 'task_a1': check the id, and that the key is the right account's."
    """
    if isinstance(error, FetchError) and error.failures:
        return _all_failed(error)
    if isinstance(error, NotFoundError):
        return (
            f"The account has no {what or 'such task or file'}: "
            "check the id, and that the key is the right account's."
        )
    if isinstance(error, RateLimitError):
        wait_s = error.retry_after_s
        when = f"in {units.duration_text(wait_s)}" if wait_s else "in a minute"
        return f"The service asks for fewer requests: try again {when}."
    known = next((text for kind, text in _SAID if isinstance(error, kind)), None)
    return known or _as_it_says(error)


def _all_failed(error: FetchError) -> str:
    reasons = {type(reason) for reason in error.failures.values()}
    if len(reasons) == 1:
        return sentence(next(iter(error.failures.values())), what="such tasks")
    return f"None of the {len(error.failures):,} tasks could be fetched, for several reasons."


def _as_it_says(error: Exception) -> str:
    said = units.cut(units.plain(str(error)), _MOST)
    if isinstance(error, CacheError):
        return f"The cache does not have it: {said}."
    return f"{said[:1].upper()}{said[1:]}." if said else "That did not work: try again."
