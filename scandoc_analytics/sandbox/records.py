"""Ids, moments and files: the small values that every other module here passes on."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    import random

__all__ = [
    "DAY_MS",
    "IMAGE_TYPES",
    "PDF",
    "Clock",
    "File",
    "encode",
    "moment_ms",
    "new_id",
    "read_ms",
    "stamp",
]

DAY_MS: Final = 86_400_000
PDF: Final = "application/pdf"
IMAGE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})

_MOST_PAGES: Final = 20_000
_ALPHABET: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"
#: Maps any byte to a letter or digit, so that an id is one call to the generator.
_LETTERS: Final = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))


def new_id(rng: random.Random, kind: str) -> str:
    """Make an id as the service forms them: the kind, then 16 lower-case letters and digits.

    Examples
    --------
    >>> import random
    >>> new_id(random.Random(0), "task")
    'task_zhiakdp02ejowgpl'
    """
    return f"{kind}_{rng.randbytes(16).translate(_LETTERS).decode()}"


def encode(payload: dict[str, Any]) -> bytes:
    """Write JSON to be kept.

    The copy is on purpose: orjson's own bytes hold on to a buffer of 4 KB each.
    """
    return bytes(memoryview(orjson.dumps(payload)))


@functools.lru_cache(maxsize=4096)
def _minute(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:")


def stamp(ms: int, *, millis: bool) -> str:
    """Write milliseconds since 1970 as ISO 8601 in UTC, with or without the milliseconds.

    Examples
    --------
    >>> stamp(1_000_000_123, millis=True), stamp(1_000_000_123, millis=False)
    ('1970-01-12T13:46:40.123Z', '1970-01-12T13:46:40Z')
    """
    minute, rest = divmod(ms, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    shown = f"{_minute(minute)}{seconds:02}"
    return f"{shown}.{thousandths:03}Z" if millis else f"{shown}Z"


def moment_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // _MILLISECOND


def read_ms(text: Any) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 text; None where it is none.

    Examples
    --------
    >>> read_ms("1970-01-01T00:00:01.5Z"), read_ms("soon")
    (1500, None)
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


class Clock:
    """The account's time: it starts at a given moment and runs at the speed of the real one."""

    def __init__(self, start_ms: int) -> None:
        self._start_ms = start_ms
        self._started = time.monotonic()

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return self._start_ms + int((time.monotonic() - self._started) * 1000)


_MILLISECOND: Final = datetime.resolution * 1000


@dataclass(frozen=True, slots=True)
class File:
    """A stored file, as the operations see it."""

    id: str
    name: str
    type: str
    properties: dict[str, int]
    task_id: str | None
    created_ms: int

    def payload(self, *, millis: bool) -> dict[str, Any]:
        """Give the JSON object that the service answers with."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "properties": self.properties,
            "task_id": self.task_id,
            "created_at": stamp(self.created_ms, millis=millis),
        }

    @property
    def pages(self) -> int:
        """Pages of a PDF, 1 for an image; no more than anybody would have worked on."""
        return min(max(1, self.properties.get("page_count", 1)), _MOST_PAGES)
