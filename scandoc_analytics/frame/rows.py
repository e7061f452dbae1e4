"""Raw values, a piece at a time, to whole columns with the rows of the flat frame.

Two steps. Each piece becomes Arrow arrays with one value per task, or per file, while its Python
objects are still in the CPU's cache. At the end each column is spread over the rows at once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scandoc_analytics.frame.members import CALLBACK_PATHS, FILE_PATHS, TASK_PATHS, Members
from scandoc_analytics.frame.pandas_columns import to_lists
from scandoc_analytics.frame.payloads import to_json
from scandoc_analytics.frame.values import TEXT, WHOLE, convert
from scandoc_analytics.schema import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from scandoc_analytics.frame.members import Keep

__all__ = ["Rows"]


class Rows:
    """Columns that grow piece by piece; one row per generated file or lone task."""

    def __init__(self, *, text: bool) -> None:
        self._text = text
        self._pieces: dict[str, list[pa.Array]] = {}
        self._indices: dict[str, list[NDArray[np.int64]]] = {}
        self._positions: list[NDArray[np.int64]] = []
        self._input_ids: list[list[str] | None] = []
        self._tasks = 0
        self._rows = 0

    def add(self, members: Members) -> None:
        """Take over the values; what has the wrong type goes to `extra`."""
        for name, values in members.tasks.items():
            if name != "input_ids":
                self._convert(name, values, TASK_PATHS.get(name), members.keep_task)
        for name, (indices, values) in members.sparse.items():
            if indices:
                path = TASK_PATHS.get(name)
                self._convert_sparse(name, np.array(indices), values, path, members)
        for name, values in members.files.items():
            self._convert(name, values, FILE_PATHS[name], members.keep_file)
        self._end_piece(members, members.tasks["input_ids"])

    def add_plain(
        self, tasks: pa.StructArray, input_ids: list[list[str]], positions: list[int]
    ) -> None:
        """The same for tasks that Arrow has read."""
        kept = Members(text=self._text)
        kept.positions = positions
        for name in ("task_id", "operation", "status", "created_at", "updated_at"):
            path = TASK_PATHS.get(name, ("id",))
            self._convert(name, pc.struct_field(tasks, list(path)), path, kept.keep_task)
        for name, path in TASK_PATHS.items():
            if path[0] == "parameters":
                self._convert_nullable(name, pc.struct_field(tasks, list(path)), path, kept)
        own, url = (pc.struct_field(tasks, list(path)) for path in CALLBACK_PATHS)
        url = pc.if_else(own.is_null(), url, pa.scalar(None, TEXT))
        for path, urls in zip(CALLBACK_PATHS, (own, url), strict=True):
            self._convert_nullable("callback_url", urls, path, kept)
        lists = pc.struct_field(tasks, ["result", "generated_files"])
        kept.file_counts = pc.list_value_length(lists).fill_null(0).to_pylist()
        files = lists.flatten()
        for name, path in FILE_PATHS.items():
            self._convert(name, pc.struct_field(files, list(path)), path, kept.keep_file)
        self._end_piece(kept, input_ids)

    def columns(self, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """Each column in turn, as an Arrow array, `input_ids` as lists; it is let go then."""
        counts = self._whole("file_count")
        files = counts.fill_null(0).to_numpy()
        heights = np.maximum(files, 1)
        task_of_row = np.repeat(np.arange(self._tasks), heights)
        file_of_row = np.full(self._rows, -1)
        file_of_row[np.repeat(files > 0, heights)] = np.arange(files.sum())
        place = np.arange(self._rows) - np.repeat(np.cumsum(heights) - heights, heights)
        position = np.concatenate(self._positions)
        # Plain and other tasks came in pieces of their own: back to the order of the payloads.
        order = np.argsort(position[task_of_row], kind="stable")
        task_of_row, file_of_row, place = task_of_row[order], file_of_row[order], place[order]

        self._pieces["file_count"] = [counts]
        self._pieces["duration_s"] = [self._durations()]
        by_task, by_file = pa.array(task_of_row), _positions(file_of_row)
        for name in names:
            if name == "input_ids":
                yield name, to_lists(self._input_ids)[task_of_row]
            elif name == "file_index":
                yield name, pa.array(place, mask=file_of_row < 0)
            elif name in FILE_PATHS:
                yield name, self._whole(name).take(by_file)
            elif name in self._indices:
                at = np.full(self._rows if name == "extra" else self._tasks, -1)
                indices = np.concatenate(self._indices.pop(name))
                at[indices] = np.arange(len(indices))
                rows = at[order] if name == "extra" else at[task_of_row]
                yield name, self._whole(name).take(_positions(rows))
            elif name in self._pieces:
                yield name, self._whole(name).take(by_task)
            elif name in ("fetched_at", "from_cache"):
                yield name, pa.array(position[task_of_row])
            else:
                yield name, pa.nulls(self._rows)

    def _convert(
        self, name: str, values: list[Any] | pa.Array, path: tuple[str, ...] | None, keep: Keep
    ) -> None:
        array, wrong = convert(name, values)
        self._append(name, array)
        if path is not None:
            for index in wrong:
                value = values[index]
                keep(index, path, value.as_py() if isinstance(value, pa.Scalar) else value)

    def _convert_sparse(
        self,
        name: str,
        indices: NDArray[np.int64],
        values: list[Any] | pa.Array,
        path: tuple[str, ...] | None,
        members: Members,
    ) -> None:
        self._convert(name, values, path, partial(_keep_at, members.keep_task, indices))
        self._indices.setdefault(name, []).append(indices + self._tasks)

    def _convert_nullable(
        self, name: str, values: pa.Array, path: tuple[str, ...], members: Members
    ) -> None:
        if values.null_count < len(values):
            indices = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
            self._convert_sparse(name, indices, values.drop_null(), path, members)

    def _end_piece(self, members: Members, input_ids: Iterable[list[str] | None]) -> None:
        self._append("file_count", pa.array(members.file_counts, WHOLE))
        self._input_ids += input_ids
        self._positions.append(np.array(members.positions, dtype=np.int64))
        heights = np.array([count or 1 for count in members.file_counts], dtype=np.int64)
        rows, extras = _extras(members, heights)
        if rows:
            self._append("extra", pa.array(extras, TEXT))
            self._indices.setdefault("extra", []).append(np.array(rows) + self._rows)
        self._tasks += len(heights)
        self._rows += int(heights.sum())

    def _append(self, name: str, array: pa.Array) -> None:
        self._pieces.setdefault(name, []).append(array)

    def _whole(self, name: str) -> pa.Array:
        return pa.concat_arrays(self._pieces.pop(name))

    def _durations(self) -> pa.Array:
        created, updated, status = (
            pa.chunked_array(self._pieces[name]) for name in ("created_at", "updated_at", "status")
        )
        waited = pc.subtract(updated.cast(WHOLE), created.cast(WHOLE))
        seconds = pc.divide(waited.cast(pa.float64()), 1e6)
        settled = pc.is_in(status, value_set=pa.array(sorted(SETTLED), TEXT))
        return pc.if_else(settled, seconds, pa.scalar(None, pa.float64())).combine_chunks()


def _keep_at(
    keep: Keep, indices: NDArray[np.int64], index: int, path: tuple[str, ...], value: object
) -> None:
    keep(int(indices[index]), path, value)


def _positions(positions: NDArray[np.int64]) -> pa.Array:
    return pa.array(positions, mask=positions < 0)


def _extras(members: Members, heights: NDArray[np.int64]) -> tuple[list[int], list[str]]:
    """Rows with something in `extra`, and its text; a file's part is in its own row only."""
    if not members.extra and not members.file_extra:
        return [], []
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
    return list(rows), list(rows.values())
