"""One look per status in all plots.

The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which people with
the usual kinds of colour blindness tell apart. Those that are alike in grey differ in hatching.
"""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

from scandoc_analytics.schema import COMPLETED, FAILED, NOT_FETCHED, PENDING, PROCESSING

__all__ = ["BLUE", "Look", "in_order", "is_known", "look"]

BLUE: Final = "#0072B2"
_FURTHER: Final = ("#CC79A7", "#0072B2", "#F0E442")
_HATCHES: Final = ("...", "xxx", "---", "ooo")


class Look(NamedTuple):
    """Colour and hatching of an area, and the mark that stands for it on a line."""

    colour: str
    hatch: str
    marker: str


_LOOKS: Final = {
    COMPLETED: Look("#009E73", "", "o"),
    FAILED: Look("#D55E00", "///", "X"),
    PROCESSING: Look("#56B4E9", "", "s"),
    PENDING: Look("#E69F00", "\\\\\\", "D"),
    NOT_FETCHED: Look("#999999", "", "v"),
}


def look(status: str) -> Look:
    """The look of a status; an unknown one always gets the same of twelve further looks.

    Examples
    --------
    >>> look("failed").colour
    '#D55E00'
    """
    if status in _LOOKS:
        return _LOOKS[status]
    number = zlib.crc32(status.encode("utf-8", "replace"))
    return Look(_FURTHER[number % len(_FURTHER)], _HATCHES[number // 3 % len(_HATCHES)], "P")


def is_known(status: str) -> bool:
    """Whether the status is one that the contract or this package names."""
    return status in _LOOKS


def in_order(statuses: set[str]) -> list[str]:
    """Settled statuses, then unsettled ones, then unknown ones, then what was not fetched.

    Examples
    --------
    >>> in_order({"not fetched", "paused", "failed", "completed"})
    ['completed', 'failed', 'paused', 'not fetched']
    """
    known = [status for status in _LOOKS if status in statuses and status != NOT_FETCHED]
    last = [NOT_FETCHED] if NOT_FETCHED in statuses else []
    return [*known, *sorted(statuses.difference(known, last)), *last]
