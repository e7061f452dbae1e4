"""Which tasks a caller means: any sequence of ids, each once, in the order of first appearance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

__all__ = ["checked_id", "checked_ids"]

_SHOWN: Final = 60


def checked_id(given: Any, where: str = "task_id") -> str:
    r"""One id without surrounding blanks.

    Raises
    ------
    TypeError
        It is no text.
    ValueError
        It is empty.

    Examples
    --------
    >>> checked_id(" task_a1\n")
    'task_a1'
    """
    if not isinstance(given, str):
        msg = f"{where} is {_short(given)}, of type {type(given).__name__}: ids are text"
        raise TypeError(msg)
    text = given.strip()
    if not text:
        msg = f"{where} is empty: an id looks like 'task_euyrvozb9302uwhq'"
        raise ValueError(msg)
    # Not a subclass such as numpy's: it is a key of dicts and goes into a URL.
    return str(text)


def checked_ids(task_ids: Any) -> list[str]:
    """Each id once, in the order of first appearance; a single text is one id.

    Raises
    ------
    TypeError
        Something is no text: None, NaN, a number. The message names its position from 0.
    ValueError
        An id is empty.

    Examples
    --------
    >>> checked_ids(["task_b", "task_a", " task_b"])
    ['task_b', 'task_a']
    """
    if isinstance(task_ids, str):
        return [checked_id(task_ids)]
    if hasattr(task_ids, "columns"):
        msg = "task_ids is a table: give its column of ids, such as frame['task_id']"
        raise TypeError(msg)
    if isinstance(task_ids, (bytes, bytearray)) or not isinstance(task_ids, Iterable):
        msg = f"task_ids is {_short(task_ids)}: give a list of ids, or one id as text"
        raise TypeError(msg)
    return list(
        dict.fromkeys(
            checked_id(given, f"task_ids[{position}]") for position, given in enumerate(task_ids)
        )
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
