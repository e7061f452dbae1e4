"""Values of a payload, whatever their type, as short inert texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from scandoc_analytics import units

__all__ = ["ago", "as_mapping", "as_size", "as_text", "as_time", "listed", "moment", "pretty"]


def as_mapping(value: Any) -> dict[Any, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: Any, most: int) -> str:
    """Any JSON value on one line of at most `most` characters; None is an empty text.

    Examples
    --------
    >>> as_text({"x": [1, None]}, 40), as_text("plain", 4), as_text(None, 4)
    ('{"x": [1, null]}', 'pla…', '')
    """
    if value is None:
        return ""
    # A text is cut before it is cleaned: it may be megabytes long.
    text = value[: most + 1] if isinstance(value, str) else _json(value)
    return units.cut(units.plain(text[: most + 1]), most)


def pretty(value: Any, *, lines: int, most: int) -> tuple[list[str], int]:
    """The first lines of a text or of a value as JSON, and how many lines there are in all.

    `most` is the number of characters that all the lines together may have.

    Examples
    --------
    >>> pretty({"a": 1}, lines=2, most=80)
    (['{', '  "a": 1'], 3)
    """
    every = (value if isinstance(value, str) else _json(value, indent=2)).splitlines()
    shown, room = [], most
    for line in every[:lines]:
        if room <= 0:
            break
        # Leading blanks are kept: they are the shape of JSON and of tables.
        blanks = min(len(line) - len(line.lstrip(" ")), 8)
        shown.append(" " * blanks + as_text(line.strip(), room))
        room -= len(shown[-1])
    return shown, len(every)


def listed(value: Any, most: int) -> Any:
    """A list of texts or of points one after the other; anything else as it is.

    That is easier to read than JSON, and an id that is shown is shown whole, to be copied.

    Examples
    --------
    >>> listed([{"x": 131, "y": 309}, {"x": 2312.5, "y": 375}], 40)
    '(131, 309), (2312.5, 375)'
    >>> listed(["file_a", "file_b", "file_c"], 20)
    'file_a and 2 more'
    """
    if not isinstance(value, list):
        return value
    # Each takes a letter at least: more than `most` of them never fit.
    items = [_item(item, most) for item in value[:most]]
    if not all(items):
        return value
    text = ", ".join(items)
    if len(items) == len(value) and len(text) <= most:
        return text
    room = most - len(f" and {len(value)} more")
    shown = items[:1]
    for item in items[1:]:
        if len(", ".join([*shown, item])) > room:
            break
        shown.append(item)
    rest = len(value) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def _item(value: Any, most: int) -> str:
    if isinstance(value, str):
        return value[: most + 1]
    point = as_mapping(value)
    x, y = as_size(point.get("x")), as_size(point.get("y"))
    return "" if x is None or y is None or len(point) > len("xy") else f"({x:.6g}, {y:.6g})"


def as_size(value: Any) -> float | None:
    """A count or a length from 0, as a finite number; None for anything else.

    Examples
    --------
    >>> as_size(790.75), as_size("3"), as_size(True), as_size(-1)
    (790.75, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # The bound also refuses NaN, and keeps the text short.
    return value if 0 <= value < 2**63 else None


def as_time(value: Any) -> datetime | None:
    """A moment of a payload, in UTC; without an offset it is UTC; None for anything else.

    Examples
    --------
    >>> as_time("2026-01-14T20:00:08.871Z")
    datetime.datetime(2026, 1, 14, 20, 0, 8, 871000, tzinfo=datetime.timezone.utc)
    >>> as_time("soon") is None
    True
    """
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment(when: datetime) -> str:
    """A moment in full: date, minute and time zone.

    Examples
    --------
    >>> moment(datetime(2026, 1, 14, 20, 0, tzinfo=UTC))
    '2026-01-14 20:00 UTC'
    """
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ago(when: datetime, now: datetime) -> str:
    """How long ago that was; a moment of the next seconds is now, clocks being what they are.

    Examples
    --------
    >>> now = datetime(2026, 1, 14, 20, 30, tzinfo=UTC)
    >>> ago(datetime(2026, 1, 14, 20, 0, tzinfo=UTC), now), ago(now, now)
    ('30 min ago', 'just now')
    """
    seconds = (now - when).total_seconds()
    if abs(seconds) < 5:  # noqa: PLR2004 - nobody cares about less
        return "just now"
    text = units.duration_text(_rounded(abs(seconds)))
    return f"{text} ago" if seconds > 0 else f"in {text}"


def _rounded(seconds: float) -> float:
    """Two digits are enough to say how long ago something was."""
    for size in (86_400, 3_600, 60):
        if seconds >= 10 * size:
            return round(seconds / size) * size
        if seconds >= size:
            return round(seconds / size, 1) * size
    return round(seconds)


def _json(value: Any, indent: int | None = None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(type(value).__name__)
