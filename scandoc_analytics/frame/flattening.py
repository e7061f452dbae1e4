"""Payloads to the flat frame, piece by piece, so that no payload is held longer than needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from scandoc_analytics.errors import PayloadError
from scandoc_analytics.frame.members import Members
from scandoc_analytics.frame.objects import read_objects
from scandoc_analytics.frame.pandas_columns import to_column
from scandoc_analytics.frame.payloads import JSON_TEXT, read_payload, storable
from scandoc_analytics.frame.plain import read_plain
from scandoc_analytics.frame.rows import Rows
from scandoc_analytics.frame.structs import PlainTask, decode_plain, is_odd, to_object, to_plain
from scandoc_analytics.frame.values import TIME, WHOLE
from scandoc_analytics.schema import columns

if TYPE_CHECKING:
    from scandoc_analytics.frame.payloads import JsonObject, Payload

__all__ = ["Flattener", "flatten"]

# Enough that Arrow's cost per call vanishes, few enough that the objects stay in the CPU's cache.
_TASKS_AT_ONCE: Final = 1024


class Flattener:
    """Builds a flat frame while payloads come in; rows stand in the order added.

    Parameters
    ----------
    text
        Also give the extracted text, as column `text`.

    Examples
    --------
    >>> flattener = Flattener()
    >>> flattener.add(b'{"id": "task_a", "operation": "split", "status": "pending"}')
    >>> flattener.add_failure("task_b", "no such task")
    >>> flattener.finish()[["task_id", "status", "file_count", "fetch_error"]]
      task_id   status  file_count   fetch_error
    0  task_a  pending           0           NaN
    1  task_b      NaN        <NA>  no such task
    """

    def __init__(self, *, text: bool = False) -> None:
        self._text = text
        self._start()

    def _start(self) -> None:
        self._payloads = 0
        self._fetched_at: list[int | None] = []
        self._from_cache: list[bool | None] = []
        self._waiting: list[PlainTask | JsonObject] = []
        self._members = Members(text=self._text)
        self._rows = Rows()

    def add(
        self, payload: Payload, *, fetched_at: int | None = None, from_cache: bool | None = None
    ) -> None:
        """Add the tasks of one payload: all of them, or none where one is malformed.

        Parameters
        ----------
        payload
            JSON of a task or of a list page, one of them decoded, a list of decoded tasks, or an
            object whose `payload` is one of these.
        fetched_at
            When the service gave it, in microseconds since 1970-01-01 UTC.
        from_cache
            Whether it came out of a cache.

        Raises
        ------
        PayloadError
            The position of the payload, counted from 0, and what is wrong with it.
        """
        tasks = self._tasks_in(payload)
        self._payloads += 1
        self._waiting += tasks
        self._fetched_at += [fetched_at] * len(tasks)
        self._from_cache += [from_cache] * len(tasks)
        if len(self._waiting) >= _TASKS_AT_ONCE:
            self._read_waiting()

    def _tasks_in(self, payload: object) -> Sequence[PlainTask | JsonObject]:
        """Each task in it: plain where that is possible, else the decoded object."""
        given = getattr(payload, "payload", payload)
        plain = decode_plain(given) if isinstance(given, JSON_TEXT) else None
        if plain is not None:
            return [to_object(task) if is_odd(task) else task for task in plain]
        objects, strict = read_payload(given, self._payloads)
        self._members.strict &= strict
        return [to_plain(task) or task for task in objects]

    def add_failure(self, task_id: str, message: str) -> None:
        """Add a row for a task that could not be fetched: its id, and why in `fetch_error`."""
        self._read_waiting()
        self._members.add_failure(storable(task_id), storable(message), len(self._fetched_at))
        self._fetched_at.append(None)
        self._from_cache.append(None)

    def finish(self) -> pd.DataFrame:
        """The flat frame of all that was added; the builder is empty afterwards."""
        self._read_waiting()
        self._write()
        dtypes = columns(text=self._text)
        provenance = {
            "fetched_at": pa.array(self._fetched_at, WHOLE).view(TIME),
            "from_cache": pa.array(self._from_cache, pa.bool_()),
        }
        frame = pd.DataFrame(
            {
                name: to_column(
                    provenance[name].take(values) if name in provenance else values, dtypes[name]
                )
                for name, values in self._rows.columns(dtypes)
            },
            copy=False,
        )
        self._start()
        return frame

    def _read_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        first = len(self._fetched_at) - len(waiting)
        plain: list[PlainTask] = []
        odd: list[JsonObject] = []
        plain_positions: list[int] = []
        odd_positions: list[int] = []
        for position, task in enumerate(waiting, first):
            if isinstance(task, PlainTask):
                plain.append(task)
                plain_positions.append(position)
            else:
                odd.append(task)
                odd_positions.append(position)
        read_plain(self._members, plain, plain_positions)
        read_objects(self._members, odd, odd_positions)
        if len(self._members) >= _TASKS_AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._rows.add(self._members)
        self._members = Members(text=self._text)


def flatten(payloads: Iterable[Payload] | Payload, *, text: bool = False) -> pd.DataFrame:
    """Flatten task payloads into one row per generated file.

    Parameters
    ----------
    payloads
        Tasks or list pages, as JSON (bytes or text) or decoded, or a single one of them.
    text
        Also give the extracted text, as column `text`.

    Returns
    -------
    pandas.DataFrame
        The flat frame: one row per generated file, one row for a task without files, in the order
        given. A task that comes twice is in it twice; `per_task` and the metrics count it once.
        `fetched_at`, `from_cache` and `fetch_error` are missing: only a client knows them.

    Raises
    ------
    PayloadError
        The position of what is no task, counted from 0, and the reason. A member of the wrong type
        is no error: its cell is missing, and the value stands in `extra`.

    Examples
    --------
    >>> task = {
    ...     "id": "task_a",
    ...     "operation": "split",
    ...     "parameters": {"input": "file_a"},
    ...     "status": "completed",
    ...     "result": {
    ...         "generated_files": [
    ...             {"id": "file_b", "type": "application/pdf", "properties": {"size": 24}},
    ...             {"id": "file_c", "type": "application/pdf", "properties": {"size": 40}},
    ...         ]
    ...     },
    ...     "created_at": "2026-01-14T20:00:00Z",
    ...     "updated_at": "2026-01-14T20:00:04.500Z",
    ... }
    >>> flatten([task])[["task_id", "duration_s", "file_index", "file_id", "file_size_bytes"]]
      task_id  duration_s  file_index file_id  file_size_bytes
    0  task_a         4.5           0  file_b               24
    1  task_a         4.5           1  file_c               40
    """
    flattener = Flattener(text=text)
    for payload in _each(payloads):
        flattener.add(payload)
    return flattener.finish()


def _each(payloads: Any) -> Iterable[Any]:
    single = isinstance(payloads, (bytes, bytearray, memoryview, str, dict))
    if single or hasattr(payloads, "payload"):
        return [payloads]
    if isinstance(payloads, Iterable):
        return payloads
    msg = (
        f"flatten was given {payloads!r}, of type {type(payloads).__name__}: "
        "give task payloads, or a list of them"
    )
    raise PayloadError(msg)
