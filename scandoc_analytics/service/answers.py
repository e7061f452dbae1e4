"""One answer of the service, and the text under which it is kept.

A kept answer is JSON text with a head of fixed width, and the body as the service sent it::

    {"fetched_at":1763931123123456,"crc32":"ebf7938f","body":{"id":"task_a1", ...}}

The head can be cut off without decoding, so that a bulk read hands on the bodies as they are. The
checksum is that of the key, the time and the body: an answer that was damaged where it is kept, or
that stands under the key of another, is none.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import zlib
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
    "read_stamp",
    "task_key",
    "to_keep",
]

_HEAD: Final = b'{"fetched_at":%016d,"crc32":"%08x","body":'
_HEAD_BYTES: Final = 57
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


def to_keep(key: str, body: bytes, fetched_at: int) -> bytes:
    """The text to keep under a key, of a body that `decode` accepts."""
    return b"".join((_head(key, body, fetched_at), body, b"}"))


def read_kept(key: str, text: object) -> tuple[bytes, int] | None:
    """Body and time of what is kept under a key; None where that is damaged."""
    if not isinstance(text, bytes):
        return None
    body, fetched_at = text[_HEAD_BYTES:-1], read_stamp(text[STAMP])
    if fetched_at is None or text[-1:] != b"}":
        return None
    return (body, fetched_at) if text.startswith(_head(key, body, fetched_at)) else None


def read_stamp(digits: object) -> int | None:
    """The time in a kept answer by its digits; None where they are none."""
    return int(digits) if isinstance(digits, bytes) and digits.isdigit() else None


def _head(key: str, body: bytes, fetched_at: int) -> bytes:
    return _HEAD % (fetched_at, zlib.crc32(body, zlib.crc32(b"%d%b" % (fetched_at, key.encode()))))


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
