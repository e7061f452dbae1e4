"""Asking again for what was open, and leaving the rest as it is."""

from __future__ import annotations

import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics.schema import columns
from tests.unit.conftest import Reply, Service, completed, pending


def test_only_what_was_open_is_asked_for(service: Service) -> None:
    two_files = completed("task_b")
    two_files["result"]["generated_files"] *= 2
    service.add(completed("task_a"), pending("task_b"), pending("task_c"), completed("task_d"))
    client = service.make_client()
    with pytest.warns(sda.FetchWarning):
        old = client.fetch_tasks(["task_a", "task_b", "task_x", "task_c", "task_d"])
    service.add(two_files, completed("task_x") | {"status": "failed", "operation": "scan"})
    service.forget_requests()
    before = old.copy()
    new = client.refresh(old)
    assert sorted(service.paths) == ["/v1/tasks/task_b", "/v1/tasks/task_c", "/v1/tasks/task_x"]
    assert new["task_id"].tolist() == ["task_a", "task_b", "task_b", "task_x", "task_c", "task_d"]
    assert new["status"].tolist() == ["completed"] * 3 + ["failed", "pending", "completed"]
    assert new["operation"].cat.categories.tolist() == ["render", "scan"]
    assert new["fetched_at"][0] == old["fetched_at"][0]
    assert (new["fetched_at"][1:5] > old["fetched_at"].max()).all()
    pd.testing.assert_frame_equal(old, before)
    plain = {name: dtype for name, dtype in columns().items() if str(dtype) != "category"}
    assert {name: new[name].dtype for name in plain} == plain
    assert new.attrs["scandoc"]["query"] == {"call": "refresh", "tasks": 3}


def test_nothing_to_ask(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    frame = client.fetch_tasks(["task_a"])
    service.forget_requests()
    pd.testing.assert_frame_equal(client.refresh(frame), frame)
    pd.testing.assert_frame_equal(client.refresh(frame.head(0)), frame.head(0))
    assert service.requests == []


def test_no_new_answer_keeps_the_old_one(service: Service) -> None:
    service.add(pending("task_a"), pending("task_b"))
    client = service.make_client(retries=0)
    old = client.fetch_tasks(["task_a", "task_b"])
    del service.tasks["task_b"]
    service.script["/v1/tasks/task_a"].append(Reply(500))
    with pytest.raises(sda.FetchError, match="2 of 2") as caught:
        client.refresh(old)
    new = caught.value.frame
    assert new is not None
    assert new["status"].tolist()[0] == "pending"
    assert new["fetched_at"][0] == old["fetched_at"][0]
    assert new["fetch_error"].notna().tolist() == [False, True]


def test_the_text_column_stays(service: Service) -> None:
    result = {"content": "hello", "format": "plain"}
    service.add(pending("task_a") | {"operation": "extract-text"})
    client = service.make_client()
    frame = client.fetch_tasks(["task_a"], text=True)
    service.add(completed("task_a") | {"operation": "extract-text", "result": result})
    assert client.refresh(frame)["text"].tolist() == ["hello"]


def test_columns_of_ones_own_stay(service: Service) -> None:
    service.add(completed("task_a"), pending("task_b"))
    client = service.make_client()
    frame = client.fetch_tasks(["task_a", "task_b"])
    frame["customer"] = ["x", "y"]
    new = client.refresh(frame)
    assert list(new.columns) == list(frame.columns)
    assert new["customer"].iloc[0] == "x"


def test_another_table(service: Service) -> None:
    with pytest.raises(ValueError, match="this is no flat frame, it has no column 'status'"):
        service.make_client().refresh(pd.DataFrame({"task_id": ["a"]}))
