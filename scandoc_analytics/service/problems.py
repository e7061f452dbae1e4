"""HTTP statuses and problem bodies into the errors of this package.

Texts of the service are hostile: they are quoted, shortened, and never hold a control character.
"""

from __future__ import annotations

from typing import Any, Final

from scandoc_analytics.config import KEY_ENV
from scandoc_analytics.errors import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PayloadError,
    RateLimitError,
    ScandocError,
    ServiceError,
    SubscriptionError,
)
from scandoc_analytics.service.answers import decode
from scandoc_analytics.units import duration_text

__all__ = ["RETRIED", "decoded", "problem", "shown"]

#: Statuses after which the same request may succeed. A 409 is none: the account is not active.
RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})

_MOST_CHARACTERS: Final = 200
_MOST_FIELDS: Final = 10


def shown(text: object, most: int = _MOST_CHARACTERS) -> str:
    """A text from outside as it may stand in a message: quoted, on one line, shortened."""
    if not isinstance(text, str):
        text = repr(text)
    if len(text) <= most:
        return repr(text)
    return f"{text[:most]!r}... ({len(text):,} characters)"


def problem(
    status: int, body: bytes, *, asked: str, retry_after_s: float | None = None
) -> ScandocError:
    """The error for an answer that is no 2xx; ``asked`` says what for, such as ``task 'a'``."""
    fields, said = _said(body)
    came = f"{status}: {said}" if said else f"{status}"
    if status == 401:  # noqa: PLR2004 - the HTTP statuses speak for themselves here
        return AuthenticationError(
            f"the service does not accept the API key ({came}), asked for {asked}; "
            f"check {KEY_ENV} or api_key=, and that the base URL is the right one",
            status_code=status,
        )
    if status == 404:  # noqa: PLR2004
        return NotFoundError(
            f"not found: the account has no {asked} ({came}); check the id, and whose key it is",
            status_code=status,
        )
    if status == 409:  # noqa: PLR2004
        return SubscriptionError(
            f"the account has no active subscription ({came}), asked for {asked}; "
            "see to it in the dashboard, then ask again",
            status_code=status,
        )
    if status == 429:  # noqa: PLR2004
        wait = "" if retry_after_s is None else f", wait {duration_text(retry_after_s)}"
        return RateLimitError(
            f"too many requests ({came}{wait}), asked for {asked}; ask again later, or with "
            "fewer workers or requests_per_second=",
            retry_after_s=retry_after_s,
        )
    if status >= 500 or status in RETRIED:  # noqa: PLR2004
        return ServiceError(
            f"the service failed ({came}), asked for {asked}; ask again later",
            status_code=status,
        )
    return InvalidRequestError(
        f"the service refused the request ({came}), asked for {asked}; check the id",
        status_code=status,
        fields=fields,
    )


def decoded(body: bytes, asked: str) -> Any:
    """What an answer says, as Python values.

    Raises
    ------
    PayloadError
        What was ``asked`` for, and what came instead of JSON.
    """
    try:
        return decode(body)
    except ValueError:
        came = shown(body[:400].decode(errors="replace")) if body else "nothing"
        msg = f"asked for {asked}, the answer is no JSON: {came}"
        raise PayloadError(msg) from None


def _said(body: bytes) -> tuple[dict[str, list[str]], str]:
    """Complaints by field, and all that the body says as one text."""
    try:
        said = decode(body)
    except ValueError:
        return {}, shown(body[: _MOST_CHARACTERS * 4].decode(errors="replace")) if body else ""
    if not isinstance(said, dict):
        return {}, shown(said)
    fields = _fields(said.get("errors"))
    parts = [
        shown(said[member])
        for member in ("message", "detail", "title")
        if isinstance(said.get(member), str) and said[member]
    ][:1]
    parts += [f"{shown(name)[1:-1]}: {', '.join(texts)}" for name, texts in fields.items()]
    return fields, "; ".join(parts)


def _fields(errors: Any) -> dict[str, list[str]]:
    if not isinstance(errors, dict):
        return {}
    named = list(errors.items())[:_MOST_FIELDS]
    return {
        shown(name)[1:-1]: [
            shown(text) for text in (texts if isinstance(texts, list) else [texts])[:_MOST_FIELDS]
        ]
        for name, texts in named
    }
