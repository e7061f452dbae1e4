"""A flat frame made quick to filter, sort and page: arrays by row, and one table row per task."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from scandoc_analytics.frame import per_task
from scandoc_analytics.frame.grain import check_flat
from scandoc_analytics.schema import COLUMNS, STR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["SORT_KEYS", "TEXT_COLUMNS", "Catalogue"]

#: The columns in which words are looked for.
TEXT_COLUMNS: Final = (
    "task_id",
    "input_ids",
    "param_name",
    "error",
    "fetch_error",
    "file_id",
    "file_name",
)
#: What the table can be sorted by: the title, and the column of the task.
SORT_KEYS: Final = {
    "Created": "created_at",
    "Task id": "task_id",
    "Status": "status",
    "Operation": "operation",
    "Duration": "duration_s",
    "Files": "file_count",
    "Bytes": "file_bytes_total",
    "Name": "name",
}
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


class Catalogue:
    """What filters, sorting and paging need to know of a flat frame, each worked out once.

    Parameters
    ----------
    frame
        A flat frame; it is not changed.

    Raises
    ------
    ValueError
        Columns of the flat frame are missing.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> catalogue = Catalogue(flatten([{"id": "a", "status": "failed"}, {"id": "b"}]))
    >>> catalogue.is_in("status", ["failed"]).tolist()
    [True, False]
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        check_flat(frame, tuple(COLUMNS))
        self.frame = frame
        #: Which task each row belongs to: the position of its row in `tasks`.
        self.task_of_row, _ = pd.factorize(frame["task_id"], use_na_sentinel=False)
        self._codes: dict[str, tuple[NDArray[Any], dict[str, int]]] = {}
        self._orders: dict[str, NDArray[np.intp]] = {}

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """One row per task, and its `name`: that of its first file, or the one asked for."""
        tasks = per_task(self.frame)
        first = self.first_row
        names = self.frame["file_name"].iloc[first].reset_index(drop=True)
        tasks["name"] = names.astype(STR).fillna(tasks["param_name"])
        return tasks

    @cached_property
    def first_row(self) -> NDArray[np.intp]:
        """The position of the first row of each task."""
        return np.unique(self.task_of_row, return_index=True)[1]

    def all_rows(self) -> NDArray[np.bool_]:
        """True for every row."""
        return np.ones(len(self.frame), dtype=bool)

    def is_in(self, column: str, values: Sequence[str]) -> NDArray[np.bool_]:
        """For each row whether a category column has one of these values."""
        if column not in self._codes:
            codes, seen = pd.factorize(self.frame[column])
            self._codes[column] = codes, {str(value): code for code, value in enumerate(seen)}
        codes, places = self._codes[column]
        wanted = [places[value] for value in values if value in places]
        return np.isin(codes, wanted)

    def values(self, column: str) -> list[str]:
        """The values of a category column, in order."""
        self.is_in(column, ())
        return sorted(self._codes[column][1])

    @cached_property
    def not_fetched(self) -> NDArray[np.bool_]:
        """For each row whether its task has no answer."""
        return self.frame["fetch_error"].notna().to_numpy(dtype=bool)

    @cached_property
    def _created_days(self) -> NDArray[np.int64]:
        times = self.frame["created_at"]
        days = times.to_numpy(dtype="datetime64[us]").astype("datetime64[D]").astype(np.int64)
        # Before all others: no day is that early.
        return np.where(times.notna(), days, np.iinfo(np.int64).min)

    def created_between(self, first: date, last: date) -> NDArray[np.bool_]:
        """For each row whether its task was created on one of these days, in UTC."""
        start, end = (day.toordinal() - _EPOCH_DAY for day in (first, last))
        return (self._created_days >= start) & (self._created_days <= end)

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """For each row the size of its file in bytes; NaN, which is in no span, without one."""
        return self.frame["file_size_bytes"].to_numpy(dtype="float64", na_value=np.nan)

    @cached_property
    def _text(self) -> pa.Array:
        texts = [_as_arrow(self.frame[name]) for name in TEXT_COLUMNS]
        joined = pc.binary_join_element_wise(
            *texts, pa.scalar(" ", pa.large_string()), null_handling="replace", null_replacement=""
        )
        return pc.utf8_lower(joined)

    def has_word(self, word: str) -> NDArray[np.bool_]:
        """For each row whether a lower-case word stands in one of `TEXT_COLUMNS`."""
        found: NDArray[np.bool_] = pc.match_substring(self._text, word).to_numpy(
            zero_copy_only=False
        )
        return found

    def whole_tasks(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """True for every row of each task that has a row in `rows`."""
        return self.in_tasks(rows)[self.task_of_row]

    def in_tasks(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each task whether one of its rows is in `rows`."""
        tasks = np.zeros(len(self.first_row), dtype=bool)
        tasks[self.task_of_row[rows]] = True
        return tasks

    def ordered(
        self, tasks: NDArray[np.bool_], *, key: str, descending: bool = False
    ) -> NDArray[np.intp]:
        """The positions of the chosen tasks, sorted by a key of `SORT_KEYS`; missing ones last."""
        column = SORT_KEYS[key]
        if column not in self._orders:
            self._orders[column] = self._order(column)
        order = self._orders[column][tasks[self._orders[column]]]
        if not descending:
            return order
        missing = self.tasks[column].isna().to_numpy(dtype=bool)[order]
        return np.concatenate([order[~missing][::-1], order[missing]])

    def _order(self, column: str) -> NDArray[np.intp]:
        values = self.tasks[column]
        if values.dtype == STR or isinstance(values.dtype, pd.CategoricalDtype):
            codes, _ = pd.factorize(values.astype(STR), sort=True)
            ranks = np.where(codes < 0, len(values), codes)
            return np.argsort(ranks, kind="stable")
        order: NDArray[np.intp] = values.sort_values(kind="stable").index.to_numpy()
        return order


def _as_arrow(texts: pd.Series[Any]) -> pa.Array:
    if texts.dtype != STR:
        lists = pa.array(texts, pa.list_(pa.string()), from_pandas=True)
        return pc.binary_join(lists, " ").cast(pa.large_string())
    array = pa.array(texts, pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
