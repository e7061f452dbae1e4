"""Answers kept in Redis, shared between machines, on requests-cache's own storage class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scandoc_analytics.errors import ConfigError, MissingExtraError
from scandoc_analytics.service.answers import STAMP, read_stamp
from scandoc_analytics.service.pages import KINDS
from scandoc_analytics.service.store import Changes, Totals

try:
    import redis
    from requests_cache.backends.redis import RedisDict
except ModuleNotFoundError as error:
    _feature = "A cache in Redis"
    raise MissingExtraError(_feature, "redis") from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["RedisStore"]

_WAIT_S: Final = 2.0
_KEYS_AT_ONCE: Final = 1000


class RedisStore(RedisDict):
    """One namespace per account. Times to live are Redis' own; several machines may share it.

    Two machines that hear different things of one task at the same moment leave the one that
    writes last: Redis compares no times.
    """

    errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)

    def __init__(self, url: str, account: str, place: str) -> None:
        self.place = place
        try:
            connection = redis.Redis.from_url(
                url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S
            )
        except ValueError:
            connection = None
        if connection is None:
            msg = f"cache={place!r} is no address of a Redis server: 'redis://localhost:6379/0' is"
            raise ConfigError(msg)
        super().__init__(f"scandoc_analytics:{account}", connection=connection, serializer=None)
        #: Of each kind of list, where the names of its pages stand, so that they can go together.
        self._pages = {kind: self._bkey(f"pages:{kind}") for kind in KINDS}

    def read(self, keys: Sequence[str]) -> dict[str, bytes]:
        """See `Store.read`."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            texts = self.connection.mget(self._bkeys(some))
            found.update((key, text) for key, text in zip(some, texts, strict=True) if text)
        if not keys:
            self.connection.ping()
        return found

    def write(self, changes: Changes) -> None:
        """See `Store.write`."""
        gone = self._bkeys(key for key, _ in changes.gone)
        if changes.drop_pages:
            names = self._pages[changes.drop_pages]
            gone += [names, *self.connection.smembers(names)]
        with self.connection.pipeline(transaction=True) as line:
            if gone:
                line.delete(*gone)
            for key, text in changes.tasks:
                line.set(self._bkey(key), text)
            for key, text, ttl_s in changes.pages:
                line.set(self._bkey(key), text, px=max(1, round(ttl_s * 1000)))
                names = self._pages[key.split(":")[1]]
                line.sadd(names, self._bkey(key))
                line.pexpire(names, max(1, round(ttl_s * 2000)))
            line.execute()

    def every_task(self) -> Iterator[dict[str, bytes]]:
        """See `Store.every_task`."""
        start = len(self._bkey(""))
        for keys in self._task_keys():
            yield self.read([key[start:].decode() for key in keys])

    def totals(self, before_us: int | None = None) -> Totals:
        """See `Store.totals`."""
        tasks = size = 0
        stamps: list[int] = []
        for keys in self._task_keys():
            for (length, stamp), _ in zip(self._stamps(keys), keys, strict=True):
                if stamp is not None and (before_us is None or stamp < before_us):
                    tasks, size = tasks + 1, size + length
                    stamps.append(stamp)
        return Totals(tasks, size, min(stamps, default=None), max(stamps, default=None))

    def delete(self, before_us: int | None = None) -> None:
        """See `Store.delete`."""
        for keys in self._task_keys():
            old = [
                key
                for key, (_, stamp) in zip(keys, self._stamps(keys), strict=True)
                if before_us is None or (stamp is not None and stamp < before_us)
            ]
            if old:
                self.connection.delete(*old)
        for kind in self._pages:
            self.write(Changes(drop_pages=kind))

    def explain(self, error: Exception) -> str:
        """See `Store.explain`."""
        return (
            f"the cache {self.place} cannot be used ({error}): see to the Redis server, give "
            "another cache=, or go without by cache=False"
        )

    def _task_keys(self) -> Iterator[list[bytes]]:
        some: list[bytes] = []
        # A scan may give a key twice.
        seen: set[bytes] = set()
        for key in self.connection.scan_iter(self._bkey("t[:!]*"), count=_KEYS_AT_ONCE):
            if key not in seen:
                seen.add(key)
                some.append(key)
            if len(some) == _KEYS_AT_ONCE:
                yield some
                some = []
        if some:
            yield some

    def _stamps(self, keys: list[bytes]) -> list[tuple[int, int | None]]:
        """Length and time of each kept text; a key that has gone meanwhile has no time."""
        with self.connection.pipeline(transaction=False) as line:
            for key in keys:
                line.strlen(key)
                line.getrange(key, STAMP.start, STAMP.stop - 1)
            found: list[Any] = line.execute()
        return [
            (length, read_stamp(digits))
            for length, digits in zip(found[::2], found[1::2], strict=True)
        ]
