"""Which tasks of a flat frame are meant, and the pandas code that makes the same selection."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Final

from scandoc_analytics.schema import NOT_FETCHED
from scandoc_analytics.widgets.catalogue import TEXT_COLUMNS, Catalogue

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Filters", "chosen_rows", "code_for", "filter_frame", "parse_size"]

_SIZE: Final = re.compile(r"([0-9]*\.?[0-9]+)\s*([kmgt]?)b?", re.IGNORECASE)
_FACTORS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a task must be to be chosen; what is empty or None asks nothing.

    Parameters
    ----------
    statuses, operations
        The task's is one of these. The status ``not fetched`` means tasks without an answer.
    since, until
        Created on these days or between them, in UTC.
    file_types, least_bytes, most_bytes
        One of the task's files is of one of these types, and at least and at most this large.
    words
        Each of these stands in an id, a name or an error of the task, in upper or lower case.
    """

    statuses: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    file_types: tuple[str, ...] = ()
    least_bytes: int | None = None
    most_bytes: int | None = None
    words: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is asked."""
        return any(getattr(self, field.name) not in ((), None, "") for field in fields(self))

    @property
    def asks_files(self) -> bool:
        """Whether a task needs a file of a certain kind."""
        return bool(self.file_types) or self.least_bytes is not None or self.most_bytes is not None


def filter_frame(frame: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The rows of all tasks that the filters choose; a task keeps all of its rows.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> frame = flatten([{"id": "a", "status": "failed"}, {"id": "b", "status": "pending"}])
    >>> filter_frame(frame, Filters(statuses=("failed",)))["task_id"].tolist()
    ['a']
    """
    return frame[chosen_rows(Catalogue(frame), filters)]


def chosen_rows(catalogue: Catalogue, filters: Filters) -> NDArray[np.bool_]:
    """For each row of the catalogue's frame whether the filters choose its task."""
    chosen = catalogue.all_rows()
    if filters.statuses:
        matching = catalogue.is_in("status", filters.statuses)
        if NOT_FETCHED in filters.statuses:
            matching |= catalogue.not_fetched
        chosen &= matching
    if filters.operations:
        chosen &= catalogue.is_in("operation", filters.operations)
    if filters.since is not None or filters.until is not None:
        first, last = filters.since or date.min, filters.until or date.max
        chosen &= catalogue.created_between(first, last)
    if filters.asks_files:
        chosen &= catalogue.whole_tasks(_file_rows(catalogue, filters))
    for word in filters.words.lower().split():
        chosen &= catalogue.whole_tasks(catalogue.has_word(word))
    return chosen


def _file_rows(catalogue: Catalogue, filters: Filters) -> NDArray[np.bool_]:
    files = catalogue.all_rows()
    if filters.file_types:
        files &= catalogue.is_in("file_type", filters.file_types)
    if filters.least_bytes is not None:
        files &= catalogue.sizes >= filters.least_bytes
    if filters.most_bytes is not None:
        files &= catalogue.sizes <= filters.most_bytes
    return files


def code_for(filters: Filters) -> str:
    """Python that makes the same selection from a flat frame called `frame`.

    Examples
    --------
    >>> print(code_for(Filters(statuses=("failed",), operations=("scan",))))
    chosen = frame["task_id"].notna()
    chosen &= frame["status"].isin(["failed"])
    chosen &= frame["operation"].isin(["scan"])
    selection = frame[chosen]
    >>> print(code_for(Filters()))
    selection = frame
    """
    if not filters.active:
        return "selection = frame"
    lines = ['chosen = frame["task_id"].notna()']
    if filters.statuses:
        matching = f'frame["status"].isin({_listed(filters.statuses)})'
        if NOT_FETCHED in filters.statuses:
            matching += ' | frame["fetch_error"].notna()'
        lines.append(f"chosen &= {matching}")
    if filters.operations:
        lines.append(f'chosen &= frame["operation"].isin({_listed(filters.operations)})')
    if filters.since is not None:
        lines.append(f'chosen &= frame["created_at"] >= "{filters.since}"')
    if filters.until is not None:
        lines.append(f'chosen &= frame["created_at"] <= "{filters.until} 23:59:59.999999"')
    if filters.asks_files:
        lines += [f"files = {_files_code(filters)}", f"chosen &= {_lifted('files')}"]
    words = filters.words.lower().split()
    if words:
        parts = ", ".join(_column_code(name) for name in TEXT_COLUMNS[1:])
        lines.append(f'text = frame["task_id"].str.cat([{parts}], sep=" ", na_rep="").str.lower()')
    for word in dict.fromkeys(words):
        found = f"text.str.contains({_quoted(word)}, regex=False)"
        lines.append(f"chosen &= {_lifted(found)}")
    return "\n".join([*lines, "selection = frame[chosen]"])


def _files_code(filters: Filters) -> str:
    conditions = []
    if filters.file_types:
        conditions.append(f'frame["file_type"].isin({_listed(filters.file_types)})')
    if filters.least_bytes is not None:
        conditions.append(f'frame["file_size_bytes"].ge({filters.least_bytes}).fillna(False)')
    if filters.most_bytes is not None:
        conditions.append(f'frame["file_size_bytes"].le({filters.most_bytes}).fillna(False)')
    return " & ".join(conditions)


def _lifted(rows: str) -> str:
    return f'frame["task_id"].isin(frame.loc[{rows}, "task_id"])'


def _column_code(name: str) -> str:
    return f'frame["{name}"].str.join(" ")' if name == "input_ids" else f'frame["{name}"]'


def _listed(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    """A text as Python source in ASCII, which shows what it holds whatever it does to a screen."""
    source = ascii(text)
    return source if '"' in text or "\\" in source else f'"{text}"' if text.isascii() else source


def parse_size(text: str) -> int | None:
    """A size in bytes as people write it: ``500 kB``, ``1.5MB``, ``2048``; None for an empty text.

    Raises
    ------
    ValueError
        It cannot be read; the message says what would do.

    Examples
    --------
    >>> parse_size("1.5 MB"), parse_size("2048"), parse_size(" ")
    (1500000, 2048, None)
    """
    wanted = text.strip().replace(",", "")
    if not wanted:
        return None
    read = _SIZE.fullmatch(wanted)
    if read is None:
        msg = f"{text!r} is no size: write 500 kB, 1.5 MB or a number of bytes"
        raise ValueError(msg)
    return round(float(read[1]) * _FACTORS[read[2].lower()])
