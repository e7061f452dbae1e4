from __future__ import annotations

from scandoc_analytics.sandbox.traffic import RequestLog


def test_requests_are_counted_by_path_and_method() -> None:
    log = RequestLog()
    log.add("GET", "/v1/tasks", b"take=1")
    log.add("GET", "/v1/tasks", b"take=2")
    log.add("POST", "/v1/tasks")
    log.add("GET", "/v1/files")
    assert log.total == 4
    assert (log.count("/v1/tasks"), log.count("/v1/tasks", method="POST")) == (3, 1)
    assert log.count("/v1/events") == 0
    assert log.by_path() == {"/v1/tasks": 3, "/v1/files": 1}
    assert repr(log) == "<RequestLog: 4 requests>"


def test_clear_begins_again_but_for_the_number_of_attempts() -> None:
    log = RequestLog()
    log.add("GET", "/v1/tasks", b"take=1")
    log.clear()
    assert (log.total, log.by_path()) == (0, {})
    log.add("GET", "/v1/tasks", b"take=1")
    log.add("GET", "/v1/tasks", b"take=2")
    assert log.attempt("GET", "/v1/tasks", b"take=1") == 2
    assert log.attempt("GET", "/v1/tasks", b"take=2") == 1
