"""What the service can be asked, with the cache in between: tasks, list pages, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from scandoc_analytics.errors import CacheError, NotFoundError, PayloadError
from scandoc_analytics.service.answers import Answer
from scandoc_analytics.service.background import Errand
from scandoc_analytics.service.batch import Batch
from scandoc_analytics.service.cache import Cache
from scandoc_analytics.service.listing import Lister
from scandoc_analytics.service.pages import KINDS
from scandoc_analytics.service.problems import decoded, shown
from scandoc_analytics.service.session import Raw, Wire

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator, Sequence

    import requests

    from scandoc_analytics.config import Config
    from scandoc_analytics.service.pages import Page

__all__ = ["Api"]

Read = TypeVar("Read")

_ID_CHARACTERS: Final = 60


class Api:
    """The service for one account: answers come out, and what may be kept is kept."""

    def __init__(self, config: Config, session: requests.Session | None = None) -> None:
        self.cache = Cache(config)
        self.wire = Wire(config, session)
        self._lister = Lister(self.wire, self.cache)
        self._offline = config.offline
        self._workers = config.workers

    def close(self) -> None:
        """Give back the connections and the file of the cache."""
        self.wire.close()
        self.cache.close()

    def task(self, task_id: str, *, refresh: bool = False) -> Answer:
        """One task; from the cache if it is there, unless ``refresh`` says otherwise."""
        if self._offline:
            self.cache.require()
        if not refresh or self._offline:
            kept = self.cache.read_tasks([task_id])
            if task_id in kept:
                return kept[task_id]
        if self._offline:
            raise _missing(task_id)
        return Errand(lambda stop: self._ask_task(task_id, stop)).result()

    def tasks(self, task_ids: Sequence[str], *, refresh: bool = False) -> Batch:
        """Many tasks in the order asked; each id is to be there once."""
        if self._offline:
            self.cache.require()
            return Batch(task_ids, self.cache.read_tasks, _not_kept, 1)
        read: Callable[[Sequence[str]], dict[str, Answer]] = self.cache.read_tasks
        return Batch(task_ids, _nothing if refresh else read, self._ask_task, self._workers)

    def pages(self, kind: str) -> Generator[Page]:
        """Each page of a list; see `Lister`.

        Raises
        ------
        ValueError
            ``kind`` is none of `KINDS`.
        """
        if kind not in KINDS:
            msg = f"kind={kind!r} is none of {', '.join(map(repr, KINDS))}"
            raise ValueError(msg)
        return self._lister.kept_pages(kind) if self._offline else self._lister.pages(kind)

    def file(self, file_id: str) -> dict[str, Any]:
        """What the service knows of one file; never kept, because files can be deleted."""
        asked = f"file {shown(file_id, _ID_CHARACTERS)}"

        def read(raw: Raw) -> dict[str, Any]:
            return _about(raw.body, file_id, asked)

        return self._errand(f"/v1/files/{_quoted(file_id)}", read, asked)

    def download(self, file_id: str) -> bytes:
        """The content of one file; never kept."""
        asked = f"content of file {shown(file_id, _ID_CHARACTERS)}"

        def read(raw: Raw) -> bytes:
            kind = raw.headers.get("content-type", "")
            if not raw.body or kind.startswith("text/html"):
                came = "a web page" if raw.body else "nothing"
                msg = f"asked for the {asked}, {came} came instead; ask again later"
                raise PayloadError(msg)
            return raw.body

        path = f"/v1/files/{_quoted(file_id)}/download"
        return self._errand(path, read, asked, elsewhere=True)

    def _errand(
        self, path: str, read: Callable[[Raw], Read], asked: str, *, elsewhere: bool = False
    ) -> Read:
        if self._offline:
            msg = f"offline=True: files are never kept, asked for the {asked}"
            raise CacheError(msg)
        return Errand(
            lambda stop: self.wire.get(path, read, asked=asked, stop=stop, elsewhere=elsewhere)
        ).result()

    def _ask_task(self, task_id: str, stop: threading.Event) -> Answer:
        asked = f"task {shown(task_id, _ID_CHARACTERS)}"

        def read(raw: Raw) -> Answer:
            payload = _about(raw.body, task_id, asked)
            answer = Answer(task_id, raw.body, raw.fetched_at, from_cache=False)
            # Before this worker asks for anything else: what is paid for is not lost.
            self.cache.learn(answer, payload)
            return answer

        try:
            return self.wire.get(f"/v1/tasks/{_quoted(task_id)}", read, asked=asked, stop=stop)
        except NotFoundError:
            self.cache.forget(task_id)
            raise


def _about(body: bytes, wanted_id: str, asked: str) -> dict[str, Any]:
    """The object in an answer, which must be about what was asked for."""
    payload = decoded(body, asked)
    if not isinstance(payload, dict):
        msg = f"asked for {asked}, the answer is no object: {shown(payload)}"
        raise PayloadError(msg)
    if payload.get("id") != wanted_id:
        msg = f"asked for {asked}, the answer is about {shown(payload.get('id'), _ID_CHARACTERS)}"
        raise PayloadError(msg)
    return payload


def _quoted(given_id: str) -> str:
    # The library that sends it would resolve "." and ".." as parts of a path.
    return quote(given_id, safe="", errors="replace").replace(".", "%2E")


def _nothing(_: Sequence[str]) -> dict[str, Answer]:
    return {}


def _not_kept(task_id: str, _: threading.Event) -> Answer:
    raise _missing(task_id)


def _missing(task_id: str) -> CacheError:
    return CacheError(
        f"offline=True: the cache has no settled answer for task {shown(task_id, _ID_CHARACTERS)}; "
        "make a client without offline=True to ask the service"
    )
