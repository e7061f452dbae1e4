"""A list page: what a walk must know of each item on it, and its JSON for all else.

Whole tasks as Python objects would cost ten times as much, and nobody looks at most of them.
"""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from scandoc_analytics.errors import PayloadError
from scandoc_analytics.service.answers import decode
from scandoc_analytics.service.problems import decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scandoc_analytics.service.answers import Answer

__all__ = ["KINDS", "Item", "Page", "read_item", "read_items"]

#: What can be listed.
KINDS: Final = ("tasks", "files", "events")


class Item(msgspec.Struct, gc=False):
    """A task, a file or an event."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    status: Any = None
    created_at: Any = None
    #: Its JSON, whatever member of this name it may have itself.
    body: Any = b""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its items, and the id that the next page starts at."""

    kind: str
    first_id: str | None
    items: list[Item]
    next_from: str | None
    fetched_at: int
    _: KW_ONLY
    from_cache: bool = False
    #: The page as it came.
    body: bytes = b""
    #: Whether `items` are all that the page held.
    whole: bool = True
    #: By task id: answers that are newer than the page's own.
    newer: Mapping[str, Answer] = field(default_factory=dict)


class _Items(msgspec.Struct):
    data: list[Item]
    links: Any = None


class _Bodies(msgspec.Struct):
    data: list[msgspec.Raw]


_ITEM: Final = msgspec.json.Decoder(Item)
_ITEMS: Final = msgspec.json.Decoder(_Items)
_BODIES: Final = msgspec.json.Decoder(_Bodies)
_REFUSED: Final = (msgspec.DecodeError, UnicodeError, RecursionError)


def read_item(body: bytes) -> Item:
    """An item by its own JSON, which `decode` accepts."""
    try:
        item = _ITEM.decode(body)
    except _REFUSED:
        item = _item(decode(body))
    item.body = body
    return item


def read_items(body: bytes, asked: str) -> tuple[list[Item], Any]:
    """The items of a list page, and its links as they stand there.

    Raises
    ------
    PayloadError
        What was ``asked`` for, and why the answer is no list page.
    """
    try:
        page = _ITEMS.decode(body)
        bodies = _BODIES.decode(body).data
    except _REFUSED:
        return _read_leniently(body, asked)
    for item, raw in zip(page.data, bodies, strict=True):
        item.body = bytes(raw)
    return page.data, page.links


def _read_leniently(body: bytes, asked: str) -> tuple[list[Item], Any]:
    """The same for JSON that is not strict, and for what is no page."""
    page = decoded(body, asked)
    items = page.get("data") if isinstance(page, dict) else None
    if not isinstance(items, list):
        msg = f"asked for {asked}, the answer is no page: it has no list under 'data'"
        raise PayloadError(msg)
    for position, item in enumerate(items):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not item["id"]:
            msg = f"asked for {asked}, item {position} of the page is no object with an id"
            raise PayloadError(msg)
    return [_item(item) for item in items], page.get("links")


def _item(item: dict[str, Any]) -> Item:
    body = json.dumps(item, separators=(",", ":")).encode()
    return Item(item["id"], item.get("status"), item.get("created_at"), body)
