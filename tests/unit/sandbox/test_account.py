from __future__ import annotations

import json
from typing import Any

import pytest

from scandoc_analytics.sandbox.account import Account
from scandoc_analytics.sandbox.chains import make_month
from scandoc_analytics.sandbox.month import Holdings
from scandoc_analytics.sandbox.problems import Problem
from scandoc_analytics.sandbox.records import Clock

NOW_MS = 1_795_176_000_000  # 2026-11-20T12:00:00Z


class Watch(Clock):
    """A clock that is set by hand."""

    def __init__(self) -> None:
        super().__init__(NOW_MS)
        self.ms = NOW_MS

    def now_ms(self) -> int:
        return self.ms


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def account(watch: Watch) -> Account:
    """An empty account whose tasks take eight seconds."""
    return Account(Holdings(), clock=watch, seed="2", millis=True, task_seconds=8)


def upload(account: Account) -> str:
    item = account.upload("p", "application/pdf", {"size": 9000, "page_count": 3}, b"%PDF")
    file_id = json.loads(item)["id"]
    assert isinstance(file_id, str)
    return file_id


def start(account: Account, **parameters: Any) -> str:
    task_id = json.loads(account.start_task("split", parameters))["id"]
    assert isinstance(task_id, str)
    return task_id


def task(account: Account, task_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(account.find("tasks", task_id))
    return found


def test_a_task_moves_on_as_time_passes(account: Account, watch: Watch) -> None:
    task_id = start(account, input=upload(account))
    states = []
    for second in (0, 1, 2, 7, 8, 99):
        watch.ms = NOW_MS + second * 1000
        now = task(account, task_id)
        states.append((now["status"], now["updated_at"][17:19]))
    assert states == [
        ("pending", "00"),
        ("pending", "00"),
        ("processing", "02"),
        ("processing", "02"),
        ("completed", "08"),
        ("completed", "08"),
    ]
    files = task(account, task_id)["result"]["generated_files"]
    assert [file["name"] for file in files] == ["p 1", "p 2", "p 3"]
    assert [file["created_at"] for file in files] == ["2026-11-20T12:00:08.000Z"] * 3


def test_events_follow_the_task(account: Account, watch: Watch) -> None:
    start(account, input=upload(account))

    def told() -> list[str]:
        found = account.page("events", start=None, take=9, newest_first=False, inclusive=True)
        return [json.loads(item)["type"] for item in found.items]

    assert told() == ["file.created", "task.created"]
    watch.ms += 8000
    assert told() == ["file.created", "task.created", *["file.created"] * 3, "task.completed"]


def test_a_task_waits_for_the_task_that_is_its_input(account: Account, watch: Watch) -> None:
    first = start(account, input=upload(account))
    watch.ms += 1000
    second = start(account, input=first)
    watch.ms = NOW_MS + 8000
    assert [task(account, one)["status"] for one in (first, second)] == ["completed", "pending"]
    watch.ms = NOW_MS + 16_000
    made = task(account, second)["result"]["generated_files"]
    assert [file["name"] for file in made] == ["p 1 1"]


def test_a_settled_task_as_input(account: Account, watch: Watch) -> None:
    first = start(account, input=upload(account))
    watch.ms += 8000
    assert task(account, first)["status"] == "completed"
    second = start(account, input=first)
    watch.ms += 8000
    assert task(account, second)["status"] == "completed"


@pytest.mark.parametrize("result", [None, {}, {"generated_files": []}, {"content": "x"}])
def test_an_input_task_without_files_fails(result: object, account: Account, watch: Watch) -> None:
    account.load([{"id": "task_x", "operation": "scan", "status": "completed", "result": result}])
    task_id = start(account, input="task_x")
    watch.ms += 8000
    assert task(account, task_id)["result"] == {
        "error": "Input task task_x has no generated files.",
        "details": {"input": "task_x"},
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("task_none", "Task with id task_none not found."),
        ("file_none", "File with id file_none not found."),
        ("../x", "File with id ../x not found."),
    ],
)
def test_an_input_that_is_not_there(given: str, message: str, account: Account) -> None:
    with pytest.raises(Problem) as caught:
        start(account, input=given)
    assert (caught.value.status, caught.value.message) == (404, message)
    assert account.task_ids() == []


def test_without_a_pace_tasks_take_what_they_take(watch: Watch) -> None:
    holdings = make_month(5, seed="1/0", now_ms=NOW_MS, millis=False)
    account = Account(holdings, clock=watch, seed="1", millis=False)
    task_id = start(account, input=upload(account))
    assert task(account, task_id)["created_at"] == "2026-11-20T12:00:00Z"
    watch.ms += 700_000
    assert task(account, task_id)["status"] in {"completed", "failed"}
    assert account.task_ids()[0] == task_id


def test_an_impossible_task_fails_at_once(watch: Watch) -> None:
    account = Account(Holdings(), clock=watch, seed="2", millis=True)
    item = account.start_task("scan", {"input": upload(account), "effect": "none"})
    watch.ms += 60_000
    ended = task(account, json.loads(item)["id"])
    assert ended["result"]["error"] == "Input is not an image."
    assert ended["updated_at"] < "2026-11-20T12:00:20"


def test_a_loaded_item_takes_the_place_of_the_same_id(account: Account) -> None:
    pending = {"id": "task_a", "operation": "scan", "status": "pending", "created_at": "soon"}
    account.load([pending])
    account.load([pending | {"status": "completed"}])
    assert task(account, "task_a") == pending | {"status": "completed"}
    assert account.task_ids() == ["task_a"]


@pytest.mark.parametrize("payload", [{}, {"id": 3, "status": "x"}, {"id": "a"}])
def test_a_payload_that_is_none_of_the_three_is_refused(
    payload: dict[str, Any], account: Account
) -> None:
    good = {"id": "task_a", "operation": "scan"}
    with pytest.raises(ValueError, match="give tasks, files or events with a text as id"):
        account.load([good, payload])
    assert account.task_ids() == []


def test_a_loaded_file_may_hold_anything(account: Account) -> None:
    odd = {"size": True, "width": "9", "height": -1, "page_count": 1e300, "depth": 10.5}
    account.load([{"id": "file_odd", "type": None, "properties": odd}])
    account.load([{"id": "file_list", "name": "n", "properties": []}])
    found, content = account.file("file_odd")
    assert (found.name, found.type, content) == ("", "", None)
    assert found.properties == {"size": 1, "depth": 10, "width": 0, "height": 0}
    assert account.file("file_list")[0].properties == {"size": 0, "width": 0, "height": 0}
