"""One account: what it holds, and how new tasks move on as time passes."""

from __future__ import annotations

import heapq
import itertools
import json
import random
import threading
from typing import TYPE_CHECKING, Any, Final

import orjson

from scandoc_analytics.sandbox import failures
from scandoc_analytics.sandbox.operations import perform, work_seconds
from scandoc_analytics.sandbox.payloads import Task, file_event, generated_files, task_event
from scandoc_analytics.sandbox.problems import Problem
from scandoc_analytics.sandbox.records import File, encode, new_id, read_ms
from scandoc_analytics.sandbox.shelf import Page, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scandoc_analytics.sandbox.month import Holdings
    from scandoc_analytics.sandbox.records import Clock

__all__ = ["Account"]

_UNSETTLED: Final = frozenset({"pending", "processing"})


class Account:
    """Tasks, files and events of one API key. Every method may be called from any thread.

    Parameters
    ----------
    holdings
        What is there at the start.
    clock
        The account's time.
    seed
        Decides the ids and outcomes of what is added.
    millis
        Whether the moments of what is added carry milliseconds.
    task_seconds
        How long each new task takes; None for as long as its operation and input ask for.
    """

    def __init__(
        self,
        holdings: Holdings,
        *,
        clock: Clock,
        seed: str,
        millis: bool,
        task_seconds: float | None = None,
    ) -> None:
        self.tasks = Shelf(holdings.tasks)
        self.files = Shelf(holdings.files)
        self.events = Shelf(holdings.events)
        self._clock = clock
        self._rng = random.Random(seed)  # noqa: S311 - made-up data, the same for the same seed
        self._millis = millis
        self._task_seconds = task_seconds
        self._contents: dict[str, bytes] = {}
        # What will happen: moment, a number that keeps the order, the task then, its files.
        self._due: list[tuple[int, int, Task, list[File]]] = []
        self._numbers = itertools.count()
        self._plans: dict[str, tuple[Task, list[File]]] = {}
        self._lock = threading.RLock()

    def find(self, kind: str, item_id: str) -> bytes:
        """Give one task, file or event as JSON.

        Raises
        ------
        Problem
            404 where there is none.
        """
        with self._lock:
            self._advance()
            item = self._shelf(kind).get(item_id)
        if item is None:
            raise Problem.not_found(kind.removesuffix("s").capitalize(), item_id)
        return item

    def knows(self, kind: str, item_id: str) -> bool:
        """Whether a page can start from this id."""
        with self._lock:
            return self._shelf(kind).knows(item_id)

    def page(
        self, kind: str, *, start: str | None, take: int, newest_first: bool, inclusive: bool
    ) -> Page:
        """Give one page of a list."""
        with self._lock:
            self._advance()
            return self._shelf(kind).page(
                start=start, take=take, newest_first=newest_first, inclusive=inclusive
            )

    def task_ids(self) -> list[str]:
        """Ids of all tasks, newest first."""
        with self._lock:
            return self.tasks.ids()

    def file(self, file_id: str) -> tuple[File, bytes | None]:
        """Give a file, and its bytes where it was uploaded; 404 where there is none."""
        return _file(orjson.loads(self.find("files", file_id))), self._contents.get(file_id)

    def upload(self, name: str, kind: str, properties: dict[str, int], content: bytes) -> bytes:
        """Store a file, and give it as JSON."""
        with self._lock:
            now_ms = self._clock.now_ms()
            one = File(new_id(self._rng, "file"), name, kind, properties, None, now_ms)
            self._contents[one.id] = content
            return self._store(one)

    def delete_file(self, file_id: str) -> None:
        """Remove a file for good; 404 where there is none."""
        with self._lock:
            one, _ = self.file(file_id)
            self.files.remove(file_id)
            self._contents.pop(file_id, None)
            now_ms = self._clock.now_ms()
            self._tell(
                file_event(self._rng, one, "file.deleted", now_ms, millis=self._millis), now_ms
            )

    def start_task(self, operation: str, parameters: dict[str, Any]) -> bytes:
        """Accept a task whose parameters are in order, and give it as JSON.

        Raises
        ------
        Problem
            404 where an input is neither a file nor a task of the account.
        """
        with self._lock:
            self._advance()
            now_ms = self._clock.now_ms()
            named = parameters["input"]
            inputs, ready_ms, failure = self._resolve([named] if isinstance(named, str) else named)
            task_id = new_id(self._rng, "task")
            task = Task(task_id, operation, operation, parameters, "pending", {}, now_ms, now_ms)
            self._plan(task, inputs, max(now_ms, ready_ms), failure)
            item = encode(task.payload(millis=self._millis))
            self.tasks.put(now_ms, task_id, item)
            self._tell(task_event(self._rng, task, "task.created", millis=self._millis), now_ms)
            return item

    def load(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """Add tasks, files and events as they are, in the place of those with the same id."""
        # Encoded first: a bad payload leaves the account as it was.
        items = [
            (_kind(payload), payload, json.dumps(payload, separators=(",", ":")).encode())
            for payload in payloads
        ]
        with self._lock:
            for kind, payload, item in items:
                told = payload.get("timestamp" if kind == "events" else "created_at")
                at_ms = read_ms(told)
                now_ms = self._clock.now_ms()
                self._shelf(kind).put(now_ms if at_ms is None else at_ms, payload["id"], item)

    def _shelf(self, kind: str) -> Shelf:
        return {"tasks": self.tasks, "files": self.files, "events": self.events}[kind]

    def _resolve(self, ids: list[str]) -> tuple[list[File], int, failures.Failure | None]:
        """Give the input files, when the last of them will be there, and why there are none."""
        inputs: list[File] = []
        ready_ms = 0
        failure: failures.Failure | None = None
        for one in ids:
            if (item := self.files.get(one)) is not None:
                inputs.append(_file(orjson.loads(item)))
            elif (item := self.tasks.get(one)) is not None:
                task, files = self._plans.get(one, (None, []))
                if task is None:
                    files = _files_of(orjson.loads(item))
                else:
                    ready_ms = max(ready_ms, task.updated_ms)
                inputs += files
                if not files:
                    text = f"Input task {one} has no generated files."
                    failure = failures.Failure(text, {"input": one}, seconds=1)
            else:
                raise Problem.not_found("Task" if one.startswith("task_") else "File", one)
        return inputs, ready_ms, failure

    def _plan(
        self, task: Task, inputs: list[File], from_ms: int, failure: failures.Failure | None
    ) -> None:
        """Decide now what will come of the task; `_advance` lets it happen."""
        rng, operation, parameters = self._rng, task.operation, task.parameters
        failure = (
            failure
            or failures.by_input(operation, parameters, inputs)
            or failures.by_chance(rng, operation, parameters, inputs)
        )
        queued = 0.4 * rng.lognormvariate(0, 0.9)
        seconds = failure.seconds if failure else None
        if seconds is None:
            seconds = work_seconds(rng, operation, parameters, inputs)
        if self._task_seconds is not None:
            queued, seconds = self._task_seconds / 4, self._task_seconds * 3 / 4
        begin_ms = from_ms + int(queued * 1000)
        end_ms = begin_ms + int(seconds * 1000)
        made = perform(rng, operation, parameters, inputs) if failure is None else None
        files = generated_files(rng, task.id, made, end_ms) if made else []
        ended = task.ended(end_ms, files, made, failure, millis=self._millis)
        self._plans[task.id] = (ended, files)
        heapq.heappush(self._due, (begin_ms, next(self._numbers), task.processing(begin_ms), []))
        heapq.heappush(self._due, (end_ms, next(self._numbers), ended, files))

    def _advance(self) -> None:
        """Let everything happen that is due."""
        while self._due and self._due[0][0] <= self._clock.now_ms():
            at_ms, _, task, files = heapq.heappop(self._due)
            self.tasks.replace(task.id, encode(task.payload(millis=self._millis)))
            if task.status in _UNSETTLED:
                continue
            for one in files:
                self._store(one)
            kind = f"task.{task.status}"
            self._tell(task_event(self._rng, task, kind, millis=self._millis), at_ms)
            del self._plans[task.id]

    def _store(self, one: File) -> bytes:
        item = encode(one.payload(millis=self._millis))
        self.files.put(one.created_ms, one.id, item)
        told = file_event(self._rng, one, "file.created", one.created_ms, millis=self._millis)
        self._tell(told, one.created_ms)
        return item

    def _tell(self, event: dict[str, Any], at_ms: int) -> None:
        self.events.put(at_ms, event["id"], encode(event))


def _file(payload: dict[str, Any]) -> File:
    """Read a file's JSON; a loaded one may hold anything."""
    properties = payload.get("properties")
    numbers = {
        name: int(value)
        for name, value in (properties if isinstance(properties, dict) else {}).items()
        if isinstance(value, int | float) and 0 <= value < 2**53
    }
    for name in ("size", "width", "height"):
        numbers.setdefault(name, 0)
    name, kind = str(payload.get("name") or ""), str(payload.get("type") or "")
    created_ms = read_ms(payload.get("created_at")) or 0
    return File(payload["id"], name, kind, numbers, payload.get("task_id"), created_ms)


def _files_of(task: dict[str, Any]) -> list[File]:
    result = task.get("result")
    files = result.get("generated_files") if isinstance(result, dict) else None
    return [_file(one) for one in files or [] if isinstance(one, dict) and "id" in one]


def _kind(payload: Mapping[str, Any]) -> str:
    """Tell tasks, files and events apart by the members that only they have."""
    if isinstance(payload.get("id"), str):
        if "timestamp" in payload and "data" in payload:
            return "events"
        if "operation" in payload or "status" in payload:
            return "tasks"
        if "properties" in payload:
            return "files"
    msg = f"cannot load {dict(payload)!r:.200}: give tasks, files or events with a text as id"
    raise ValueError(msg)
