"""A company's month, made up by seed: uploads, and the chains of tasks that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scandoc_analytics.sandbox import failures
from scandoc_analytics.sandbox.names import PDF_NAMES, PHOTO_NAMES, document_name
from scandoc_analytics.sandbox.operations import Made, perform, work_seconds
from scandoc_analytics.sandbox.payloads import Task, file_event, generated_files, task_event
from scandoc_analytics.sandbox.records import PDF, File, encode, new_id
from scandoc_analytics.sandbox.rhythm import Rhythm
from scandoc_analytics.sandbox.sizes import image_properties, pdf_properties

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

__all__ = ["Holdings", "Month", "Ran"]

_CALLBACK: Final = "https://hooks.ledger.example/scan?tenant={}"
_CAMERAS: Final = ((3024, 4032), (4032, 3024), (4000, 3000), (1920, 1440), (2480, 3508))
_CAMERA_WEIGHTS: Final = (40, 20, 15, 10, 15)
_TYPES: Final = ("image/jpeg", "image/png", "image/webp")
_TYPE_WEIGHTS: Final = (72, 18, 10)
#: A task that never moves on, in about so many.
_STUCK_EVERY: Final = 250
_OLD_MS: Final = 2 * 3_600_000
_TYPED_CONVERT_SHARE: Final = 0.12
_TRIED_AGAIN_SHARE: Final = 0.35
_BY_TASK_ID_SHARE: Final = 0.3

Item = tuple[int, str, bytes]


@dataclass(slots=True)
class Holdings:
    """What an account holds: moment (ms since 1970), id and JSON of each thing."""

    tasks: list[Item] = field(default_factory=list)
    files: list[Item] = field(default_factory=list)
    events: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Ran:
    """A task that completed: what the next step of a chain may use."""

    task_id: str
    files: list[File]
    end_ms: int
    made: Made


class Month:
    """Writes the month's tasks, files and events; the chains ask it for uploads and tasks."""

    def __init__(self, tasks: int, *, rng: random.Random, now_ms: int, millis: bool) -> None:
        self.rng = rng
        self.holdings = Holdings()
        self._left = tasks
        # The last chains begin just now, so that some tasks have not ended yet.
        self._just_now = min(80, tasks // 20 + 1)
        self._now_ms = now_ms
        self._millis = millis
        self._rhythm = Rhythm(rng, now_ms)
        self._until_stuck = rng.randrange(40, _STUCK_EVERY)

    @property
    def full(self) -> bool:
        """Whether all tasks are there."""
        return self._left == 0

    def start_ms(self) -> int:
        """When the next chain begins."""
        if self._left <= self._just_now:
            return self._rhythm.moment_just_now_ms()
        return min(self._rhythm.working_moment_ms(), self._now_ms - 60_000)

    def photo(self, at_ms: int) -> File:
        """Upload a picture."""
        kind = self.rng.choices(_TYPES, _TYPE_WEIGHTS)[0]
        width, height = self.rng.choices(_CAMERAS, _CAMERA_WEIGHTS)[0]
        quality = self.rng.uniform(70, 95)
        properties = image_properties(self.rng, kind, width, height, quality=quality)
        return self._upload(document_name(self.rng, PHOTO_NAMES), kind, properties, at_ms)

    def pdf(self, at_ms: int) -> File:
        """Upload a document."""
        pages = min(180, 1 + int(self.rng.lognormvariate(1.7, 0.9)))
        properties = pdf_properties(self.rng, pages)
        return self._upload(document_name(self.rng, PDF_NAMES), PDF, properties, at_ms)

    def run(
        self,
        operation: str,
        parameters: dict[str, Any],
        source: Ran | Sequence[File],
        at_ms: int,
    ) -> Ran | None:
        """Run one task on the files of another, or on files: None unless it completes by now.

        `parameters` lack the `input`, which is told by the source: by its task's id now and then.
        """
        if self.full or at_ms > self._now_ms:
            return None
        self._left -= 1
        inputs = source.files if isinstance(source, Ran) else source
        task = Task(
            id=new_id(self.rng, "task"),
            operation=operation,
            shown_as=self._shown_as(operation),
            parameters={"input": self._input(operation, source), **parameters},
            status="pending",
            result={},
            created_ms=at_ms,
            updated_ms=at_ms,
        )
        self._tell(task_event(self.rng, task, "task.created", millis=self._millis), at_ms)
        begin_ms = at_ms + int(400 * self.rng.lognormvariate(0, 0.9))
        failure = self._failure(task, inputs)
        seconds = work_seconds(self.rng, operation, parameters, inputs)
        if failure is not None:
            seconds = failure.seconds or seconds * self.rng.uniform(0.2, 1)
        end_ms = begin_ms + int(seconds * 1000)
        if self._is_stuck(at_ms) or end_ms > self._now_ms:
            begun = begin_ms <= self._now_ms and self.rng.random() < 0.8  # noqa: PLR2004 - a share
            self._keep(task.processing(begin_ms) if begun else task)
            return None
        if failure is None:
            made = perform(self.rng, operation, parameters, inputs)
            files = generated_files(self.rng, task.id, made, max(begin_ms, end_ms - 15))
            for one in files:
                self._store(one)
            self._end(task.ended(end_ms, files, made, None, millis=self._millis))
            return Ran(task.id, files, end_ms, made)
        self._end(task.ended(end_ms, [], None, failure, millis=self._millis))
        if self.rng.random() < _TRIED_AGAIN_SHARE:
            again_ms = end_ms + int(self.rng.uniform(5, 900) * 1000)
            return self.run(operation, parameters, source, again_ms)
        return None

    def callback(self) -> dict[str, Any]:
        """Parameters of a chain that wants to be called, or says that it does not, or neither."""
        drawn = self.rng.random()
        if drawn < 0.25:  # noqa: PLR2004 - a share
            return {"callback_url": _CALLBACK.format(self.rng.randrange(1, 30))}
        return {"callback_url": None} if drawn < 0.35 else {}  # noqa: PLR2004 - a share

    def _input(self, operation: str, source: Ran | Sequence[File]) -> str | list[str]:
        if isinstance(source, Ran):
            by_task = len(source.files) == 1 and self.rng.random() < _BY_TASK_ID_SHARE
            return source.task_id if by_task else source.files[0].id
        return [one.id for one in source] if operation == "merge" else source[0].id

    def _shown_as(self, operation: str) -> str:
        slip = operation == "detect-documents" and self.rng.random() < _TYPED_CONVERT_SHARE
        return "convert" if slip else operation

    def _failure(self, task: Task, inputs: Sequence[File]) -> failures.Failure | None:
        certain = failures.by_input(task.operation, task.parameters, inputs)
        if certain is not None:
            return certain
        if self._rhythm.in_outage(task.created_ms) and self.rng.random() < 0.5:  # noqa: PLR2004
            return failures.worker_lost(self.rng, task.id)
        return failures.by_chance(self.rng, task.operation, task.parameters, inputs)

    def _is_stuck(self, at_ms: int) -> bool:
        self._until_stuck -= 1
        if self._until_stuck > 0 or at_ms > self._now_ms - _OLD_MS:
            return False
        self._until_stuck = self.rng.randrange(_STUCK_EVERY // 2, _STUCK_EVERY * 3 // 2)
        return True

    def _upload(self, name: str, kind: str, properties: dict[str, int], at_ms: int) -> File:
        one = File(new_id(self.rng, "file"), name, kind, properties, None, min(at_ms, self._now_ms))
        self._store(one)
        return one

    def _store(self, one: File) -> None:
        payload = one.payload(millis=self._millis)
        self.holdings.files.append((one.created_ms, one.id, encode(payload)))
        told = file_event(self.rng, one, "file.created", one.created_ms, millis=self._millis)
        self._tell(told, one.created_ms)

    def _keep(self, task: Task) -> None:
        payload = task.payload(millis=self._millis)
        self.holdings.tasks.append((task.created_ms, task.id, encode(payload)))

    def _end(self, task: Task) -> None:
        self._keep(task)
        told = task_event(self.rng, task, f"task.{task.status}", millis=self._millis)
        self._tell(told, task.updated_ms)

    def _tell(self, event: dict[str, Any], at_ms: int) -> None:
        self.holdings.events.append((at_ms, event["id"], encode(event)))
