"""A result table as people read it: human units by the column's name, cut to the space there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["as_text", "humanise", "unit_of", "without_spare"]

_MISSING: Final = "–"
#: A text column is never cut to less than this,
_LEAST_WIDTH: Final = 8
#: and texts such as ids and times, that are no use in part, only where nothing else is left to cut.
_WHOLE_WIDTH: Final = 24
_GAP: Final = "  "


def humanise(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every cell as text: 3.4 MB, 2 min, 12.3 %, 2026-11-23 20:43.

    The unit is read off the column's name, as everywhere in this package: ``*_bytes`` and
    ``bytes_*``, ``*_s`` and ``seconds_*``, `share`, `rate*`, `ratio*`. What is missing is a dash.

    Examples
    --------
    >>> humanise(pd.DataFrame({"files": [1234], "bytes_total": [3_400_000], "share": [0.5]}))
       files bytes_total   share
    0  1,234      3.4 MB  50.0 %
    """
    return pd.DataFrame(
        {name: _texts(table[name], unit_of(str(name))) for name in table.columns},
        index=table.index,
        dtype=object,
    )


def as_text(table: pd.DataFrame, *, width: int) -> str:
    """The table as lines of text, at most `width` characters wide where its columns allow.

    Numbers stand to the right, text to the left; the widest text columns are cut first, and a cut
    shows as an ellipsis. Control characters do not reach the terminal.

    Examples
    --------
    >>> print(as_text(pd.DataFrame({"status": ["completed"], "tasks": [12]}), width=40))
    status     tasks
    completed     12
    """
    texts = _lines(table)
    if not len(table):
        return _GAP.join(texts) + "\n(no rows)"
    right = {
        str(name)
        for name in table.columns
        if pd.api.types.is_numeric_dtype(table[name].dtype)
        and not pd.api.types.is_bool_dtype(table[name].dtype)
    }
    widths = _fit(texts, right, width)
    rows = [list(texts), *map(list, zip(*texts.values(), strict=True))]
    return "\n".join(
        _GAP.join(
            _cell(cell, size, right=name in right)
            for cell, (name, size) in zip(row, widths.items(), strict=True)
        ).rstrip()
        for row in rows
    )


def without_spare(table: pd.DataFrame, *, width: int, spare: Sequence[str]) -> pd.DataFrame:
    """The table without the first so many of the spare columns, that short texts stay whole.

    Examples
    --------
    >>> table = pd.DataFrame({"task_id": ["task_0123456789"], "files": [1], "pages": [2]})
    >>> list(without_spare(table, width=24, spare=["pages", "files"]).columns)
    ['task_id', 'files']
    """
    for name in spare:
        longest = _longest(_lines(table))
        least = [size if size <= _WHOLE_WIDTH else _LEAST_WIDTH for size in longest.values()]
        if sum(least) + len(_GAP) * (len(least) - 1) <= width:
            break
        table = table.drop(columns=name)
    return table


def _lines(table: pd.DataFrame) -> dict[str, list[str]]:
    shown = humanise(table)
    return {str(name): [units.plain(text) for text in column] for name, column in shown.items()}


def _longest(texts: dict[str, list[str]]) -> dict[str, int]:
    return {name: max(map(units.columns, [name, *column])) for name, column in texts.items()}


def _cell(text: str, size: int, *, right: bool) -> str:
    if units.columns(text) > size:
        text = f"{units.beginning(text, size - 1)}…"
    blanks = " " * (size - units.columns(text))
    return blanks + text if right else text + blanks


def _fit(texts: dict[str, list[str]], fixed: set[str], width: int) -> dict[str, int]:
    widths = _longest(texts)
    room = width - len(_GAP) * (len(widths) - 1)
    # A heading that is cut says nothing.
    least = {name: max(len(name), _LEAST_WIDTH) for name in widths}
    whole = {name: size if size <= _WHOLE_WIDTH else least[name] for name, size in widths.items()}
    return _narrowed(_narrowed(widths, whole, fixed, room), least, fixed, room)


def _narrowed(
    widths: dict[str, int], least: dict[str, int], fixed: set[str], room: int
) -> dict[str, int]:
    """The widest columns made as narrow as it takes, and as they may be."""
    widths = dict(widths)
    while (excess := sum(widths.values()) - room) > 0:
        free = {n: w for n, w in widths.items() if n not in fixed and w > least[n]}
        if not free:
            break
        widest = max(free, key=lambda name: free[name])
        second = sorted(free.values())[-2] if len(free) > 1 else least[widest]
        target = min(max(second, free[widest] - excess), free[widest] - 1)
        widths[widest] = max(target, least[widest])
    return widths


def unit_of(name: str) -> Callable[[Any], str]:
    """How a value of the column `name` is written for people."""
    if name.endswith("_change"):
        return _plain_text
    if name.endswith("_bytes") or name.startswith("bytes_") or name == "file_bytes_total":
        return units.bytes_text
    if name.endswith("_s") or name.startswith("seconds_"):
        return units.duration_text
    if name in {"share", "rate"} or name.startswith("rate_"):
        return units.share_text
    return _plain_text


def _plain_text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return units.time_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return units.count_text(value)
    if isinstance(value, float):
        return f"{value:,.3g}"
    return str(value)


def _texts(column: pd.Series[Any], unit: Callable[[Any], str]) -> list[str]:
    values = column.astype(object)
    missing = column.isna()
    return [_MISSING if gone else unit(value) for value, gone in zip(values, missing, strict=True)]
