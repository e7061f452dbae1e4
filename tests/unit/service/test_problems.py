"""Errors of the service in our words; its own words are quoted, shortened, and on one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scandoc_analytics import errors
from scandoc_analytics.service.problems import problem, shown


@pytest.mark.parametrize(
    ("example", "status", "kind", "message"),
    [
        (
            "error-401-unauthorized",
            401,
            errors.AuthenticationError,
            "the service does not accept the API key (401: ",
        ),
        ("error-404-not-found-task", 404, errors.NotFoundError, "not found: the account has no "),
        ("error-409-no-subscription", 409, errors.SubscriptionError, "no active subscription (409"),
        ("error-422-message-only", 422, errors.InvalidRequestError, "refused the request (422: "),
        ("error-429-rate-limit", 429, errors.RateLimitError, "too many requests (429: "),
        ("error-500-internal", 500, errors.ServiceError, "the service failed (500: "),
        ("error-503-rfc7807-detail", 503, errors.ServiceError, "the service failed (503: "),
    ],
)
def test_the_examples(
    examples: dict[str, Any],
    example: str,
    status: int,
    kind: type[errors.ScandocError],
    message: str,
) -> None:
    body = examples[example]
    error = problem(status, json.dumps(body).encode(), asked="task 'a'")
    assert type(error) is kind
    assert error.status_code == status
    assert message in str(error)
    assert repr(body.get("message") or body.get("detail")) in str(error)
    assert "task 'a'" in str(error)


def test_fields(examples: dict[str, Any]) -> None:
    body = examples["error-422-validation"]
    error = problem(422, json.dumps(body).encode(), asked="task 'a'")
    assert isinstance(error, errors.InvalidRequestError)
    assert set(error.fields) == set(body["errors"])
    for name in body["errors"]:
        assert f"{name}: " in str(error)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "(500)"),
        (b"<html>\x1b[31mred</html>", "(500: '<html>\\x1b[31mred</html>')"),
        (b"[1]", "(500: '[1]')"),
        (b'{"message": 5, "title": "Oops"}', "(500: 'Oops')"),
        (b'{"message": "", "detail": "d"}', "(500: 'd')"),
        (b'{"errors": ["x"]}', "(500)"),
        (b'{"errors": {"a": "x", "b": [1, "y"]}}', "(500: a: 'x'; b: '1', 'y')"),
        (b'{"message": "a\\nb\\u202e"}', "(500: 'a\\nb\\u202e')"),
        (b"\xff\xfe", "(500: '\ufffd\ufffd')"),
    ],
)
def test_hostile_bodies(body: bytes, says: str) -> None:
    message = str(problem(500, body, asked="task 'a'"))
    assert says in message
    assert message.isprintable()


def test_long_texts_are_shortened() -> None:
    body = json.dumps({"message": "x" * 100_000}).encode()
    message = str(problem(500, body, asked="task 'a'"))
    assert len(message) < 400
    assert "... (100,000 characters)" in message
    many = {f"field_{i}" * 99: ["y" * 999] * 99 for i in range(99)}
    assert len(str(problem(422, json.dumps({"errors": many}).encode(), asked="x"))) < 25_000


def test_the_wait_is_told() -> None:
    error = problem(429, b"", asked="task 'a'", retry_after_s=120.0)
    assert isinstance(error, errors.RateLimitError)
    assert error.retry_after_s == 120.0
    assert "(429, wait 2 min)" in str(error)


def test_shown() -> None:
    assert shown("it's") == '"it\'s"'
    assert shown(None) == "'None'"
    assert shown("abcdef", 3) == "'abc'... (6 characters)"
