"""Tasks and events as the JSON objects that the service answers with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scandoc_analytics.sandbox.records import File, new_id, stamp

if TYPE_CHECKING:
    import random

    from scandoc_analytics.sandbox.failures import Failure
    from scandoc_analytics.sandbox.operations import Made

__all__ = ["Task", "file_event", "generated_files", "task_event"]


@dataclass(frozen=True, slots=True)
class Task:
    """One task at one moment."""

    id: str
    #: What was asked for; `shown_as` is what the answer calls it, which the service gets wrong
    #: for some detect-documents.
    operation: str
    shown_as: str
    parameters: dict[str, Any]
    status: str
    result: dict[str, Any]
    created_ms: int
    updated_ms: int

    def payload(self, *, millis: bool) -> dict[str, Any]:
        """Give the JSON object."""
        members: dict[str, Any] = {
            "id": self.id,
            "operation": self.shown_as,
            "parameters": self.parameters,
            "status": self.status,
            "result": self.result,
            "created_at": stamp(self.created_ms, millis=millis),
            "updated_at": stamp(self.updated_ms, millis=millis),
        }
        if "callback_url" in self.parameters:
            members["callback_url"] = self.parameters["callback_url"]
        return members

    def processing(self, begin_ms: int) -> Task:
        """Give the same task once a worker has taken it."""
        return replace(self, status="processing", updated_ms=begin_ms)

    def ended(
        self,
        end_ms: int,
        files: list[File],
        made: Made | None,
        failure: Failure | None,
        *,
        millis: bool,
    ) -> Task:
        """Give the same task with its outcome."""
        if failure is not None:
            result: dict[str, Any] = {"error": failure.error, "details": failure.details}
        elif made is not None and made.members:
            result = made.members
        else:
            result = {"generated_files": [one.payload(millis=millis) for one in files]}
        status = "completed" if failure is None else "failed"
        return replace(self, status=status, result=result, updated_ms=end_ms)


def generated_files(rng: random.Random, task_id: str, made: Made, created_ms: int) -> list[File]:
    """Store what a task made: files with ids."""
    return [
        File(new_id(rng, "file"), name, kind, properties, task_id, created_ms)
        for name, kind, properties in made.files
    ]


def task_event(rng: random.Random, task: Task, kind: str, *, millis: bool) -> dict[str, Any]:
    """Tell that a task was created, or how it ended."""
    data: dict[str, Any] = {"id": task.id, "operation": task.operation}
    if kind != "task.created":
        data["result"] = task.result
    return {
        "id": new_id(rng, "event"),
        "type": kind,
        "data": data,
        "timestamp": stamp(task.updated_ms, millis=millis),
    }


def file_event(
    rng: random.Random, one: File, kind: str, at_ms: int, *, millis: bool
) -> dict[str, Any]:
    """Tell that a file was created or deleted."""
    data: dict[str, Any] = {"id": one.id, "name": one.name, "type": one.type}
    if kind == "file.created":
        data |= {"properties": one.properties, "task_id": one.task_id}
    return {
        "id": new_id(rng, "event"),
        "type": kind,
        "data": data,
        "timestamp": stamp(at_ms, millis=millis),
    }
