"""Batches of ids: in the order asked, each once, whatever becomes of them."""

from __future__ import annotations

import threading
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics.schema import empty_frame
from tests.unit.conftest import Reply, Service, completed, pending


@pytest.mark.parametrize(
    "wrap",
    [list, tuple, pd.Series, pd.Index, np.array, iter, dict.fromkeys, lambda ids: (i for i in ids)],
    ids=["list", "tuple", "Series", "Index", "array", "iterator", "dict", "generator"],
)
def test_any_sequence_of_ids(service: Service, wrap: Any) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in (3, 1, 2)))
    frame = service.make_client().fetch_tasks(wrap(ids))
    assert frame["task_id"].tolist() == ["task_3", "task_1", "task_2"]
    assert frame["file_size_bytes"].tolist() == [100, 100, 100]


def test_one_id_and_a_set(service: Service) -> None:
    service.add(completed("task_a"), completed("task_b"))
    client = service.make_client()
    assert client.fetch_tasks("task_a")["task_id"].tolist() == ["task_a"]
    assert set(client.fetch_tasks({"task_a", "task_b"})["task_id"]) == {"task_a", "task_b"}


def test_duplicates_are_asked_once_at_their_first_place(service: Service) -> None:
    service.add(pending("task_a"), pending("task_b"))
    frame = service.make_client().fetch_tasks(["task_b", "task_a", " task_b\n", "task_a"])
    assert frame["task_id"].tolist() == ["task_b", "task_a"]
    assert len(service.requests) == 2


def test_no_ids_no_request(service: Service) -> None:
    frame = service.make_client(api_key="sk_wrong").fetch_tasks([])
    pd.testing.assert_frame_equal(frame, empty_frame())
    assert service.requests == []


@pytest.mark.parametrize(
    ("task_ids", "kind", "says"),
    [
        (["a", None], TypeError, r"task_ids\[1\] is None, of type NoneType: ids are text"),
        (["a", float("nan")], TypeError, r"task_ids\[1\] is nan, of type float"),
        ([7], TypeError, r"task_ids\[0\] is 7, of type int"),
        ([pd.NA], TypeError, r"task_ids\[0\] is <NA>"),
        ([["a" * 100]], TypeError, r"task_ids\[0\] is \['a{58}\.\.\., of type list"),
        (["a", "  "], ValueError, r"task_ids\[1\] is empty"),
        ("", ValueError, "task_id is empty"),
        (None, TypeError, "task_ids is None: give a list"),
        (5, TypeError, "task_ids is 5: give a list"),
        (b"task_a", TypeError, "task_ids is b'task_a': give a list"),
        (pd.DataFrame({"task_id": ["a"]}), TypeError, r"give its column of ids"),
    ],
)
def test_ids_that_are_none(
    service: Service, task_ids: Any, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        service.make_client().fetch_tasks(task_ids)
    assert service.requests == []


def test_a_bad_id_is_a_row_that_says_why(service: Service) -> None:
    service.add(completed("task_a"))
    hostile = ["a b", "x/../y", 'it\'s "quoted"', "two\nlines", "z" * 10_000, "ü", "%2F", "?take=1"]
    with pytest.warns(sda.FetchWarning) as caught:
        frame = service.make_client().fetch_tasks([*hostile, "task_a"])
    assert frame["task_id"].tolist() == [*hostile, "task_a"]
    assert frame["fetch_error"].str.startswith("not found").tolist()[:-1] == [True] * 8
    assert frame["fetch_error"].str.len().max() < 400
    assert not frame["fetch_error"].str.contains("\n").any()
    assert frame["status"].isna().tolist() == [True] * 8 + [False]
    (warning,) = caught
    assert str(warning.message).startswith(
        "8 of 9 tasks could not be fetched (8 not found), for example 'a b': not found: the account"
    )
    assert str(warning.message).endswith("their rows say why in `fetch_error`")
    assert warning.filename == __file__


def test_reasons_are_counted(service: Service) -> None:
    service.add(completed("task_a"))
    service.script["/v1/tasks/b"].extend([Reply(500)] * 9)
    service.script["/v1/tasks/c"].append(Reply(422, {"errors": {"id": ["too short"]}}))
    with pytest.warns(sda.FetchWarning, match=r"2 not found, 1 service failed, 1 refused"):
        frame = service.make_client().fetch_tasks(["x", "y", "b", "c", "task_a"])
    said = frame.set_index("task_id")["fetch_error"]
    assert said["c"] == (
        "the service refused the request (422: id: 'too short'), asked for task 'c'; check the id"
    )


def test_errors_raise(service: Service) -> None:
    service.add(completed("task_a"))
    with pytest.raises(sda.FetchError, match="1 of 2 tasks") as caught:
        service.make_client().fetch_tasks(["x", "task_a"], errors="raise")
    assert caught.value.frame is not None
    assert caught.value.frame["task_id"].tolist() == ["x", "task_a"]
    assert list(caught.value.failures) == ["x"]
    assert isinstance(caught.value.failures["x"], sda.NotFoundError)


def test_every_id_failed(service: Service) -> None:
    with pytest.raises(sda.FetchError, match=r"2 of 2 tasks could not be fetched \(2 not found\)"):
        service.make_client().fetch_tasks(["x", "y"])


def test_errors_must_be_one_of_two(service: Service) -> None:
    with pytest.raises(ValueError, match="errors='ignore' is neither"):
        service.make_client().fetch_tasks(["a"], errors="ignore")


@pytest.mark.parametrize(
    ("status", "kind"), [(401, sda.AuthenticationError), (409, sda.SubscriptionError)]
)
def test_what_every_id_would_meet_ends_the_batch(
    service: Service, status: int, kind: type[sda.ScandocError]
) -> None:
    ids = service.add(*(completed(f"task_{i:03}") for i in range(200)))
    service.latency_s = 0.01
    service.script[f"/v1/tasks/{ids[20]}"].append(Reply(status, {"message": "no more"}))
    client = service.make_client(workers=4)
    with pytest.raises(kind, match="no more") as caught:
        client.fetch_tasks(ids)
    assert len(service.requests) < 60
    assert caught.value.frame is not None
    arrived = caught.value.frame["task_id"].tolist()
    assert arrived == sorted(arrived)
    assert len(arrived) >= 15
    assert ids[20] not in arrived
    assert "is in the `frame` of this error" in caught.value.__notes__[0]
    # What had arrived is not asked for again; others may still have been under way.
    service.forget_requests()
    client.fetch_tasks(arrived)
    assert not {f"/v1/tasks/{task_id}" for task_id in arrived}.intersection(service.paths)


def test_text(service: Service) -> None:
    result = {"content": "hello", "format": "plain"}
    service.add(completed("task_a") | {"operation": "extract-text", "result": result})
    client = service.make_client()
    assert "text" not in client.fetch_tasks(["task_a"])
    assert client.fetch_tasks(["task_a"], text=True)["text"].tolist() == ["hello"]
    assert client.list_tasks(text=True)["text"].tolist() == ["hello"]


def test_provenance(service: Service) -> None:
    service.add(completed("task_a"), pending("task_b"))
    client = service.make_client()
    before = pd.Timestamp.now("UTC")
    cold = client.fetch_tasks(["task_a", "task_b"])
    after = pd.Timestamp.now("UTC")
    warm = client.fetch_tasks(["task_a", "task_b"])
    assert cold["from_cache"].tolist() == [False, False]
    assert warm["from_cache"].tolist() == [True, False]
    assert cold["fetched_at"].between(before, after).all()
    assert warm["fetched_at"][0] == cold["fetched_at"][0]
    assert warm["fetched_at"][1] > after
    signed = cold.attrs["scandoc"]
    assert signed["query"] == {"call": "fetch_tasks", "tasks": 2}
    assert len(signed["account"]) == 16


def test_workers_work_at_the_same_time(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(16)))
    service.latency_s = 0.2
    start = time.monotonic()
    service.make_client(workers=16).fetch_tasks(ids)
    assert time.monotonic() - start < 16 * 0.2 / 2


def test_no_thread_is_left(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(30)))
    client = service.make_client()
    before = {thread.name for thread in threading.enumerate() if "_run" in thread.name}
    client.fetch_tasks(ids)
    client.list_tasks()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = {t.name for t in threading.enumerate() if "_run" in t.name} - before
        if not left:
            break
        time.sleep(0.01)
    assert not left


def test_a_kept_answer_that_is_no_task_is_a_row(service: Service) -> None:
    # JSON that is no text for pandas: the id is a half of a surrogate pair.
    service.add(completed("task_a"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = service.make_client().fetch_tasks(["task_a", "\ud800"])
    assert len(frame) == 2
    assert frame["fetch_error"].notna().tolist() == [False, True]
