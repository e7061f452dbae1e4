"""How long to wait between two questions about a task that has not settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pauses"]

_FIRST_S: Final = 1.0
_GROWTH: Final = 1.5
_LONGEST_S: Final = 30.0


def pauses(*, first_s: float = _FIRST_S, longest_s: float = _LONGEST_S) -> Iterator[float]:
    """Seconds to wait before each question: short at first, half as long again each time.

    Most tasks take seconds, some take minutes; and a task that is stuck is not worth more than
    two questions a minute.

    Examples
    --------
    >>> from itertools import islice
    >>> list(islice(pauses(), 4))
    [1.0, 1.5, 2.25, 3.375]
    """
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(pause_s * _GROWTH, longest_s)
