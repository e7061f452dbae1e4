"""Widgets without a kernel: callbacks that raise, and a wait for the threads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import CallbackDispatcher

from scandoc_analytics import flatten

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


@pytest.fixture(autouse=True)
def _callbacks_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """`button.click()` logs the exception of a callback and goes on: let it reach the test."""

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        value = None
        for callback in self.callbacks:
            value = callback(*args, **kwargs)
        return value

    monkeypatch.setattr(CallbackDispatcher, "__call__", call)


def wait_for(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something holds; fail where it never does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            message = "it never came true"
            raise AssertionError(message)
        time.sleep(0.005)


@pytest.fixture
def until() -> Callable[..., None]:
    return wait_for


def file(file_id: str, name: str, kind: str, size: int) -> dict[str, Any]:
    return {"id": file_id, "name": name, "type": kind, "properties": {"size": size}}


PDF, PNG = "application/pdf", "image/png"


@pytest.fixture(scope="session")
def small() -> pd.DataFrame:
    """Six tasks, of which one could not be fetched, in eight rows."""
    from scandoc_analytics.frame import Flattener  # noqa: PLC0415 - only here

    flattener = Flattener()
    for task in TASKS:
        flattener.add(task)
    flattener.add_failure("task_f", "not found: the account has no task 'task_f'")
    return flattener.finish()


TASKS: list[dict[str, Any]] = [
    {
        "id": "task_a",
        "operation": "scan",
        "parameters": {"input": "file_up", "name": "Straße"},
        "status": "completed",
        "result": {"generated_files": [file("file_1", "Straße 1", PNG, 5_000)]},
        "created_at": "2026-10-01T00:00:00Z",
        "updated_at": "2026-10-01T00:00:04Z",
    },
    {
        "id": "task_b",
        "operation": "split",
        "parameters": {"input": "file_1"},
        "status": "completed",
        "result": {
            "generated_files": [
                file("file_2", "Invoice 7", PDF, 1_000),
                file("file_3", "=cmd()", PDF, 2_000_000),
                file("file_4", "Thumb", PNG, 10),
            ]
        },
        "created_at": "2026-10-02T23:59:59.999Z",
        "updated_at": "2026-10-03T00:00:09.999Z",
    },
    {
        "id": "task_c",
        "operation": "scan",
        "parameters": {"input": ["file_2", "file_3"]},
        "status": "failed",
        "result": {"error": "Input is not an image.", "details": {"input": "file_2"}},
        "created_at": "2026-10-03T00:00:00Z",
        "updated_at": "2026-10-03T00:00:02Z",
    },
    {
        "id": "task_d",
        "operation": "redact",
        "parameters": {"input": "task_b"},
        "status": "pending",
        "result": {},
        "created_at": "2026-10-03T12:00:00Z",
        "updated_at": "2026-10-03T12:00:00Z",
    },
    {"id": "task_e"},
]


@pytest.fixture
def tasks() -> list[dict[str, Any]]:
    return TASKS


@pytest.fixture(scope="session")
def empty() -> pd.DataFrame:
    return flatten([])
