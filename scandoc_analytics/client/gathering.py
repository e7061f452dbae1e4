"""From answers to one flat frame, whatever ends the work: all is there, an error, an interrupt."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from scandoc_analytics.errors import PayloadError, ScandocError
from scandoc_analytics.frame import Flattener
from scandoc_analytics.service.batch import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from scandoc_analytics.service.answers import Answer
    from scandoc_analytics.service.batch import Batch
    from scandoc_analytics.service.pages import Item, Page

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

    def add_page(self, page: Page, chosen: list[Item]) -> None:
        """Add the chosen tasks of a list page, or newer answers in their place."""
        add = partial(self._flattener.add, fetched_at=page.fetched_at, from_cache=page.from_cache)
        if chosen is page.items and page.whole and not page.newer:
            # All at once is quicker, and the same.
            add(page.body)
            return
        for task in chosen:
            if task.id in page.newer:
                self.add(page.newer[task.id])
            else:
                add(task.body)

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
