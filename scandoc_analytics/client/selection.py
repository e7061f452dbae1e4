"""Which tasks of a list are wanted, and when there is no need to read on."""

from __future__ import annotations

from datetime import UTC, datetime
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from scandoc_analytics.service.pages import Item

__all__ = ["Selection", "checked_limit"]


def checked_limit(limit: Any) -> int | None:
    """A number of tasks, or None for all.

    Raises
    ------
    ValueError
        It is no whole number of at least 0.
    """
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, Integral) or limit < 0:
        msg = f"limit={limit!r} is no whole number of at least 0"
        raise ValueError(msg)
    return int(limit)


class Selection:
    """Tasks created within a span of time, and at most so many of the newest.

    The service does not say in which order it lists. Reading ends early only when all that was
    seen was listed newest first; otherwise the list is read to its end.
    """

    def __init__(
        self, *, since: pd.Timestamp | None, until: pd.Timestamp | None, limit: int | None
    ) -> None:
        self._since = _precise(since)
        self._until = _precise(until)
        self._limit = limit
        self._unlimited = since is None and until is None and limit is None
        self._chosen = 0
        self._newest_first = True
        self._turns = 0
        self._last: datetime | None = None

    def choose(self, tasks: list[Item]) -> list[Item]:
        """Those of the tasks that are wanted; the list itself where all are."""
        if self._unlimited:
            return tasks
        chosen = [task for task in tasks if self._wants(_moment(task.created_at))]
        self._chosen += len(chosen)
        return chosen

    def _wants(self, created_at: datetime | None) -> bool:
        if created_at is None:
            # Without a date it belongs to no span, and it proves no order.
            self._newest_first = False
            return self._since is None and self._until is None
        if self._last is not None and created_at != self._last:
            self._turns += 1
            self._newest_first = self._newest_first and created_at < self._last
        self._last = created_at
        after = self._since is None or created_at >= self._since
        return after and (self._until is None or created_at <= self._until)

    @property
    def complete(self) -> bool:
        """Whether no page that is still to come can hold a wanted task."""
        if not self._newest_first or not self._turns or self._last is None:
            return self._limit == 0
        past = self._since is not None and self._last < self._since
        return past or (self._limit is not None and self._chosen >= self._limit)

    def cut(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame newest first, without the tasks over the limit."""
        frame = _newest_first(frame)
        if self._limit is None or self._chosen <= self._limit:
            return frame
        wanted = frame["task_id"].drop_duplicates().head(self._limit)
        return frame[frame["task_id"].isin(wanted)].reset_index(drop=True)


def _newest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The flat frame by time of creation; the rows of one task stay together, undated ones last."""
    if frame["created_at"].is_monotonic_decreasing:
        return frame
    return frame.sort_values(
        "created_at", ascending=False, kind="stable", na_position="last", ignore_index=True
    )


def _moment(text: object) -> datetime | None:
    # As in the flat frame, a date without a time is none.
    if not isinstance(text, str) or "T" not in text.upper():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _precise(moment: pd.Timestamp | None) -> datetime | None:
    # A datetime has no nanoseconds, and comparing Timestamps is slow.
    return None if moment is None else moment.floor("us").to_pydatetime()
