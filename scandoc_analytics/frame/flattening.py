"""Payloads to the flat frame, piece by piece, so that no payload is held longer than needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from scandoc_analytics.errors import PayloadError
from scandoc_analytics.frame.members import Members
from scandoc_analytics.frame.pandas_columns import to_column
from scandoc_analytics.frame.payloads import read_payload, storable
from scandoc_analytics.frame.plain import find_plain, plain_inputs, read_plain
from scandoc_analytics.frame.rows import Rows
from scandoc_analytics.frame.values import TIME, WHOLE
from scandoc_analytics.schema import columns

if TYPE_CHECKING:
    from scandoc_analytics.frame.payloads import JsonObject, Payload

__all__ = ["Flattener", "flatten"]

# Enough tasks at once that each step costs little per task, few enough that they die young: the
# garbage collector looks again and again at objects that stay.
_TASKS_AT_ONCE: Final = 64
# Enough tasks and files that Arrow's cost per call vanishes, few enough for the CPU's cache.
_VALUES_AT_ONCE: Final = 2048
_PLAIN_AT_ONCE: Final = 8192


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
        self._waiting: list[JsonObject] = []
        self._strict = True
        self._fetched_at: list[int | None] = []
        self._from_cache: list[bool | None] = []
        self._others: list[JsonObject] = []
        self._other_positions: list[int] = []
        self._plain: list[pa.StructArray] = []
        self._plain_inputs: list[list[str]] = []
        self._plain_positions: list[int] = []
        self._members = Members(text=self._text)
        self._rows = Rows(text=self._text)

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
        tasks, strict = read_payload(payload, self._payloads)
        self._payloads += 1
        if strict is not self._strict:
            self._read_waiting()
            self._read_others()
            self._strict = strict
        self._waiting += tasks
        self._fetched_at += [fetched_at] * len(tasks)
        self._from_cache += [from_cache] * len(tasks)
        if len(self._waiting) >= _TASKS_AT_ONCE:
            self._read_waiting()

    def add_failure(self, task_id: str, message: str) -> None:
        """Add a row for a task that could not be fetched: its id, and why in `fetch_error`."""
        self._read_waiting()
        self._members.add_failure(storable(task_id), storable(message), len(self._fetched_at))
        self._fetched_at.append(None)
        self._from_cache.append(None)
        if len(self._members) >= _VALUES_AT_ONCE:
            self._write_others()

    def finish(self) -> pd.DataFrame:
        """The flat frame of all that was added; the builder is empty afterwards."""
        self._read_waiting()
        self._read_others()
        self._write_plain()
        self._write_others()
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
        places = find_plain(waiting) if self._strict else []
        tasks = [waiting[place] for place in places]
        array = read_plain(tasks) if tasks else None
        if array is None:
            places = []
        else:
            self._plain.append(array)
            self._plain_inputs += plain_inputs(tasks)
            self._plain_positions += [first + place for place in places]
        for place in sorted(set(range(len(waiting))).difference(places)):
            self._others.append(waiting[place])
            self._other_positions.append(first + place)
        if len(self._others) >= _TASKS_AT_ONCE:
            self._read_others()
        if len(self._plain_inputs) >= _PLAIN_AT_ONCE:
            self._write_plain()

    def _read_others(self) -> None:
        self._members.read(self._others, self._other_positions, strict=self._strict)
        self._others, self._other_positions = [], []
        if len(self._members) >= _VALUES_AT_ONCE:
            self._write_others()

    def _write_others(self) -> None:
        self._rows.add(self._members)
        self._members = Members(text=self._text)

    def _write_plain(self) -> None:
        if self._plain_inputs:
            whole = pa.concat_arrays(self._plain)
            self._plain.clear()
            self._rows.add_plain(whole, self._plain_inputs, self._plain_positions)
            self._plain_inputs, self._plain_positions = [], []


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
