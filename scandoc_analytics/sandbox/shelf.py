"""One kind of thing that an account holds, as JSON bytes in the order of creation, page by page."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Page", "Shelf"]


@dataclass(frozen=True, slots=True)
class Page:
    """Items of one page, and the `from` of its neighbours: None at an end, "" for no `from`."""

    items: list[bytes]
    previous: str | None
    next: str | None


class Shelf:
    """Items by id and by age.

    JSON bytes rather than objects: a hundred thousand tasks stay small, are served without
    another encoding, and give the garbage collector nothing to walk.
    """

    def __init__(self, items: Iterable[tuple[int, str, bytes]] = ()) -> None:
        # Ids stay in the order after their item is removed: a walk that stands there goes on.
        self._order: list[tuple[int, int, str]] = []
        self._items: dict[str, bytes] = {}
        self._key: dict[str, tuple[int, int, str]] = {}
        for number, (created_ms, item_id, item) in enumerate(items):
            key = (created_ms, number, item_id)
            self._order.append(key)
            self._key[item_id] = key
            self._items[item_id] = item
        self._order.sort()

    def __len__(self) -> int:
        return len(self._items)

    def get(self, item_id: str) -> bytes | None:
        """Give the item; None where there is none of this id."""
        return self._items.get(item_id)

    def ids(self) -> list[str]:
        """Ids, newest first."""
        return [key[2] for key in reversed(self._order) if key[2] in self._items]

    def put(self, created_ms: int, item_id: str, item: bytes) -> None:
        """Add an item, or put it in the place of the one with the same id."""
        known = self._key.get(item_id)
        if known is None or known[0] != created_ms:
            if known is not None:
                del self._order[bisect.bisect_left(self._order, known)]
            key = (created_ms, len(self._key), item_id)
            bisect.insort(self._order, key)
            self._key[item_id] = key
        self._items[item_id] = item

    def replace(self, item_id: str, item: bytes) -> None:
        """Change an item that is there; its place stays."""
        self._items[item_id] = item

    def remove(self, item_id: str) -> bytes | None:
        """Take an item away, and give it."""
        return self._items.pop(item_id, None)

    def knows(self, item_id: str) -> bool:
        """Whether a page can start from this id: there is, or was, such an item."""
        return item_id in self._key

    def page(self, *, start: str | None, take: int, newest_first: bool, inclusive: bool) -> Page:
        """Give `take` items from the id `start` on, with that item or from the one after it."""
        step = -1 if newest_first else 1
        position = len(self._order) - 1 if newest_first else 0
        if start is not None:
            position = bisect.bisect_left(self._order, self._key[start])
            if not inclusive:
                position += step
        ids = self._walk(position, step, take + 1)
        before = self._walk(position - step, -step, take + 1)
        items = [self._items[item_id] for item_id in ids[:take]]
        return Page(
            items,
            previous=self._previous(before, take, inclusive=inclusive),
            next=ids[take - (0 if inclusive else 1)] if len(ids) > take else None,
        )

    def _walk(self, position: int, step: int, count: int) -> list[str]:
        found: list[str] = []
        while 0 <= position < len(self._order) and len(found) < count:
            item_id = self._order[position][2]
            if item_id in self._items:
                found.append(item_id)
            position += step
        return found

    @staticmethod
    def _previous(before: list[str], take: int, *, inclusive: bool) -> str | None:
        """Where the page before starts: `before` are the ids passed, the nearest first."""
        if not before:
            return None
        if inclusive:
            return before[:take][-1]
        return before[take] if len(before) > take else ""
