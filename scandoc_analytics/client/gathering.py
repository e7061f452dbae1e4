"""From answers to one flat frame, whatever ends the work: all is there, an error, an interrupt."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scandoc_analytics.errors import PayloadError, ScandocError
from scandoc_analytics.frame import Flattener
from scandoc_analytics.service.batch import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from scandoc_analytics.service.answers import Answer, Page
    from scandoc_analytics.service.batch import Batch

__all__ = ["Gathering"]


class Gathering:
    """Rows of a flat frame as the answers come in, and the errors of those that do not."""

    def __init__(self, *, text: bool) -> None:
        self._flattener = Flattener(text=text)
        self.failures: dict[str, ScandocError] = {}

    def add(self, outcome: Answer | Failure) -> None:
        """Add what became of one id."""
        if isinstance(outcome, Failure):
            self._fail(outcome.task_id, outcome.error)
            return
        try:
            self._flattener.add(
                outcome.body, fetched_at=outcome.fetched_at, from_cache=outcome.from_cache
            )
        except PayloadError as error:
            self._fail(outcome.task_id, error.with_traceback(None))

    def _fail(self, task_id: str, error: ScandocError) -> None:
        self.failures[task_id] = error
        self._flattener.add_failure(task_id, str(error))

    def add_page(self, page: Page, chosen: list[dict[str, Any]]) -> None:
        """Add the chosen tasks of a list page, or newer answers in their place."""
        if not page.newer:
            # Bytes are read faster than objects, and all of them are wanted.
            whole = chosen is page.items and page.whole
            self._flattener.add(
                page.body if whole else chosen,
                fetched_at=page.fetched_at,
                from_cache=page.from_cache,
            )
            return
        for task in chosen:
            newer = page.newer.get(task["id"])
            if newer is not None:
                self.add(newer)
            else:
                self._flattener.add(task, fetched_at=page.fetched_at, from_cache=page.from_cache)

    def finish(self) -> pd.DataFrame:
        """The flat frame of all that was added."""
        return self._flattener.finish()

    @contextmanager
    def kept_on_error(self, batch: Batch | None = None) -> Iterator[None]:
        """Whatever ends the work early carries what had arrived as ``frame``."""
        try:
            yield
        except (ScandocError, KeyboardInterrupt) as error:
            if batch is not None:
                for outcome in batch.rest():
                    self.add(outcome)
            arrived = self.finish()
            # The built-in KeyboardInterrupt has no such attribute until now.
            error.frame = arrived  # type: ignore[union-attr]
            error.add_note(
                f"What had arrived, {arrived['task_id'].nunique():,} tasks, is in the `frame` of "
                "this error (`import sys; sys.last_value.frame`); with a cache, settled ones are "
                "not asked for again."
            )
            raise
