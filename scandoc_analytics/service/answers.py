"""One answer of the service, and the text under which it is kept.

A kept answer is JSON text with a head of fixed width, and the body as the service sent it::

    {"fetched_at":1763931123123456,"body":{"id":"task_a1", ...}}

The head can be cut off without decoding, so that a bulk read hands on the bodies as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import Any, Final

import orjson

from scandoc_analytics.schema import SETTLED

__all__ = [
    "Answer",
    "decode",
    "is_settled",
    "now_us",
    "page_key",
    "read_kept",
    "task_key",
    "to_keep",
]

_HEAD: Final = b'{"fetched_at":%016d,"body":'
_HEAD_BYTES: Final = 38
#: Where the sixteen digits of the time stand in a kept answer, counted from 0.
STAMP: Final = slice(14, 30)

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said about one task: JSON bytes, and when it said so (microseconds)."""

    task_id: str
    body: bytes
    fetched_at: int
    from_cache: bool


def now_us() -> int:
    """The time now, in whole microseconds since 1970."""
    return time.time_ns() // 1000


def is_settled(status: object) -> bool:
    """Whether a task with this status does not change any more."""
    return isinstance(status, str) and status in SETTLED


def decode(body: bytes) -> Any:
    """JSON bytes as Python values; ValueError where they are none.

    orjson is strict. What it refuses and the standard library reads (NaN, half a surrogate pair,
    a byte order mark) is still an answer.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            return json.loads(body)
        except RecursionError:
            deep = "nested too deeply"
            raise ValueError(deep) from None


def to_keep(body: bytes, fetched_at: int) -> bytes:
    """The text to keep of a body that `decode` accepts."""
    return b"".join((_HEAD % fetched_at, body, b"}"))


def read_kept(text: bytes) -> tuple[bytes, int]:
    """Body and time of a kept answer."""
    return text[_HEAD_BYTES:-1], int(text[STAMP])


def task_key(task_id: str) -> str:
    """The key of a task: never more than 70 plain characters, whatever the id."""
    if _PLAIN_ID.fullmatch(task_id):
        return f"t:{task_id}"
    digest = hashlib.sha256(task_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"t!{digest}"


def page_key(kind: str, first_id: str | None) -> str:
    """The key of a list page by the id that it starts at."""
    digest = hashlib.sha256((first_id or "").encode("utf-8", "surrogatepass")).hexdigest()
    return f"p:{kind}:{digest}"
