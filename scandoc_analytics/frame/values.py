"""Raw JSON values of one member to one Arrow array, in bulk, with the places of wrong ones.

A value of the wrong type becomes null, and its index is returned, so that the caller can keep it
elsewhere. Whole lists are checked at C speed; single values are looked at only where that fails.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from scandoc_analytics.frame.payloads import is_storable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["TEXT", "TIME", "WHOLE", "convert"]

Converted: TypeAlias = tuple[pa.Array, list[int]]

TEXT: Final = pa.large_string()
TIME: Final = pa.timestamp("us", tz="UTC")
WHOLE: Final = pa.int64()

#: All others are text, but for times, whose names end in `_at`.
_WHOLE_COLUMNS: Final = frozenset(
    {"param_quality", "param_dpi", "document_count", "text_length"}
    | {"file_size_bytes", "file_width_px", "file_height_px", "file_page_count"}
)

_WHOLE_TYPES: Final = frozenset({int, type(None)})
_LARGEST: Final = 2**63 - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# What `datetime` can say: beyond it pandas and most file readers fail.
_FIRST: Final = -62_135_596_800_000_000
_LAST: Final = 253_402_300_799_999_999
_DATE_AND_HOUR: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}")


def convert(column: str, values: Sequence[Any]) -> Converted:
    """The values as the column holds them; text, numbers and times each by their own rules."""
    if column.endswith("_at"):
        return times(values)
    return numbers(values) if column in _WHOLE_COLUMNS else texts(values)


def texts(values: Sequence[Any]) -> Converted:
    """Strings as they are; anything else, and what no column can hold, is wrong."""
    try:
        array = pa.array(values, TEXT)
    except (UnicodeEncodeError, pa.ArrowException):
        return _one_by_one(values, _text, TEXT)
    return _one_by_one(values, _text, TEXT) if _has_nul(array) else (array, [])


def numbers(values: Sequence[Any]) -> Converted:
    """Whole numbers from 0 to 2**63 - 1, also when written with a decimal point."""
    # Arrow would cut the fraction off a float that comes out of Python.
    if not _WHOLE_TYPES.issuperset(map(type, values)):
        return _one_by_one(values, _whole_number, WHOLE)
    try:
        array = pa.array(values, WHOLE)
    except OverflowError:
        return _one_by_one(values, _whole_number, WHOLE)
    if array.null_count == len(array) or pc.min(array).as_py() >= 0:
        return array, []
    return _one_by_one(values, _whole_number, WHOLE)


def times(values: Sequence[Any]) -> Converted:
    """ISO 8601 dates with a time, to the microsecond; without an offset they are UTC."""
    bounds = None
    try:
        array = pa.array(values, TEXT).cast(TIME)
        bounds = pc.min_max(array.view(WHOLE)).as_py()
    except (UnicodeEncodeError, pa.ArrowException):
        pass
    if bounds and (bounds["min"] is None or _FIRST <= bounds["min"] <= bounds["max"] <= _LAST):
        return array, []
    since, wrong = _one_by_one(values, _microseconds, WHOLE)
    return since.view(TIME), wrong


def _one_by_one(values: Sequence[Any], read: Callable[[Any], Any], kind: pa.DataType) -> Converted:
    converted = [None if value is None else read(value) for value in values]
    wrong = [
        index
        for index, (value, good) in enumerate(zip(values, converted, strict=True))
        if good is None and value is not None
    ]
    return pa.array(converted, kind), wrong


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str) and is_storable(value) else None


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # The bounds also refuse NaN and the infinities.
    return int(value) if 0 <= value <= _LARGEST and value == int(value) else None


def _microseconds(value: object) -> int | None:
    if not isinstance(value, str) or not _DATE_AND_HOUR.match(value.upper()):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = (moment - _EPOCH) // _MICROSECOND
    return since if _FIRST <= since <= _LAST else None


def _has_nul(array: pa.Array) -> bool:
    if array.null_count == len(array):
        return False
    data = array.buffers()[2]
    return data is not None and b"\0" in data.to_pybytes()
