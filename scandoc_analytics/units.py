"""Numbers and texts as people read them: 3.4 MB, 2.5 min, 12.3 %, one line, no surprises."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "beginning",
    "bytes_text",
    "columns",
    "count_text",
    "counted",
    "cut",
    "duration_text",
    "parse_duration",
    "plain",
    "share_text",
    "time_text",
]

_BYTE_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_THOUSAND: Final = 1000
_DURATION_UNITS: Final = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d|w)")
_LENGTH_UNITS: Final = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MINUS: Final = "−"
_ELLIPSIS: Final = "…"
_JOINERS: Final = "\u200c\u200d"


def bytes_text(size_bytes: float) -> str:
    """A size in decimal units: 1 MB is 1,000,000 bytes.

    Examples
    --------
    >>> bytes_text(512), bytes_text(3_400_000), bytes_text(0)
    ('512 B', '3.4 MB', '0 B')
    """
    size, sign = _magnitude(size_bytes)
    for unit in _BYTE_UNITS:
        shown = _three_digits(size)
        # 999,950 bytes round to 1000 kB: that is 1 MB.
        if float(shown) < _THOUSAND or unit == _BYTE_UNITS[-1]:
            return f"{sign}{shown} {unit}"
        size /= _THOUSAND
    raise AssertionError


def duration_text(seconds: float) -> str:
    """A length of time in the largest unit that it fills: seconds, minutes, hours, days.

    Examples
    --------
    >>> duration_text(0.25), duration_text(150), duration_text(93_600)
    ('0.25 s', '2.5 min', '1.08 d')
    """
    length, sign = _magnitude(seconds)
    for unit, size in _DURATION_UNITS:
        if length >= size or unit == "s":
            return f"{sign}{_three_digits(length / size)} {unit}"
    raise AssertionError


def share_text(share: float) -> str:
    """A share as a percentage with one decimal.

    Examples
    --------
    >>> share_text(0.1234), share_text(1), share_text(0.0001)
    ('12.3 %', '100.0 %', '<0.1 %')
    """
    if 0 < share < 0.0005:  # noqa: PLR2004 - rounds to 0.0, which would say that there is none
        return "<0.1 %"
    return f"{100 * share:.1f} %"


def count_text(count: float) -> str:
    """A count with a comma between thousands.

    Examples
    --------
    >>> count_text(1234567)
    '1,234,567'
    """
    return f"{count:,.0f}"


def counted(count: float, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "task"), counted(1200, "task")
    ('1 task', '1,200 tasks')
    """
    return f"{count_text(count)} {noun}{'' if count == 1 else 's'}"


def time_text(moment: datetime) -> str:
    """A moment to the minute, or a day where it is the first of one.

    Examples
    --------
    >>> from datetime import datetime
    >>> time_text(datetime(2026, 11, 23, 20, 43, 5)), time_text(datetime(2026, 11, 23))
    ('2026-11-23 20:43', '2026-11-23')
    """
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}"


def plain(text: str) -> str:
    """A text on one line that does to a terminal or a page what it shows, and nothing else.

    Line breaks and tabs become spaces. Control characters, and those that turn the direction of
    what follows, become U+FFFD.

    Examples
    --------
    >>> plain("two" + chr(10) + "lines")
    'two lines'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if sign.isspace() else "\N{REPLACEMENT CHARACTER}" if _is_control(sign) else sign
        for sign in text
    )


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: signs of East Asian scripts take two.

    Examples
    --------
    >>> columns("abc"), columns("契約書")
    (3, 6)
    """
    if text.isascii():
        return len(text)
    return sum(_sign_columns(sign) for sign in text)


def beginning(text: str, most: int) -> str:
    """The longest beginning of at most `most` columns, and of at least one sign.

    Examples
    --------
    >>> beginning("契約書", 5)
    '契約'
    """
    taken, used = 0, 0
    for sign in text:
        used += _sign_columns(sign)
        if used > most:
            break
        taken += 1
    return text[: max(taken, 1)]


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis, in at most `most` characters.

    Examples
    --------
    >>> cut("detect-documents", 8)
    'detect-…'
    """
    return text if len(text) <= most else text[: max(most - 1, 0)] + _ELLIPSIS


def parse_duration(text: str) -> timedelta:
    """A length of time written with its unit: s, min, h, d or w.

    Raises
    ------
    ValueError
        The text is no number with one of these units. A bare number is none: of what?

    Examples
    --------
    >>> parse_duration("90min"), parse_duration("30 d")
    (datetime.timedelta(seconds=5400), datetime.timedelta(days=30))
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        msg = f"{text!r} is no length of time: write one such as '45s', '30min', '12h', '30d'"
        raise ValueError(msg)
    return timedelta(**{_LENGTH_UNITS[found[2]]: float(found[1])})


def _sign_columns(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me"} or sign in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _magnitude(number: float) -> tuple[float, str]:
    return abs(float(number)), _MINUS if number < 0 else ""


def _three_digits(number: float) -> str:
    if number == 0 or not math.isfinite(number):
        return f"{number:.0f}"
    decimals = min(max(2 - math.floor(math.log10(number)), 0), 3)
    shown = f"{number:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"} and sign not in _JOINERS
