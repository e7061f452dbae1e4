"""A result table as people read it: human units by the column's name, cut to the space there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import units

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["as_text", "humanise", "unit_of"]

_MISSING: Final = "–"
#: A text column is never cut to less than this.
_LEAST_WIDTH: Final = 8
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
    shown = humanise(table)
    texts = {str(name): [units.plain(text) for text in column] for name, column in shown.items()}
    if not len(table):
        return _GAP.join(texts) + "\n(no rows)"
    right = {
        str(name)
        for name in table.columns
        if pd.api.types.is_numeric_dtype(table[name].dtype)
        and not pd.api.types.is_bool_dtype(table[name].dtype)
    }
    widths = _fit({name: [name, *column] for name, column in texts.items()}, right, width)
    rows = [list(texts), *map(list, zip(*texts.values(), strict=True))]
    return "\n".join(
        _GAP.join(
            units.cut(cell, size).rjust(size)
            if name in right
            else units.cut(cell, size).ljust(size)
            for cell, (name, size) in zip(row, widths.items(), strict=True)
        ).rstrip()
        for row in rows
    )


def _fit(texts: dict[str, list[str]], fixed: set[str], width: int) -> dict[str, int]:
    widths = {name: max(map(len, column)) for name, column in texts.items()}
    # A heading that is cut says nothing.
    least = {name: max(len(name), _LEAST_WIDTH) for name in widths}
    room = width - len(_GAP) * (len(widths) - 1)
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
