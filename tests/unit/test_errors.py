"""One tree of errors, each of which is also the built-in that users would catch."""

from __future__ import annotations

import pandas as pd
import pytest

from scandoc_analytics import errors


@pytest.mark.parametrize(
    ("kind", "built_in", "retryable"),
    [
        (errors.ConfigError, ValueError, False),
        (errors.MissingExtraError, ImportError, False),
        (errors.AuthenticationError, PermissionError, False),
        (errors.NotFoundError, LookupError, False),
        (errors.SubscriptionError, PermissionError, False),
        (errors.InvalidRequestError, ValueError, False),
        (errors.RateLimitError, Exception, True),
        (errors.ServiceError, Exception, True),
        (errors.NetworkError, ConnectionError, True),
        (errors.PayloadError, ValueError, False),
        (errors.CacheError, Exception, False),
        (errors.FetchError, Exception, False),
    ],
)
def test_tree(kind: type[errors.ScandocError], built_in: type[Exception], retryable: bool) -> None:  # noqa: FBT001
    assert issubclass(kind, errors.ScandocError)
    assert issubclass(kind, built_in)
    assert kind.retryable is retryable


def test_every_error_is_exported() -> None:
    here = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, (errors.ScandocError, Warning))
    }
    assert here == set(errors.__all__)


def test_fields() -> None:
    refused = errors.InvalidRequestError("no", status_code=422, fields={"take": ("too big",)})
    assert refused.status_code == 422
    assert refused.fields == {"take": ["too big"]}
    limited = errors.RateLimitError("slow down", retry_after_s=3.5)
    assert (limited.status_code, limited.retry_after_s) == (429, 3.5)
    frame = pd.DataFrame()
    failed = errors.FetchError("all", frame=frame, failures={"task_a": refused})
    assert failed.frame is frame
    assert failed.failures == {"task_a": refused}
    assert str(failed) == "all"


def test_built_in_parents_do_not_swallow_the_message() -> None:
    # Some of them are OSErrors, which read their arguments in a way of their own.
    error = errors.AuthenticationError("the key is not accepted", status_code=401)
    assert str(error) == "the key is not accepted"
    assert error.args == ("the key is not accepted",)


def test_a_missing_extra_says_what_to_install() -> None:
    error = errors.MissingExtraError("Plots", "plot")
    assert str(error) == (
        "Plots needs packages that are not installed: pip install 'scandoc_analytics[plot]'"
    )
