"""Many ids at once: what is kept comes from one bulk read, the rest is asked by several workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scandoc_analytics.errors import AuthenticationError, ScandocError, SubscriptionError
from scandoc_analytics.service.background import Crew

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from scandoc_analytics.service.answers import Answer

__all__ = ["Batch", "Failure"]

_READ_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """An id without an answer, and why."""

    task_id: str
    error: ScandocError


class Batch:
    """The answers to a sequence of different ids, in the order of the ids.

    Iterating gives an `Answer` or a `Failure` for each id, as soon as those before it are there.
    A key that the service does not accept ends the iteration: every other id would fail the same
    way. `rest` gives what else had arrived by then.
    """

    def __init__(
        self,
        task_ids: Sequence[str],
        read: Callable[[Sequence[str]], Mapping[str, Answer]],
        ask: Callable[[str, threading.Event], Answer],
        workers: int,
    ) -> None:
        self._ids = task_ids
        self._read = read
        self._ask = ask
        self._crew: Crew[str, Answer | Failure] = Crew(self._outcome, workers)
        self._arrived: dict[int, Answer | Failure] = {}
        self._next = 0

    def _outcome(self, task_id: str, stop: threading.Event) -> Answer | Failure:
        try:
            return self._ask(task_id, stop)
        except ScandocError as error:
            return Failure(task_id, error.with_traceback(None))

    def __iter__(self) -> Generator[Answer | Failure]:
        try:
            for start in range(0, len(self._ids), _READ_AT_ONCE):
                some = self._ids[start : start + _READ_AT_ONCE]
                kept = self._read(some)
                for position, task_id in enumerate(some, start):
                    if task_id in kept:
                        self._arrived[position] = kept[task_id]
                    else:
                        self._crew.give(position, task_id)
                while self._take(wait=False):
                    pass
                yield from self._ready()
            while self._next < len(self._ids):
                self._take(wait=True)
                yield from self._ready()
        finally:
            self._crew.dismiss()

    def rest(self) -> Iterator[Answer | Failure]:
        """What has arrived and was not given yet, in the order of the ids."""
        while self._take(wait=False, fatal=False):
            pass
        for position in sorted(self._arrived):
            yield self._arrived.pop(position)

    def _ready(self) -> Iterator[Answer | Failure]:
        while self._next in self._arrived:
            self._next += 1
            yield self._arrived.pop(self._next - 1)

    def _take(self, *, wait: bool, fatal: bool = True) -> bool:
        done = self._crew.finished(wait=wait)
        if done is None:
            return False
        position, outcome = done
        if isinstance(outcome, ScandocError):
            outcome = Failure(self._ids[position], outcome)
        if isinstance(outcome, Failure) and isinstance(
            outcome.error, (AuthenticationError, SubscriptionError)
        ):
            if fatal:
                raise outcome.error
            return True
        self._arrived[position] = outcome
        return True
