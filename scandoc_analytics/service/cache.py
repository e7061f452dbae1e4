"""What is kept, how long, and what happens when the place to keep it fails.

A settled task is kept for ever, an unsettled one never, a list page for a short while, an error
never. What the service says last wins: an answer that is not kept removes an older one that is.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from scandoc_analytics.errors import CacheError, ConfigError
from scandoc_analytics.service.answers import (
    Answer,
    is_settled,
    now_us,
    page_key,
    read_kept,
    task_key,
    to_keep,
)
from scandoc_analytics.service.housekeeping import CacheInfo, moment_us
from scandoc_analytics.service.pages import read_item
from scandoc_analytics.service.store import Changes, Totals
from scandoc_analytics.service.store_sqlite import SqliteStore, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta

    from scandoc_analytics.config import Config
    from scandoc_analytics.service.pages import Page
    from scandoc_analytics.service.store import Store

__all__ = ["Cache"]

Result = TypeVar("Result")

#: A place that failed is left alone for so long, so that not each answer waits for it.
_PAUSE_S: Final = 30.0


class Cache:
    """The kept answers of one account.

    A place that cannot be used never stops the work: the answers come from the service then, and
    `notices` says once what happened.
    """

    def __init__(self, config: Config) -> None:
        self._where = config.cache
        self._account = config.account
        self._list_ttl_s = config.list_ttl
        self._offline = config.offline
        self._turn = threading.RLock()
        self._store: Store | None = None
        if isinstance(self._where, str):
            self._store = _shared_store(self._where, self._account, self.place)
        self._paused_until = 0.0
        self._trouble = ""
        self._told: set[str] = set()
        self._notices: list[str] = []

    def info(self, *, older_than: str | timedelta | datetime | None = None) -> CacheInfo:
        """How much is kept of this account, and how old it is.

        Parameters
        ----------
        older_than
            Counts only answers given longer ago than this: "30d", a timedelta, or a moment.

        Raises
        ------
        CacheError
            The place cannot be used; the message says why.
        ValueError
            ``older_than`` is no length of time and no moment.
        """
        return self._info(None if older_than is None else moment_us(older_than))

    def clear(self) -> CacheInfo:
        """Delete every kept answer of this account, and tell how much that was."""
        deleted = self._info(None)
        self._surely(lambda store: store.delete())
        return deleted

    def prune(self, *, older_than: str | timedelta | datetime) -> CacheInfo:
        """Delete the answers given longer ago than this, and give their disk space back.

        Parameters
        ----------
        older_than
            "30d" or "12h", a timedelta, or a moment.

        Returns
        -------
        CacheInfo
            What was deleted.
        """
        before_us = moment_us(older_than)
        deleted = self._info(before_us)
        self._surely(lambda store: store.delete(before_us))
        return deleted

    def _info(self, before_us: int | None) -> CacheInfo:
        totals = self._surely(lambda store: store.totals(before_us)) or Totals(0, 0, None, None)
        return CacheInfo.of(self.place, totals)

    @property
    def place(self) -> str:
        """Where the answers are kept, as people read it."""
        if self._where is None:
            return "no cache (cache=False)"
        if isinstance(self._where, Path):
            return str(self._file)
        # What stands before the @ of an address is a secret, and a password in its query too.
        scheme, _, rest = self._where.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"

    @property
    def _file(self) -> Path:
        return Path(str(self._where)).absolute() / f"{self._account}.sqlite"

    def notices(self) -> list[str]:
        """What went wrong since this was asked last; each thing is told once."""
        told, self._notices = self._notices, []
        return told

    def close(self) -> None:
        """Close the place; it opens again when it is needed."""
        with self._turn:
            if self._store is not None:
                self._store.close()
            if isinstance(self._where, Path):
                self._store = None

    def read_tasks(self, task_ids: Sequence[str]) -> dict[str, Answer]:
        """The kept answers of those tasks that have one."""
        keys = {task_key(task_id): task_id for task_id in task_ids}
        return {
            keys[key]: Answer(keys[key], body, fetched_at, from_cache=True)
            for key, (body, fetched_at) in self._read(list(keys)).items()
        }

    def every_task(self) -> Iterator[Answer]:
        """All kept tasks, in no useful order."""
        store = self._opened()
        for some in store.every_task() if store else ():
            for body, fetched_at in self._sound(some).values():
                yield Answer(read_item(body).id, body, fetched_at, from_cache=True)

    def require(self) -> None:
        """Make sure that there is a place to read from.

        Raises
        ------
        CacheError
            Why there is none.
        """
        if self._where is None:
            msg = "offline=True answers from the cache alone: it cannot go with cache=False"
            raise CacheError(msg)
        self._surely(lambda store: store.read([]))

    def learn(self, answer: Answer, payload: dict[str, object]) -> None:
        """Keep what the service said about one task, or forget what it said before."""
        key = task_key(answer.task_id)
        if is_settled(payload.get("status")):
            changes = Changes(tasks=[(key, to_keep(key, answer.body, answer.fetched_at))])
        else:
            changes = Changes(gone=[(key, answer.fetched_at)], drop_pages="tasks")
        self._write(changes)

    def forget(self, task_id: str) -> None:
        """The service says that there is no such task."""
        self._write(Changes(gone=[(task_key(task_id), now_us())], drop_pages="tasks"))

    def forget_pages(self, kind: str) -> None:
        """The kept list leads nowhere: it has changed."""
        self._write(Changes(drop_pages=kind))

    def read_page(self, kind: str, first_id: str | None) -> tuple[bytes, int] | None:
        """Body and time of a kept list page, unless it is too old."""
        if not self._list_ttl_s:
            return None
        key = page_key(kind, first_id)
        kept = self._read([key])
        if key not in kept:
            return None
        body, fetched_at = kept[key]
        age_s = (now_us() - fetched_at) / 1e6
        return (body, fetched_at) if 0 <= age_s < self._list_ttl_s else None

    def learn_page(self, page: Page) -> None:
        """Keep a list page for a while, and each settled task on it for ever."""
        settled: list[tuple[str, bytes]] = []
        gone: list[tuple[str, int]] = []
        for task in page.items if page.kind == "tasks" else ():
            key = task_key(task.id)
            if is_settled(task.status):
                settled.append((key, to_keep(key, task.body, page.fetched_at)))
            else:
                gone.append((key, page.fetched_at))
        key = page_key(page.kind, page.first_id)
        if self._list_ttl_s:
            text = to_keep(key, page.body, page.fetched_at)
            self._write(Changes(settled, gone, [(key, text, self._list_ttl_s)]))
        else:
            # What another client has kept of the list is older than this.
            self._write(Changes(settled, gone, drop_pages=page.kind))

    def _read(self, keys: Sequence[str]) -> dict[str, tuple[bytes, int]]:
        """Body and time of what is kept under those keys that have something."""
        nothing: dict[str, bytes] = {}
        return self._sound(self._try(lambda store: store.read(keys), nothing))

    def _sound(self, kept: dict[str, bytes]) -> dict[str, tuple[bytes, int]]:
        sound = {}
        for key, text in kept.items():
            found = read_kept(key, text)
            if found is None:
                self._note(
                    f"some answers in the cache {self.place} are damaged: they count as not kept"
                )
            else:
                sound[key] = found
        return sound

    def _write(self, changes: Changes) -> None:
        self._try(lambda store: store.write(changes), None)

    def _try(self, work: Callable[[Store], Result], default: Result) -> Result:
        """Do the work if the place is there; otherwise say so, and go on without."""
        # One at a time, so that one of the workers waits for a lock and not each after the other.
        with self._turn:
            store = self._opened()
            if store is None:
                return default
            try:
                return work(store)
            except store.errors as error:
                self._pause(store.explain(error))
                return default

    def _surely(self, work: Callable[[Store], Result]) -> Result | None:
        """Do the work, or raise why that is not possible; None where there is no cache."""
        self._paused_until = 0.0
        store = self._opened()
        if store is None:
            if self._where is None:
                return None
            raise CacheError(self._trouble)
        try:
            return work(store)
        except store.errors as error:
            failed = CacheError(store.explain(error))
        raise failed

    def _opened(self) -> Store | None:
        if self._where is None or time.monotonic() < self._paused_until:
            return None
        with self._turn:
            if self._store is not None:
                return self._store
            try:
                self._store = SqliteStore.at(self._file, self._note, offline=self._offline)
            except SqliteStore.errors as error:
                trouble = explain(error, self.place)
            else:
                return self._store
        self._pause(trouble)
        return None

    def _pause(self, trouble: str) -> None:
        self._paused_until = time.monotonic() + _PAUSE_S
        self._trouble = trouble
        self._note(f"{trouble}. Answers come from the service meanwhile")

    def _note(self, notice: str) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self._notices.append(notice)


def _shared_store(url: str, account: str, place: str) -> Store:
    schemes = ("redis", "rediss", "unix")
    if url.partition("://")[0] not in schemes:
        msg = (
            f"cache={place!r} is of no kind that is supported: give a folder, or the address of a "
            f"Redis server ({'://, '.join(schemes)}://)"
        )
        raise ConfigError(msg)
    from scandoc_analytics.service.store_redis import RedisStore  # noqa: PLC0415 - an extra

    return RedisStore(url, account, place)
