"""Where answers are kept: one SQLite file per account, on requests-cache's own storage class."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from requests_cache.backends.sqlite import SQLiteDict

from scandoc_analytics.errors import CacheError
from scandoc_analytics.service.answers import read_stamp
from scandoc_analytics.service.store import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scandoc_analytics.service.store import Changes

__all__ = ["SqliteStore", "explain"]

Result = TypeVar("Result")

#: Layout of the file; a file with a higher number was made by a newer version of this package.
LAYOUT: Final = 1

#: Longest wait for another program's lock; opening may wait twice.
_LOCK_WAIT_S: Final = 2.0
_KEYS_AT_ONCE: Final = 500
_PAGE_BYTES: Final = 16384
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
#: The digits of `fetched_at` within a kept answer; SQL counts from 1.
_STAMP: Final = "substr(value, 15, 16)"
_TASKS: Final = "key >= 't' AND key < 'u'"


class SqliteStore(SQLiteDict):
    """A SQLite file that its owner alone can read; several processes may use it at once.

    requests-cache waits without end for a lock and swallows what goes wrong in a write. Here a
    lock is waited for two seconds, and every failure is an error.
    """

    errors: tuple[type[Exception], ...] = (sqlite3.Error, OSError, CacheError)
    _connection: sqlite3.Connection | None

    def __init__(self, path: Path, notify: Callable[[str], None]) -> None:
        self.place = str(path)
        self._notify = notify
        super().__init__(path, "answers", serializer=None, wal=True, timeout=_LOCK_WAIT_S)

    @classmethod
    def at(cls, path: Path, notify: Callable[[str], None], *, offline: bool = False) -> SqliteStore:
        """Open or begin the file at a path; ``notify`` is told what a user should know.

        Offline nothing is written, so that a file which can only be read will do.
        """
        missing = [folder for folder in path.parents if not folder.is_dir()]
        try:
            for folder in reversed(missing):
                # One by one: `parents=True` would give the mode to the last of them only.
                folder.mkdir(mode=0o700, exist_ok=True)
            _create_private(path)
            return cls(path, notify)
        except (OSError, sqlite3.OperationalError) as error:
            if not offline or _code(error) in _LOCKED or not path.is_file():
                raise
        return StillStore(path, notify)

    def init_db(self) -> None:
        """Open the file, or begin a new one; a damaged one is set aside."""
        with self._lock:
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGED:
                    raise
                self._set_aside()
                self._open()

    def _open(self) -> None:
        _begin(Path(self.place))
        self.close()  # type: ignore[no-untyped-call]
        with self.connection() as database:
            (layout,) = database.execute("PRAGMA user_version").fetchone()
            if layout > LAYOUT:
                msg = (
                    f"the cache {self.place} was made by a newer version of this package: update "
                    "the package, or give another folder with cache="
                )
                raise CacheError(msg)
            if layout == LAYOUT:
                return
        with self.connection(commit=True) as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS answers "
                "(key TEXT PRIMARY KEY, value BLOB, expires INTEGER)"
            )
            database.execute(
                "CREATE INDEX IF NOT EXISTS expiring ON answers(expires) WHERE expires IS NOT NULL"
            )
            database.execute(f"PRAGMA user_version={LAYOUT}")

    @contextmanager
    def _acquire_sqlite_lock(self) -> Iterator[None]:
        with self._lock:
            database = cast("sqlite3.Connection", self._connection)
            database.execute("BEGIN IMMEDIATE")
            self._active_transaction = True
            try:
                yield
                database.execute("COMMIT")
            finally:
                self._active_transaction = False
                if database.in_transaction:
                    database.rollback()

    def _run(self, work: Callable[[], Result]) -> Result:
        with self._lock:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGED:
                    raise
            # Another process may have set the damaged file aside already.
            if not self._is_sound():
                self._set_aside()
                self._open()
            return work()

    def _is_sound(self) -> bool:
        try:
            _create_private(Path(self.place))
            self._open()
            with self.connection() as database:
                return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError as error:
            if _code(error) not in _DAMAGED:
                raise
            return False

    def _set_aside(self) -> None:
        self.close()  # type: ignore[no-untyped-call]
        path = Path(self.place)
        now = datetime.now(UTC)
        aside = path.with_name(f"{path.stem}.damaged-{now:%Y%m%dT%H%M%S%f}{path.suffix}")
        for ending in ("-wal", "-shm", ""):
            part = Path(self.place + ending)
            if part.exists():
                part.replace(f"{aside}{ending}")
        _create_private(path)
        self._notify(
            f"the cache {self.place} was damaged: it is set aside as {aside.name}, and a new one "
            "is begun; delete the old one when you do not need it"
        )

    def read(self, keys: Sequence[str]) -> dict[str, bytes]:
        """See `Store.read`."""
        return self._run(lambda: self._read(keys))

    def _read(self, keys: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with self.connection() as database:
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                some = keys[start : start + _KEYS_AT_ONCE]
                marks = ",".join("?" * len(some))
                found.update(
                    database.execute(
                        f"SELECT key, value FROM answers WHERE key IN ({marks})",  # noqa: S608
                        some,
                    )
                )
        return found

    def write(self, changes: Changes) -> None:
        """See `Store.write`."""
        self._run(lambda: self._write_all(changes))

    def _write_all(self, changes: Changes) -> None:
        now_s = datetime.now(UTC).timestamp()
        rows: list[tuple[str, bytes, int | None]] = [(*task, None) for task in changes.tasks]
        rows += [(key, text, int(now_s + ttl) + 1) for key, text, ttl in changes.pages]
        with self.connection(commit=True) as database:
            if changes.gone:
                database.executemany(
                    f"DELETE FROM answers WHERE key = ? AND {_STAMP} <= ?",  # noqa: S608
                    [(key, b"%016d" % fetched_at) for key, fetched_at in changes.gone],
                )
            if changes.drop_pages:
                first, after_last = (f"p:{changes.drop_pages}{end}" for end in ":;")
                database.execute(
                    "DELETE FROM answers WHERE key >= ? AND key < ?", (first, after_last)
                )
            if changes.pages:
                database.execute("DELETE FROM answers WHERE expires < ?", (int(now_s),))
            database.executemany(
                "INSERT INTO answers (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO "
                "UPDATE SET value = excluded.value, expires = excluded.expires WHERE "
                "substr(excluded.value, 15, 16) >= coalesce(substr(answers.value, 15, 16), x'')",
                rows,
            )

    def every_task(self) -> Iterator[dict[str, bytes]]:
        """See `Store.every_task`."""
        last = "t"
        while rows := self._run(partial(self._some_tasks, last)):
            yield dict(rows)
            last = rows[-1][0]

    def _some_tasks(self, after: str) -> list[tuple[str, bytes]]:
        with self.connection() as database:
            return database.execute(
                "SELECT key, value FROM answers WHERE key > ? AND key < 'u' ORDER BY key LIMIT ?",
                (after, _KEYS_AT_ONCE),
            ).fetchall()

    def totals(self, before_us: int | None = None) -> Totals:
        """See `Store.totals`. Without a moment, the bytes are those of the whole file."""
        return self._run(lambda: self._totals(before_us))

    def _totals(self, before_us: int | None) -> Totals:
        where = _TASKS if before_us is None else f"{_TASKS} AND {_STAMP} < ?"
        with self.connection() as database:
            tasks, size, oldest, newest = database.execute(
                f"SELECT count(*), total(length(value)), min({_STAMP}), max({_STAMP}) "  # noqa: S608
                f"FROM answers WHERE {where}",
                () if before_us is None else (b"%016d" % before_us,),
            ).fetchone()
        if before_us is None:
            parts = (Path(self.place + ending) for ending in ("", "-wal"))
            size = sum(part.stat().st_size for part in parts if part.exists())
        return Totals(tasks, int(size), read_stamp(oldest), read_stamp(newest))

    def delete(self, before_us: int | None = None) -> None:
        """See `Store.delete`."""
        self._run(lambda: self._delete(before_us))

    def _delete(self, before_us: int | None) -> None:
        with self.connection(commit=True) as database:
            if before_us is None:
                database.execute("DELETE FROM answers")
            else:
                database.execute(
                    f"DELETE FROM answers WHERE {_STAMP} < ?",  # noqa: S608
                    (b"%016d" % before_us,),
                )
        self.vacuum()  # type: ignore[no-untyped-call]
        with self.connection() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def explain(self, error: Exception) -> str:
        """See `Store.explain`."""
        return explain(error, self.place)


class StillStore(SqliteStore):
    """A file in a place where nothing can be written, such as another's folder."""

    def init_db(self) -> None:
        """Open the file for reading."""
        self.connection_kwargs["uri"] = True
        self.wal = False
        address = Path(self.place).absolute().as_uri()
        # With the changes beside it if those can be read, else as it was before them.
        for mode in ("mode=ro", "mode=ro&immutable=1"):
            self.close()  # type: ignore[no-untyped-call]
            self.db_path = f"{address}?{mode}"
            try:
                self._read(["t"])
            except sqlite3.OperationalError as error:
                failure = error
            else:
                return
        raise failure


def explain(error: Exception, place: str) -> str:
    """What went wrong with a SQLite file, and what to do."""
    if isinstance(error, CacheError):
        return str(error)
    code = _code(error)
    if code in _LOCKED:
        return (
            f"the cache {place} is locked by another program: close the program that has it open, "
            "or give another folder with cache="
        )
    if code == sqlite3.SQLITE_FULL:
        return (
            f"the disk with the cache {place} is full: free some space on it, or give another "
            "folder with cache="
        )
    return (
        f"the cache {place} cannot be used ({error}): see to the file and its folder, give another "
        "folder with cache=, or go without by cache=False"
    )


def _create_private(path: Path) -> None:
    # SQLite gives its side files the mode of the file itself.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        # It was copied here, or restored, by other means.
        with suppress(PermissionError):
            path.chmod(0o600)


def _begin(path: Path) -> None:
    """Give an empty file larger pages: a kept list page is written in a few pieces then."""
    if path.stat().st_size == 0:
        with closing(sqlite3.connect(path, timeout=_LOCK_WAIT_S)) as database:
            database.execute(f"PRAGMA page_size={_PAGE_BYTES}")
            database.execute("VACUUM")


def _code(error: Exception) -> int:
    code: Any = getattr(error, "sqlite_errorcode", 0) or 0
    return int(code) & 0xFF
