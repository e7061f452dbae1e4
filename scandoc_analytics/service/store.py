"""What the cache needs of a place where answers are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Changes", "Store", "Totals"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one answer changes in the store, all or nothing."""

    #: Key and kept text of settled tasks.
    tasks: Sequence[tuple[str, bytes]] = ()
    #: Key and time of tasks about which the service now says something that is not kept.
    gone: Sequence[tuple[str, int]] = ()
    #: Key, kept text and lifetime in seconds of list pages.
    pages: Sequence[tuple[str, bytes, float]] = ()
    #: Kind of list whose kept pages may say something else, and go.
    drop_pages: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is of kept tasks; times in microseconds since 1970."""

    tasks: int
    bytes: int
    oldest: int | None
    newest: int | None


class Store(Protocol):
    """What the cache needs of a place where answers are kept."""

    #: What goes wrong there.
    errors: tuple[type[Exception], ...]
    #: Where it is, as people read it.
    place: str

    def read(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The kept texts of those keys that there are."""

    def write(self, changes: Changes) -> None:
        """Make the changes, and commit them. A newer answer is never replaced by an older one."""

    def every_task(self) -> Iterator[dict[str, bytes]]:
        """The kept texts of all tasks by key, some at a time."""

    def totals(self, before_us: int | None = None) -> Totals:
        """How much there is, or how much is from before a moment."""

    def delete(self, before_us: int | None = None) -> None:
        """Delete all, or what is from before a moment, and give the disk space back."""

    def explain(self, error: Exception) -> str:
        """What went wrong and what to do, in words."""

    def close(self) -> None:
        """Close the connection."""
