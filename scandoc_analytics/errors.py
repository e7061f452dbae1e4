"""The exception tree: everything that this package raises on purpose is a `ScandocError`.

A message says what was asked, what came, and what to do next. Fields are for code, the message is
for people. Standard library only, so that any module may import this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = [
    "AuthenticationError",
    "CacheError",
    "CacheWarning",
    "ConfigError",
    "FetchError",
    "FetchWarning",
    "InvalidRequestError",
    "MissingExtraError",
    "NetworkError",
    "NotFoundError",
    "PayloadError",
    "RateLimitError",
    "ScandocError",
    "ServiceError",
    "SubscriptionError",
]


class ScandocError(Exception):
    """Base of every error of this package.

    Attributes
    ----------
    status_code
        The HTTP status that the service answered with; None where no answer was involved.
    retryable
        Whether the same call may succeed later without anything being changed.
    frame
        What had arrived before the error ended a batch, as a flat frame; None outside a batch.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, status_code: int | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.frame: pd.DataFrame | None = None


class ConfigError(ScandocError, ValueError):
    """A client cannot be made from these settings: no key, a bad address, a bad number."""


class MissingExtraError(ScandocError, ImportError):
    """An optional feature was used whose packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs packages that are not installed: "
            f"pip install 'scandoc_analytics[{extra}]'"
        )


class AuthenticationError(ScandocError, PermissionError):
    """The service does not accept the key (401)."""


class NotFoundError(ScandocError, LookupError):
    """The account has no task or file with this id (404)."""


class SubscriptionError(ScandocError, PermissionError):
    """The account has no active subscription, or its allowance is spent (409)."""


class InvalidRequestError(ScandocError, ValueError):
    """The service refused what was asked (422 and the other 4xx).

    Attributes
    ----------
    fields
        The service's complaints by field name; empty when it named no field.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message, status_code=status_code)
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}


class RateLimitError(ScandocError):
    """The service asks for fewer requests (429), and the retries are used up.

    Attributes
    ----------
    retry_after_s
        Seconds that the service asked to wait; None when it did not say.
    """

    retryable = True

    def __init__(
        self, message: str, *, status_code: int | None = 429, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, status_code=status_code)
        self.retry_after_s = retry_after_s


class ServiceError(ScandocError):
    """The service failed to answer (5xx, 408), and the retries are used up."""

    retryable = True


class NetworkError(ScandocError, ConnectionError):
    """No answer came: refused, reset, timed out, or the name was not found."""

    retryable = True


class PayloadError(ScandocError, ValueError):
    """An answer or a payload is not what the contract says: no JSON, no object, no id, a loop."""


class CacheError(ScandocError):
    """The cache cannot do what was asked: offline without the answer, a store that cannot open."""


class FetchError(ScandocError):
    """A batch failed: every id failed, or one did under ``errors="raise"``.

    Attributes
    ----------
    frame
        The whole batch as a flat frame, failed ids as rows with ``fetch_error``.
    failures
        The error of each failed id.
    """

    def __init__(
        self, message: str, *, frame: pd.DataFrame, failures: Mapping[str, ScandocError]
    ) -> None:
        super().__init__(message)
        self.frame = frame
        self.failures = dict(failures)


class FetchWarning(UserWarning):
    """Some ids of a batch could not be fetched; their rows say why in ``fetch_error``."""


class CacheWarning(UserWarning):
    """The cache cannot be used as asked; the work goes on without it, or with less of it."""
