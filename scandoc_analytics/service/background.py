"""Work in daemon threads, so that an interrupt never waits for the network.

The main thread only ever waits on events and queues. It is never inside of the HTTP library, whose
frames hold the request as it goes out, key included: no traceback that a user sees reaches there.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from scandoc_analytics.errors import ScandocError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Crew", "Errand", "Stream"]

Outcome = TypeVar("Outcome")
Job = TypeVar("Job")

# Waiting without a bound cannot be interrupted on every platform.
_LOOK_UP_S: Final = 0.5


def _lost() -> ScandocError:
    return ScandocError("a worker ended without an answer; its error stands above")


class Errand(Generic[Outcome]):
    """One call in a thread of its own; `result` waits for it."""

    def __init__(self, call: Callable[[threading.Event], Outcome]) -> None:
        self.stop = threading.Event()
        self._outcomes: queue.SimpleQueue[list[Outcome] | ScandocError] = queue.SimpleQueue()
        threading.Thread(target=self._run, args=(call,), daemon=True).start()

    def _run(self, call: Callable[[threading.Event], Outcome]) -> None:
        outcome: list[Outcome] | ScandocError = _lost()
        try:
            outcome = [call(self.stop)]
        except ScandocError as error:
            outcome = error.with_traceback(None)
        finally:
            self._outcomes.put(outcome)

    def result(self) -> Outcome:
        """What the call gave; its error is raised here. An interrupt stops its retries."""
        try:
            outcome = _get(self._outcomes)
        finally:
            self.stop.set()
        if isinstance(outcome, ScandocError):
            raise outcome
        return outcome[0]


class Stream(Generic[Outcome]):
    """What a generator gives, made in a thread of its own while the values before are used.

    The thread is ahead by two values at most. It does not wait for the main thread in between, so
    that the next request leaves as soon as the answer before it has come.
    """

    def __init__(self, make: Callable[[threading.Event], Iterator[Outcome]]) -> None:
        self._stop = threading.Event()
        self._room = threading.Semaphore(1)
        self._values: queue.SimpleQueue[list[Outcome] | ScandocError | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, args=(make,), daemon=True).start()

    def _run(self, make: Callable[[threading.Event], Iterator[Outcome]]) -> None:
        end: ScandocError | None = _lost()
        try:
            for value in make(self._stop):
                self._values.put([value])
                self._room.acquire()
                if self._stop.is_set():
                    break
            end = None
        except ScandocError as error:
            end = error.with_traceback(None)
        finally:
            self._values.put(end)

    def __iter__(self) -> Iterator[Outcome]:
        try:
            while (value := _get(self._values)) is not None:
                if isinstance(value, ScandocError):
                    raise value
                self._room.release()
                yield value[0]
        finally:
            self._stop.set()
            self._room.release()


class Crew(Generic[Job, Outcome]):
    """Up to ``size`` threads that work off jobs in the order given."""

    def __init__(
        self, work: Callable[[Job, threading.Event], Outcome | ScandocError], size: int
    ) -> None:
        self.stop = threading.Event()
        self._work = work
        self._size = size
        self._threads: list[threading.Thread] = []
        self._jobs: queue.SimpleQueue[tuple[int, Job] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Outcome | ScandocError]] = queue.SimpleQueue()

    def give(self, position: int, job: Job) -> None:
        """Hand over one job; a thread is started for it while there are fewer than ``size``."""
        self._jobs.put((position, job))
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._run, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None and not self.stop.is_set():
            outcome: Outcome | ScandocError = _lost()
            try:
                outcome = self._work(job[1], self.stop)
            finally:
                self._done.put((job[0], outcome))

    def finished(self, *, wait: bool) -> tuple[int, Outcome | ScandocError] | None:
        """Position and outcome of a job that is done; None where none is and ``wait`` is false."""
        if wait:
            return _get(self._done)
        try:
            return self._done.get_nowait()
        except queue.Empty:
            return None

    def dismiss(self) -> None:
        """Start no further job. What is under way is not waited for."""
        self.stop.set()
        for _ in self._threads:
            self._jobs.put(None)


def _get(outcomes: queue.SimpleQueue[Outcome]) -> Outcome:
    while True:
        try:
            return outcomes.get(timeout=_LOOK_UP_S)
        except queue.Empty:
            continue
