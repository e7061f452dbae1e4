"""The service's error bodies (RFC 7807 in form, with `message` in the place of `detail`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

__all__ = ["Problem"]

_DOCS: Final = "https://scan-documents.com/docs/errors"
_FAULT: Final = "An unexpected error occurred. Contact support if the problem persists."


@dataclass
class Problem(Exception):  # noqa: N818 - the word of the standard that defines the body
    """An answer other than success; raised where it is found, sent by the application."""

    status: int
    slug: str
    title: str
    message: str | None = None
    errors: dict[str, list[str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Give the JSON, members in the order of the service's samples."""
        members: dict[str, Any] = {
            "type": f"{_DOCS}/{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.errors is not None:
            members["errors"] = self.errors
        if self.message is not None:
            members["message"] = self.message
        return orjson.dumps(members)

    @classmethod
    def unauthorized(cls) -> Problem:
        """401: the key is missing or wrong."""
        message = "You are not authorized to access this resource."
        return cls(401, "unauthorized", "Unauthorized", message)

    @classmethod
    def not_found(cls, resource: str, wanted: str) -> Problem:
        """404: this account has no such thing."""
        return cls(404, "not-found", "Not Found", f"{resource} with id {wanted} not found.")

    @classmethod
    def method_not_allowed(cls, method: str, allowed: str) -> Problem:
        """405: the path has no such method."""
        message = f"Method {method} is not allowed here."
        return cls(
            405, "method-not-allowed", "Method Not Allowed", message, headers={"Allow": allowed}
        )

    @classmethod
    def no_subscription(cls) -> Problem:
        """409: the account has no paid plan."""
        message = "User does not have an active subscription"
        return cls(409, "no-subscription", "No Subscription", message)

    @classmethod
    def invalid(cls, errors: dict[str, list[str]]) -> Problem:
        """422: complaints by field."""
        return cls(422, "validation-error", "Validation Error", errors=errors)

    @classmethod
    def malformed(cls, message: str) -> Problem:
        """422: the request as a whole cannot be read."""
        return cls(422, "validation-error", "Validation Error", message)

    @classmethod
    def rate_limited(cls, headers: dict[str, str]) -> Problem:
        """429: too many requests."""
        message = "Rate limit exceeded. Please try again later or contact support."
        return cls(429, "rate-limit-error", "Rate Limit Exceeded", message, headers=headers)

    @classmethod
    def internal(cls) -> Problem:
        """500: a fault of the service."""
        return cls(500, "internal-error", _FAULT, _FAULT)
