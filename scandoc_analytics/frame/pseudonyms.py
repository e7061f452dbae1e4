"""A flat frame without anything personal, in which documents can still be followed."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics.frame.grain import check_flat
from scandoc_analytics.frame.pandas_columns import to_lists
from scandoc_analytics.schema import STR

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["anonymise"]

_IDS: Final = ("task_id", "file_id")
_NAMES: Final = ("param_name", "file_name")
_DROPPED: Final = ("callback_url", "error_details", "text", "extra")
_MESSAGES: Final = ("error", "fetch_error")

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+|\S+@\S+\.\S+", re.IGNORECASE)
_QUOTED: Final = re.compile(
    r"(?<!\w)([\"'`])(.+?)\1(?!\w)|[\u201c\u2018\u00ab](.+?)[\u201d\u2019\u00bb]"
)
_WORD: Final = re.compile(r"[\w-]+")
_ID_LIKE: Final = re.compile(r"(?:task|file)_[\w-]+")


def anonymise(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of a flat frame that names no document, no task and no person.

    Ids and names become pseudonyms: the same value gives the same pseudonym everywhere in this
    frame, so that documents can still be followed, and another one in the next call. They are
    made with a random key that is thrown away, so that nobody can find a value by guessing.
    Ids, quoted text and addresses inside error messages are replaced too. Callback addresses,
    extracted text, error details and `extra` are dropped. Operations, statuses, sizes and times
    stay.

    Raises
    ------
    ValueError
        Columns of the flat frame are missing.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> tasks = [
    ...     {"id": "task_a", "parameters": {"input": "file_x", "name": "Ada Lovelace"}},
    ...     {"id": "task_b", "parameters": {"input": "task_a"}},
    ... ]
    >>> hidden = anonymise(flatten(tasks))
    >>> hidden["task_id"][0] == hidden["input_ids"][1][0], hidden["task_id"][0] == "task_a"
    (True, False)
    """
    check_flat(frame, (*_IDS, *_NAMES, "input_ids", "error_details", "extra", *_MESSAGES))
    pseudonym = _Pseudonyms()
    known = {value for name in _IDS for value in frame[name].dropna()}
    known.update(value for ids in frame["input_ids"] if ids is not None for value in ids)
    hidden = frame.copy()
    hidden.attrs = {}
    for name in _IDS:
        hidden[name] = _mapped(frame[name], pseudonym.of_id)
    hidden["input_ids"] = pd.Series(
        to_lists([ids and [pseudonym.of_id(value) for value in ids] for ids in frame["input_ids"]]),
        index=frame.index,
    )
    for name in _NAMES:
        hidden[name] = _mapped(frame[name], pseudonym.of_name)
    for name in _MESSAGES:
        hidden[name] = _mapped(frame[name], lambda text: _cleaned(text, known, pseudonym))
    for name in _DROPPED:
        if name in frame.columns:
            hidden[name] = pd.Series(None, index=frame.index, dtype=STR)
    return hidden


class _Pseudonyms:
    """The same pseudonym for the same value, under a key that nobody else has."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of_id(self, value: str) -> str:
        kind = value.split("_", 1)[0]
        return self._made(kind if kind in {"task", "file"} else "id", value)

    def of_name(self, value: str) -> str:
        return self._made("name", value)

    def _made(self, kind: str, value: str) -> str:
        digest = hashlib.blake2b(value.encode(), key=self._key, digest_size=10)
        return f"{kind}_{digest.hexdigest()}"


def _mapped(column: pd.Series[Any], made: Callable[[str], str]) -> pd.Series[Any]:
    return pd.Series(
        [made(value) if isinstance(value, str) else None for value in column],
        index=column.index,
        dtype=STR,
    )


def _cleaned(text: str, known: set[str], pseudonym: _Pseudonyms) -> str:
    def word(found: re.Match[str]) -> str:
        value = found.group()
        if value in known or _ID_LIKE.fullmatch(value):
            return pseudonym.of_id(value)
        return value

    def quoted(found: re.Match[str]) -> str:
        value = found.group(2) or found.group(3)
        if value in known or _ID_LIKE.fullmatch(value):
            return found.group()
        return f"'{pseudonym.of_name(value)}'"

    text = _ADDRESS.sub("<address>", text)
    return _WORD.sub(word, _QUOTED.sub(quoted, text))
