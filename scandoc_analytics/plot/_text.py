"""Texts from the service as labels: on few lines, drawn as they are, never as mathematics."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from matplotlib.font_manager import FontProperties, findfont, get_font

from scandoc_analytics import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.text import Text

__all__ = ["drawable", "ends", "fitted", "name_of", "style", "write"]

#: Looked for where matplotlib's own font lacks a sign: first what Linux has, then macOS, Windows.
_FURTHER_FAMILIES: Final = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Emoji",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Arial Unicode MS",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Segoe UI Symbol",
)
#: A number and its unit are one word.
_BETWEEN_WORDS: Final = re.compile(r"(?<!\d) | (?!(?:%|[kMGTP]?B|min|[shd])(?!\w))")
_NO_GLYPH: Final = "□"
_LONGEST: Final = 400


def style(text: str) -> dict[str, Any]:
    """Properties of a Text that draws `text` as it is, whatever signs it holds."""
    further = dict.fromkeys(family for sign in text if (family := _family(sign)))
    families = {"fontfamily": [*FontProperties().get_family(), *further]} if further else {}
    return {"parse_math": False, "usetex": False, **families}


def drawable(text: str) -> str:
    """The text on one line; a sign that no font at hand has becomes a square.

    Examples
    --------
    >>> drawable("a" + chr(10) + "b")
    'a b'
    """
    shown = " ".join(units.plain(text[:_LONGEST]).split())
    if shown.isascii():
        return shown
    return "".join(_replaced(sign) for sign in shown)


def fitted(text: str, width: int, lines: int = 1) -> str:
    r"""The text wrapped into a few lines of at most `width` columns, else cut with an ellipsis.

    Signs of East Asian scripts take two columns.

    Examples
    --------
    >>> fitted("the document could not be read", 14, 2)
    'the document\ncould not be…'
    """
    words = _BETWEEN_WORDS.split(drawable(text))
    done: list[str] = []
    while words and len(done) < lines:
        last = len(done) == lines - 1
        done.append(_line(words, width, last=last))
    return "\n".join(done)


def ends(text: str, width: int, lines: int = 1) -> str:
    r"""The text in as much room as `fitted` takes, cut in its middle rather than at its end.

    Examples
    --------
    >>> ends("the-operation-of-team-07", 14), ends("the operation of team 07", 14, 2)
    ('the-op…team-07', 'the operation…\n…on of team 07')
    """
    if units.columns(drawable(text)) <= width:
        return drawable(text)
    last = drawable(text[-width:])[::-1]
    if lines > 1:
        tail = units.beginning(last, width - 1)[::-1].lstrip()
        return f"{fitted(text, width, lines - 1)}\n…{tail}"
    tail = units.beginning(last, width // 2)[::-1].lstrip()
    start = units.beginning(drawable(text), width - 1 - units.columns(tail)).rstrip()
    return f"{start}…{tail}"


def name_of(values: Sequence[Any]) -> str:
    """Values of one or more key columns as the name of a group.

    Examples
    --------
    >>> name_of(["scan", None]), name_of([])
    ('scan · (none)', 'all')
    """
    return " · ".join(_value(value) for value in values) or "all"


def write(text: Text, content: str) -> None:
    """Give an existing Text its content, drawn as it is."""
    text.update(style(content))
    text.set_text(content)


def _value(value: Any) -> str:
    if pd.isna(value):
        return "(none)"
    return units.time_text(value) if isinstance(value, pd.Timestamp) else str(value) or "(empty)"


def _line(words: list[str], width: int, *, last: bool) -> str:
    """Take from the words what fits on a line."""
    line = words.pop(0)
    while words and units.columns(line) + 1 + units.columns(words[0]) <= width:
        line = f"{line} {words.pop(0)}"
    if units.columns(line) <= width and not (last and words):
        return line
    if last:
        line = " ".join([line, *words])
        words.clear()
        return f"{units.beginning(line, width - 1).rstrip()}…"
    start = units.beginning(line, width)
    words.insert(0, line[len(start) :])
    return start


def _replaced(sign: str) -> str:
    if sign.isascii() or _family(sign) is not None:
        return sign
    # A variation selector or a joiner shows nothing anyway.
    return "" if unicodedata.category(sign) in {"Mn", "Cf", "Me"} else _NO_GLYPH


def _family(sign: str) -> str | None:
    """The family that draws a sign: empty for the default one, None where there is none."""
    defaults = tuple(FontProperties().get_family())
    if sign.isascii() or any(_has(family, sign) for family in defaults):
        return ""
    return next((family for family in _FURTHER_FAMILIES if _has(family, sign)), None)


@cache
def _has(family: str, sign: str) -> bool:
    try:
        # A family that is no list would be read as a pattern, in which a hyphen is syntax.
        path = findfont(FontProperties(family=[family]), fallback_to_default=False)
    except ValueError:
        return False
    return get_font(path).get_char_index(ord(sign)) != 0
