"""One task, as the look-up shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from scandoc_analytics.frame import flatten
from scandoc_analytics.schema import SETTLED

__all__ = ["Task"]


class Task:
    """One task as the service gave it; a card in a notebook.

    Parameters
    ----------
    payload
        The task as decoded JSON, as it came.
    fetched_at
        When the service gave it.
    from_cache
        Whether it came out of the cache this time.

    Examples
    --------
    >>> task = Task({"id": "task_a1", "operation": "split", "status": "pending"})
    >>> task
    <Task 'task_a1': split, pending>
    >>> task.settled
    False
    """

    def __init__(
        self,
        payload: dict[str, Any],
        *,
        fetched_at: datetime | None = None,
        from_cache: bool | None = None,
    ) -> None:
        self.payload = payload
        self.fetched_at = fetched_at
        self.from_cache = from_cache

    @classmethod
    def at(cls, payload: dict[str, Any], fetched_at_us: int, *, from_cache: bool) -> Task:
        """A task given at a moment in microseconds since 1970."""
        moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=fetched_at_us)
        return cls(payload, fetched_at=moment, from_cache=from_cache)

    @cached_property
    def _row(self) -> dict[str, Any]:
        # Read by the same rules as the flat frame, so that both always say the same.
        row = flatten([self.payload]).iloc[0]
        names = ("operation", "status", "created_at", "updated_at", "error")
        return {name: None if pd.isna(row[name]) else row[name] for name in names}

    @property
    def id(self) -> str:
        """The task's id."""
        return str(self.payload["id"])

    @property
    def status(self) -> str | None:
        """As the service says: pending, processing, completed, failed, or a newer word."""
        return self._text("status")

    @property
    def operation(self) -> str | None:
        """What is done, as in the flat frame's column."""
        return self._text("operation")

    @property
    def error(self) -> str | None:
        """Why it failed; None for a task that did not."""
        return self._text("error")

    def _text(self, name: str) -> str | None:
        value = self._row[name]
        return None if value is None else str(value)

    @property
    def settled(self) -> bool:
        """Whether the task has ended, completed or failed."""
        return self.status in SETTLED

    @property
    def created_at(self) -> pd.Timestamp | None:
        """When the task was accepted, in UTC."""
        return self._moment("created_at")

    @property
    def updated_at(self) -> pd.Timestamp | None:
        """When its status changed last, in UTC."""
        return self._moment("updated_at")

    def _moment(self, name: str) -> pd.Timestamp | None:
        value = self._row[name]
        return value if isinstance(value, pd.Timestamp) else None

    @property
    def files(self) -> list[dict[str, Any]]:
        """The generated files as the service describes them."""
        result = self.payload.get("result")
        files = result.get("generated_files") if isinstance(result, dict) else None
        return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []

    def __repr__(self) -> str:
        count = len(self.files)
        files = f", {count} file{'' if count == 1 else 's'}" if count else ""
        said = f"{self.operation or 'unknown operation'}, {self.status or 'unknown status'}"
        text = f"<Task {self.id!r}: {said}{files}>"
        # Names come from outside: they stay on one line.
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

    def __str__(self) -> str:
        from scandoc_analytics.card import card_text  # noqa: PLC0415 - only who looks needs it

        return card_text(self.payload, fetched_at=self.fetched_at, from_cache=self.from_cache)

    def _repr_html_(self) -> str:
        from scandoc_analytics.card import card_html  # noqa: PLC0415 - only who looks needs it

        return card_html(self.payload, fetched_at=self.fetched_at, from_cache=self.from_cache)
