"""Raw values, a piece at a time, to whole columns with the rows of the flat frame.

Two steps. Each piece becomes Arrow arrays with one value per task, or per file, while its Python
objects are still in the CPU's cache. At the end each column is spread over the rows at once.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scandoc_analytics.frame.members import FILE_PATHS, TASK_PATHS
from scandoc_analytics.frame.pandas_columns import to_lists
from scandoc_analytics.frame.payloads import to_json
from scandoc_analytics.frame.values import TEXT, WHOLE, convert
from scandoc_analytics.schema import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from scandoc_analytics.frame.members import Keep, Members

__all__ = ["Rows"]

_SETTLED: Final = pa.array(sorted(SETTLED), TEXT)
_NO_SECONDS: Final = pa.scalar(None, pa.float64())


class Rows:
    """Columns that grow piece by piece; one row per generated file or lone task."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[pa.Array]] = {}
        self._positions: list[NDArray[np.int64]] = []
        self._inputs: list[str | list[str] | None] = []
        self._extra_rows: list[int] = []
        self._extra: list[str] = []
        self._rows = 0

    def add(self, members: Members) -> None:
        """Take over the values; what has the wrong type goes to `extra`."""
        for name, values in members.tasks.items():
            self._convert(name, values, TASK_PATHS.get(name), members.keep_task)
        for name, values in members.files.items():
            self._convert(name, values, FILE_PATHS[name], members.keep_file)
        self._append("file_count", pa.array(members.file_counts, WHOLE))
        self._inputs += members.inputs
        self._positions.append(np.array(members.positions, dtype=np.int64))
        heights = np.array([count or 1 for count in members.file_counts], dtype=np.int64)
        for row, text in _extras(members, heights):
            self._extra_rows.append(self._rows + row)
            self._extra.append(text)
        self._rows += int(heights.sum())

    def columns(self, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """Each column in turn, as an Arrow array, `input_ids` as lists; it is let go then."""
        counts = self._whole("file_count")
        files = counts.fill_null(0).to_numpy()
        heights = np.maximum(files, 1)
        task_of_row = np.repeat(np.arange(len(files)), heights)
        file_of_row = np.full(self._rows, -1)
        file_of_row[np.repeat(files > 0, heights)] = np.arange(files.sum())
        place = np.arange(self._rows) - np.repeat(np.cumsum(heights) - heights, heights)
        extra_of_row = np.full(self._rows, -1)
        extra_of_row[self._extra_rows] = np.arange(len(self._extra))
        position = np.concatenate(self._positions)
        if np.any(position[1:] < position[:-1]):
            # Plain and other tasks came in pieces of their own: back to the payloads' order.
            order = np.argsort(position[task_of_row], kind="stable")
            task_of_row, file_of_row, place, extra_of_row = (
                each[order] for each in (task_of_row, file_of_row, place, extra_of_row)
            )

        self._pieces["file_count"] = [counts]
        self._pieces["duration_s"] = [self._durations()]
        by_task, by_file = pa.array(task_of_row), _positions(file_of_row)
        for name in names:
            if name == "input_ids":
                yield name, to_lists(_listed(self._inputs))[task_of_row]
            elif name == "file_index":
                yield name, pa.array(place, mask=file_of_row < 0)
            elif name == "extra":
                yield name, pa.array(self._extra, TEXT).take(_positions(extra_of_row))
            elif name in ("fetched_at", "from_cache"):
                yield name, pa.array(position[task_of_row])
            else:
                whole = self._whole(name)
                if whole.null_count == len(whole):
                    yield name, pa.nulls(self._rows, whole.type)
                else:
                    yield name, whole.take(by_file if name in FILE_PATHS else by_task)

    def _convert(
        self, name: str, values: list[Any], path: tuple[str, ...] | None, keep: Keep
    ) -> None:
        array, wrong = convert(name, values)
        self._append(name, array)
        if path is not None:
            for index in wrong:
                keep(index, path, values[index])

    def _append(self, name: str, array: pa.Array) -> None:
        self._pieces.setdefault(name, []).append(array)

    def _whole(self, name: str) -> pa.Array:
        pieces = self._pieces.pop(name)
        return pa.concat_arrays(pieces) if len(pieces) > 1 else pieces[0]

    def _durations(self) -> pa.Array:
        created, updated, status = map(self._whole, ("created_at", "updated_at", "status"))
        self._pieces |= {"created_at": [created], "updated_at": [updated], "status": [status]}
        waited = pc.subtract(updated.view(WHOLE), created.view(WHOLE)).cast(pa.float64())
        settled = pc.is_in(status, value_set=_SETTLED)
        return pc.if_else(settled, pc.divide(waited, 1e6), _NO_SECONDS)


def _listed(inputs: list[str | list[str] | None]) -> list[list[str] | None]:
    # All at once, and while the garbage collector rests: it would look at all of them each time
    # that there are some more.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return [[held] if isinstance(held, str) else held for held in inputs]
    finally:
        if was_enabled:
            gc.enable()


def _positions(positions: NDArray[np.int64]) -> pa.Array:
    return pa.array(positions, mask=positions < 0)


def _extras(members: Members, heights: NDArray[np.int64]) -> Iterable[tuple[int, str]]:
    """Rows with something in `extra`, and its text; a file's part is in its own row only."""
    if not members.extra and not members.file_extra:
        return ()
    strict = members.strict
    ends = np.cumsum(heights).tolist()
    starts = [0, *ends]
    rows: dict[int, str] = {}
    for task, extra in members.extra.items():
        rows.update(dict.fromkeys(range(starts[task], ends[task]), to_json(extra, strict=strict)))
    if members.file_extra:
        counts = [count or 0 for count in members.file_counts]
        tasks = np.repeat(np.arange(len(counts)), counts).tolist()
        first_files = np.cumsum([0, *counts]).tolist()
        for file, extra in members.file_extra.items():
            task = tasks[file]
            whole = {**members.extra.get(task, {}), "file": extra}
            rows[starts[task] + file - first_files[task]] = to_json(whole, strict=strict)
    return rows.items()
