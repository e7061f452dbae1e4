"""The made-up month: the same for the same seed, and believable."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics.sandbox.chains import make_month
from scandoc_analytics.sandbox.operations import OPERATIONS
from scandoc_analytics.sandbox.sizes import smallest

if TYPE_CHECKING:
    from scandoc_analytics.sandbox.month import Holdings

NOW_MS = 1_795_176_000_000  # Friday, 2026-11-20T12:00:00Z
DAY_S = 86_400


def made(tasks: int, seed: str = "7/0") -> Holdings:
    return make_month(tasks, seed=seed, now_ms=NOW_MS, millis=True)


class Account:
    """A month, decoded."""

    def __init__(self, holdings: Holdings) -> None:
        self.tasks: dict[str, Any] = {key: json.loads(item) for _, key, item in holdings.tasks}
        self.files: dict[str, Any] = {key: json.loads(item) for _, key, item in holdings.files}
        self.events: list[Any] = [json.loads(item) for _, _, item in holdings.events]

    def inputs(self, task: dict[str, Any]) -> list[dict[str, Any]]:
        """The files that a task worked on, through a task's id where that was given."""
        given = task["parameters"]["input"]
        found = []
        for one in [given] if isinstance(given, str) else given:
            if one in self.tasks:
                found += self.tasks[one]["result"]["generated_files"]
            else:
                found.append(self.files[one])
        return found

    def completed(self, operation: str) -> list[dict[str, Any]]:
        return [
            task
            for task in self.tasks.values()
            if task["operation"] == operation and task["status"] == "completed"
        ]


@pytest.fixture(scope="module")
def month() -> Account:
    return Account(made(3000))


def seconds(task: dict[str, Any]) -> float:
    moments = [datetime.fromisoformat(task[name]) for name in ("created_at", "updated_at")]
    return (moments[1] - moments[0]).total_seconds()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert made(200) == made(200)
    assert made(200) != made(200, seed="8/0")


@pytest.mark.parametrize("tasks", [0, 1, 2, 19, 20, 333])
def test_there_are_exactly_so_many_tasks(tasks: int) -> None:
    assert len(made(tasks).tasks) == tasks


def test_no_moment_is_later_than_now_or_older_than_a_month(month: Account) -> None:
    moments = [task[name] for task in month.tasks.values() for name in ("created_at", "updated_at")]
    moments += [file["created_at"] for file in month.files.values()]
    moments += [event["timestamp"] for event in month.events]
    assert min(moments) >= "2026-10-21T12:00:00.000Z"
    assert max(moments) <= "2026-11-20T12:00:00.000Z"


def test_all_operations_and_statuses_are_there(month: Account) -> None:
    assert {task["operation"] for task in month.tasks.values()} == set(OPERATIONS)
    counted = Counter(task["status"] for task in month.tasks.values())
    assert set(counted) == {"pending", "processing", "completed", "failed"}
    assert 0.02 < counted["failed"] / 3000 < 0.08
    assert counted["pending"] + counted["processing"] < 60


def test_every_input_is_there(month: Account) -> None:
    for task in month.tasks.values():
        assert month.inputs(task)


def test_every_generated_file_is_in_the_list_of_files(month: Account) -> None:
    listed = [file for file in month.files.values() if file["task_id"] is not None]
    in_tasks = [
        file for task in month.tasks.values() for file in task["result"].get("generated_files", [])
    ]
    assert sorted(file["id"] for file in listed) == sorted(file["id"] for file in in_tasks)
    assert all(month.files[file["id"]] == file for file in in_tasks)
    assert all(month.tasks[file["task_id"]]["status"] == "completed" for file in listed)


def test_some_tasks_are_named_by_id_as_input(month: Account) -> None:
    given = [task["parameters"]["input"] for task in month.tasks.values()]
    assert sum(isinstance(one, str) and one.startswith("task_") for one in given) > 50


def test_properties_can_be_real(month: Account) -> None:
    for file in month.files.values():
        properties = file["properties"]
        pixels = properties.get("width", 0) * properties.get("height", 0)
        least = smallest(file["type"], pixels=pixels, pages=properties.get("page_count", 0))
        assert properties["size"] >= least


def test_a_scan_is_smaller_than_its_input(month: Account) -> None:
    for task in month.completed("scan"):
        (source,), (result,) = month.inputs(task), task["result"]["generated_files"]
        assert result["properties"]["size"] < source["properties"]["size"]
        assert result["properties"]["width"] <= source["properties"]["width"]


def test_an_effect_keeps_the_pixels(month: Account) -> None:
    for task in month.completed("apply-effect"):
        source, result = month.inputs(task)[0], task["result"]["generated_files"][0]
        for side in ("width", "height"):
            assert result["properties"][side] == source["properties"][side]


def test_a_conversion_has_the_type_asked_for(month: Account) -> None:
    for task in month.completed("convert"):
        if "generated_files" in task["result"]:
            (result,) = task["result"]["generated_files"]
            assert result["type"] == task["parameters"]["target_format"]
            lossy = result["type"] != "image/png"
            assert ("quality" in task["parameters"]) == lossy


def test_a_render_follows_its_dpi(month: Account) -> None:
    several = 0
    for task in month.completed("render"):
        dpi = task["parameters"]["dpi"]
        sides = {round(8.27 * dpi), round(11.69 * dpi)}
        for file in task["result"]["generated_files"]:
            assert {file["properties"]["width"], file["properties"]["height"]} == sides
        several += len(task["result"]["generated_files"]) > 1
    assert several > 20


def test_a_split_makes_a_file_of_each_page(month: Account) -> None:
    for task in month.completed("split"):
        pages = month.inputs(task)[0]["properties"]["page_count"]
        made_pages = [f["properties"]["page_count"] for f in task["result"]["generated_files"]]
        assert made_pages == [1] * pages


def test_a_merge_adds_pages_up(month: Account) -> None:
    for task in month.completed("merge"):
        pages = sum(one["properties"].get("page_count", 1) for one in month.inputs(task))
        assert task["result"]["generated_files"][0]["properties"]["page_count"] == pages


def test_extracted_pages_are_those_asked_for(month: Account) -> None:
    for task in month.completed("extract-pages"):
        count = 0
        for part in task["parameters"]["pages"].split(","):
            first, _, last = part.partition("-")
            count += int(last or first) - int(first) + 1
        assert task["result"]["generated_files"][0]["properties"]["page_count"] == count


def test_some_detections_are_called_convert(month: Account) -> None:
    called = [task for task in month.tasks.values() if "documents" in (task["result"] or {})]
    counted = Counter(task["operation"] for task in called)
    assert set(counted) == {"detect-documents", "convert"}
    assert counted["convert"] < counted["detect-documents"] / 3
    told = {
        event["data"]["operation"]
        for event in month.events
        if "documents" in event["data"].get("result", {})
    }
    assert told == {"detect-documents"}


def test_work_follows_office_hours(month: Account) -> None:
    moments = [datetime.fromisoformat(task["created_at"]) for task in month.tasks.values()]
    weekend = sum(moment.weekday() >= 5 for moment in moments)
    by_day = sum(8 <= moment.hour < 18 for moment in moments)
    assert weekend / 3000 < 0.10
    assert by_day / 3000 > 0.75


def test_durations_differ_by_operation_and_have_a_long_tail(month: Account) -> None:
    found = {
        operation: sorted(seconds(task) for task in month.completed(operation))
        for operation in OPERATIONS
    }
    medians = {operation: statistics.median(values) for operation, values in found.items()}
    assert medians["convert"] < medians["scan"] < medians["extract-text"]
    for operation in ("scan", "extract-text", "convert"):
        assert found[operation][-1] > 8 * medians[operation]
    assert min(min(values) for values in found.values()) >= 0


def test_some_tasks_are_unfinished_near_now_and_a_few_are_stuck(month: Account) -> None:
    now = NOW_MS / 1000
    ages = [
        now - datetime.fromisoformat(task["created_at"]).timestamp()
        for task in month.tasks.values()
        if task["status"] in {"pending", "processing"}
    ]
    assert sum(age < 1200 for age in ages) >= 3
    assert 4 <= sum(age > 2 * 3600 for age in ages) <= 25
    assert not [age for age in ages if 1200 < age < 2 * 3600]


def test_reasons_are_a_handful_and_some_vary(month: Account) -> None:
    errors = [
        task["result"]["error"] for task in month.tasks.values() if task["status"] == "failed"
    ]
    counted = Counter(errors)
    assert counted["No document found."] > 5
    assert sum(error.startswith("Worker w-") for error in errors) > 2
    assert any("file_" in error for error in errors)
    details = [
        task["result"]["details"] for task in month.tasks.values() if task["status"] == "failed"
    ]
    assert any(details)
    assert not all(details)


def test_a_timeout_takes_as_long_as_it_says(month: Account) -> None:
    for task in month.tasks.values():
        error = task["result"].get("error", "")
        if error.startswith("Processing timed out after "):
            limit = float(error.split()[4])
            assert limit <= seconds(task) < limit + 30


def test_callbacks_stand_in_both_places_or_in_none(month: Account) -> None:
    kinds = set()
    for task in month.tasks.values():
        both = (task.get("callback_url", ...), task["parameters"].get("callback_url", ...))
        assert both[0] == both[1]
        kinds.add(str(type(both[0]).__name__))
    assert kinds == {"str", "NoneType", "ellipsis"}


def test_names_are_in_several_scripts(month: Account) -> None:
    names = "".join(file["name"] for file in month.files.values())
    for letter in "eéк領फχف":
        assert letter in names


def test_every_task_and_file_is_told_of(month: Account) -> None:
    told: dict[str, list[str]] = defaultdict(list)
    for event in month.events:
        told[event["data"]["id"]].append(event["type"])
    for task in month.tasks.values():
        ended = [f"task.{task['status']}"] if task["status"] in {"completed", "failed"} else []
        assert told[task["id"]] == ["task.created", *ended]
    for file in month.files.values():
        assert told[file["id"]] == ["file.created"]


def test_whole_seconds_where_milliseconds_are_not_told() -> None:
    holdings = make_month(50, seed="7/1", now_ms=NOW_MS, millis=False)
    account = Account(holdings)
    moments = [task["updated_at"] for task in account.tasks.values()]
    moments += [file["created_at"] for file in account.files.values()]
    moments += [event["timestamp"] for event in account.events]
    assert {len(moment) for moment in moments} == {len("2026-11-20T12:00:00Z")}
