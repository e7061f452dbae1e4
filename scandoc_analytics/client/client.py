"""The client: tasks as flat frames, from the cache where it has them and from the service."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal, Self

from scandoc_analytics.client.gathering import Gathering
from scandoc_analytics.client.merging import replace_tasks
from scandoc_analytics.client.notices import report, tell, warn
from scandoc_analytics.client.one_task import Task
from scandoc_analytics.client.progress import Progress
from scandoc_analytics.client.selection import Selection, checked_limit
from scandoc_analytics.client.task_ids import checked_id, checked_ids
from scandoc_analytics.client.timespan import first_moment, last_moment
from scandoc_analytics.config import CACHE_DIR_ENV, Config, Secret
from scandoc_analytics.errors import (
    CacheWarning,
    ConfigError,
    NotFoundError,
)
from scandoc_analytics.schema import SETTLED
from scandoc_analytics.service.answers import decode
from scandoc_analytics.service.api import Api

if TYPE_CHECKING:
    import os
    from collections.abc import Generator, Iterable, Iterator
    from datetime import date
    from types import TracebackType

    import pandas as pd
    import requests

    from scandoc_analytics.errors import ScandocError
    from scandoc_analytics.service.cache import Cache
    from scandoc_analytics.service.pages import Page

__all__ = ["Client", "Task"]


class Client:
    """One account of the service, with a cache in front of it.

    Threads may share a client, and several clients do not get in each other's way. A client is a
    context manager; outside of one it need not be closed.

    Parameters
    ----------
    api_key
        Without it, the environment variable ``SCAN_DOCUMENTS_API_KEY``.
    base_url
        Without it, ``SCAN_DOCUMENTS_BASE_URL``, and without that the official address.
    cache
        True keeps settled tasks in the user's cache folder, or in ``SCANDOC_CACHE_DIR``; a folder
        keeps them there; an address such as ``"redis://localhost:6379/0"`` shares them between
        machines; False keeps nothing.
    offline
        Answer from the cache alone, and say what it lacks.
    workers
        How many requests may be under way at once.
    timeout
        Seconds to wait for the service to say something, in each attempt.
    retries
        How often a failed request is tried again.
    requests_per_second
        Ask no faster than this; answers from the cache do not count.
    session
        A `requests.Session` of your own, for its proxies, certificates, headers and adapters.
    list_ttl
        Seconds for which list pages are kept; 0 keeps none.

    Raises
    ------
    ConfigError
        Which setting is wrong, and what would do.

    Examples
    --------
    >>> client = Client("sk_example", cache=False)
    >>> client
    <Client of https://api.scan-documents.com, no cache (cache=False)>
    """

    def __init__(  # noqa: PLR0913 - one argument per setting
        self,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        *,
        cache: bool | str | os.PathLike[str] = True,
        offline: bool = False,
        workers: int = 8,
        timeout: float = 60.0,
        retries: int = 5,
        requests_per_second: float | None = None,
        session: requests.Session | None = None,
        list_ttl: float = 60.0,
    ) -> None:
        # First of all: from here on no traceback shows it.
        api_key = _secret(api_key)
        self._config = Config.resolve(
            api_key=api_key,
            base_url=base_url,
            cache=cache,
            offline=offline,
            workers=workers,
            timeout=timeout,
            retries=retries,
            requests_per_second=requests_per_second,
            list_ttl=list_ttl,
        )
        self._api = Api(self._config, session)
        if cache is True and self._config.cache is None:
            warn(
                "there is no home folder to keep a cache in, so nothing is kept: give a folder "
                f"with cache= or {CACHE_DIR_ENV}",
                CacheWarning,
            )

    @property
    def cache(self) -> Cache:
        """The cache of this account: ``info()``, ``clear()``, ``prune(older_than=)``."""
        return self._api.cache

    def task(self, task_id: str, *, refresh: bool = False) -> Task:
        """Look up one task.

        Parameters
        ----------
        task_id
            The id, as the service gave it.
        refresh
            Ask the service even if the cache has the answer.

        Raises
        ------
        NotFoundError
            The account has no such task.
        CacheError
            ``offline=True``, and the cache does not have it.
        ScandocError
            Why else there is no answer.
        """
        answer = self._api.task(checked_id(task_id), refresh=refresh)
        tell(self.cache)
        payload = decode(answer.body)
        return Task.at(payload, answer.fetched_at, from_cache=answer.from_cache)

    def fetch_tasks(
        self,
        task_ids: Iterable[str] | str,
        *,
        refresh: bool = False,
        errors: Literal["report", "raise"] = "report",
        text: bool = False,
        progress: bool | None = None,
    ) -> pd.DataFrame:
        """Fetch tasks by their ids into one flat frame.

        Parameters
        ----------
        task_ids
            Ids in any order, or a single one; an id that comes twice is asked for once.
        refresh
            Ask the service even for what the cache has.
        errors
            What to do when an id has no answer. ``"report"``: its row says why in `fetch_error`,
            and one warning sums them up. ``"raise"``: a `FetchError` after the whole batch.
        text
            With the column `text`, which holds what extract-text tasks have read.
        progress
            Whether to draw a progress bar; None draws one where somebody looks.

        Returns
        -------
        pandas.DataFrame
            The flat frame, in the order of the ids.

        Raises
        ------
        AuthenticationError, SubscriptionError
            At once, because every other id would fail the same way. What had arrived is in the
            error's ``frame``, as it is in the ``frame`` of a `KeyboardInterrupt`.
        FetchError
            Every id failed, or one did under ``errors="raise"``; it carries ``frame`` and
            ``failures``.
        """
        if errors not in {"report", "raise"}:
            msg = f"errors={errors!r} is neither 'report' nor 'raise'"
            raise ValueError(msg)
        ids = checked_ids(task_ids)
        frame, failures = self._gather(ids, refresh=refresh, text=text, progress=progress)
        self._sign(frame, {"call": "fetch_tasks", "tasks": len(ids)})
        tell(self.cache)
        report(frame, failures, len(ids), fatal=errors == "raise")
        return frame

    def list_tasks(
        self,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        limit: int | None = None,
        text: bool = False,
        progress: bool | None = None,
    ) -> pd.DataFrame:
        """Fetch the account's tasks into one flat frame, newest first.

        Parameters
        ----------
        since, until
            Only tasks created within this span, both ends included: text such as
            ``"2026-10-31"``, a date, or a datetime; without a time zone it is UTC. A year, month
            or day without a time stands for all of it, so that ``until="2026-10-31"`` includes
            that day. A task whose time of creation cannot be read is in no span.
        limit
            Only the newest so many.
        text
            With the column `text`, which holds what extract-text tasks have read.
        progress
            Whether to draw a progress bar; None draws one where somebody looks.

        Returns
        -------
        pandas.DataFrame
            The flat frame. Offline it holds the settled tasks that the cache has seen.
        """
        selection = Selection(
            since=first_moment(since), until=last_moment(until), limit=checked_limit(limit)
        )
        gathering = Gathering(text=text)
        with (
            gathering.kept_on_error(),
            closing(self._api.pages("tasks")) as pages,
            Progress(None, unit="task", wanted=progress) as bar,
        ):
            while not selection.complete and (page := next(pages, None)) is not None:
                gathering.add_page(page, selection.choose(page.items))
                bar.add(len(page.items))
        frame = selection.cut(gathering.finish())
        asked = {"since": since, "until": until, "limit": limit}
        query = {name: str(value) for name, value in asked.items() if value is not None}
        self._sign(frame, {"call": "list_tasks", **query})
        if self._config.offline:
            warn(
                f"offline=True: these are the {frame['task_id'].nunique():,} settled tasks that "
                "the cache has seen; the account may have others",
                CacheWarning,
            )
        tell(self.cache)
        return frame

    def refresh(self, frame: pd.DataFrame, *, progress: bool | None = None) -> pd.DataFrame:
        """Ask again for the tasks of a frame that were unsettled or could not be fetched.

        Parameters
        ----------
        frame
            A flat frame; it is not changed.
        progress
            Whether to draw a progress bar; None draws one where somebody looks.

        Returns
        -------
        pandas.DataFrame
            The frame with the new rows in the place of the old ones. A task that has no new answer
            keeps its old row, unless the service no longer has it.
        """
        missing = [name for name in ("task_id", "status") if name not in frame.columns]
        if missing:
            msg = f"this is no flat frame, it has no column {missing[0]!r}: fetch one first"
            raise ValueError(msg)
        open_rows = ~frame["status"].isin(SETTLED)
        ids = frame.loc[open_rows, "task_id"].drop_duplicates().tolist()
        fresh, failures = self._gather(
            ids, refresh=True, text="text" in frame.columns, progress=progress
        )
        answered = set(frame.loc[open_rows & frame["status"].notna(), "task_id"])
        kept = {
            task_id
            for task_id, error in failures.items()
            if task_id in answered and not isinstance(error, NotFoundError)
        }
        merged = replace_tasks(frame, fresh, [task_id for task_id in ids if task_id not in kept])
        self._sign(merged, {"call": "refresh", "tasks": len(ids)})
        tell(self.cache)
        report(merged, failures, len(ids), fatal=False)
        return merged

    def iter_pages(self, kind: str = "tasks") -> Iterator[list[dict[str, Any]]]:
        """Walk a list page by page, each item once.

        Parameters
        ----------
        kind
            ``"tasks"``, ``"files"`` or ``"events"``.

        Returns
        -------
        iterator of lists of dict
            The payloads page by page; the next page is under way while one is used.
        """
        return self._payloads(self._api.pages(kind))

    def _payloads(self, pages: Generator[Page]) -> Iterator[list[dict[str, Any]]]:
        with closing(pages):
            for page in pages:
                yield [decode(page.newer.get(item.id, item).body) for item in page.items]
        tell(self.cache)

    def file(self, file_id: str) -> dict[str, Any]:
        """What the service knows of one file; never from the cache."""
        return self._api.file(checked_id(file_id, "file_id"))

    def download(self, file_id: str) -> bytes:
        """The content of one file; never from the cache."""
        return self._api.download(checked_id(file_id, "file_id"))

    def close(self) -> None:
        """Give back the connections and the file of the cache."""
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if not hasattr(self, "_api"):
            # A traceback with locals shows a client whose settings were refused.
            return "<Client without settings>"
        offline = ", offline" if self._config.offline else ""
        return f"<Client of {self._config.base_url}, {self.cache.place}{offline}>"

    def _gather(
        self, ids: list[str], *, refresh: bool, text: bool, progress: bool | None
    ) -> tuple[pd.DataFrame, dict[str, ScandocError]]:
        gathering = Gathering(text=text)
        if ids:
            batch = self._api.tasks(ids, refresh=refresh)
            with (
                gathering.kept_on_error(batch),
                closing(batch.__iter__()) as outcomes,
                Progress(len(ids), unit="task", wanted=progress) as bar,
            ):
                for outcome in outcomes:
                    gathering.add(outcome)
                    bar.add()
        return gathering.finish(), gathering.failures

    def _sign(self, frame: pd.DataFrame, query: dict[str, Any]) -> None:
        frame.attrs["scandoc"] = {"query": query, "account": self._config.account}


def _secret(api_key: object) -> Secret | None:
    if isinstance(api_key, str):
        return Secret(api_key)
    if api_key is None or isinstance(api_key, Secret):
        return api_key
    kind = type(api_key).__name__
    # Not quoted, whatever it is.
    del api_key
    msg = f"api_key is of type {kind}: give text"
    raise ConfigError(msg)
