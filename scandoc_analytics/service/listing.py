"""Walking a list page by page, each item once; the next pages are under way while one is used."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from scandoc_analytics.errors import CacheError, NotFoundError, PayloadError
from scandoc_analytics.service.background import Stream
from scandoc_analytics.service.pages import Page, read_item, read_items
from scandoc_analytics.service.problems import shown

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Iterator

    from scandoc_analytics.service.cache import Cache
    from scandoc_analytics.service.pages import Item
    from scandoc_analytics.service.session import Raw, Wire

__all__ = ["Lister"]

_TAKE: Final = 100
_HEAD_START_S: Final = 0.001


class Lister:
    """Pages of the account's tasks, files or events."""

    def __init__(self, wire: Wire, cache: Cache) -> None:
        self._wire = wire
        self._cache = cache

    def pages(self, kind: str) -> Generator[Page]:
        """Each page; ends with an error when it meets a page that was there before."""
        seen: set[str] = set()
        for page in self._learned(kind):
            fresh = [item for item in page.items if item.id not in seen]
            if not fresh and page.next_from is not None:
                # Without this, a list that leads on for ever would be read for ever.
                raise _circle(kind, page.next_from)
            seen.update(item.id for item in fresh)
            if len(fresh) < len(page.items):
                page = replace(page, items=fresh, whole=False)  # noqa: PLW2901 - the same page
            yield page

    def _learned(self, kind: str) -> Iterator[Page]:
        """Each page as the service or the cache gives it; new ones are kept."""
        try:
            for page in Stream(partial(self._follow, kind)):
                if not page.from_cache:
                    # The other thread makes the next request ready. It shall leave before this one
                    # is busy with the page, or each page comes that much later.
                    time.sleep(_HEAD_START_S)
                    self._cache.learn_page(page)
                yield page
        except NotFoundError:
            # The pages that are kept lead nowhere.
            self._cache.forget_pages(kind)
            raise

    def _follow(self, kind: str, stop: threading.Event) -> Iterator[Page]:
        """One page after the other as the links lead."""
        starts: set[str] = set()
        first_id: str | None = None
        kept = self._kept(kind, first_id)
        while True:
            page = kept or self._ask(kind, first_id, stop)
            first_id = page.next_from
            # Looked up before the page is handed over: after that the cache is busy keeping it,
            # and the next request would leave late.
            kept = None if first_id is None else self._kept(kind, first_id)
            yield page
            if first_id is None:
                return
            if first_id in starts:
                raise _circle(kind, first_id)
            starts.add(first_id)

    def _ask(self, kind: str, first_id: str | None, stop: threading.Event) -> Page:
        asked = f"the list of {kind}" + (f" from {shown(first_id, 60)}" if first_id else "")
        query = {"take": str(_TAKE)} | ({"from": first_id} if first_id else {})

        def read(raw: Raw) -> Page:
            return _page(kind, first_id, raw.body, raw.fetched_at, asked)

        try:
            return self._wire.get(f"/v1/{kind}?{urlencode(query)}", read, asked=asked, stop=stop)
        except NotFoundError:
            msg = (
                f"not found: asked for {asked}, which the service no longer knows; the list has "
                "changed while it was read: read it again"
            )
            gone = NotFoundError(msg, status_code=404)
        raise gone

    def _kept(self, kind: str, first_id: str | None) -> Page | None:
        kept = self._cache.read_page(kind, first_id)
        if kept is None:
            return None
        body, fetched_at = kept
        page = _page(kind, first_id, body, fetched_at, f"the kept list of {kind}")
        newer = {}
        if kind == "tasks":
            answers = self._cache.read_tasks([task.id for task in page.items])
            newer = {i: a for i, a in answers.items() if a.fetched_at > fetched_at}
        return replace(page, from_cache=True, newer=newer)

    def kept_pages(self, kind: str) -> Generator[Page]:
        """What the cache has of a list, without asking the service.

        Raises
        ------
        CacheError
            The cache does not have the list.
        """
        self._cache.require()
        if kind == "tasks":
            yield from self._kept_tasks()
            return
        first_id: str | None = None
        while True:
            page = self._kept(kind, first_id)
            if page is None:
                msg = (
                    f"offline=True: the cache does not have the list of {kind}, which is kept for "
                    "list_ttl seconds only; make a client without offline=True to ask for it"
                )
                raise CacheError(msg)
            yield page
            first_id = page.next_from
            if first_id is None:
                return

    def _kept_tasks(self) -> Iterator[Page]:
        items: list[Item] = []
        newer = {}
        for answer in self._cache.every_task():
            items.append(read_item(answer.body))
            newer[answer.task_id] = answer
            if len(items) == _TAKE:
                yield Page("tasks", None, items, None, 0, from_cache=True, newer=newer)
                items, newer = [], {}
        if items:
            yield Page("tasks", None, items, None, 0, from_cache=True, newer=newer)


def _page(kind: str, first_id: str | None, body: bytes, fetched_at: int, asked: str) -> Page:
    items, links = read_items(body, asked)
    return Page(kind, first_id, items, _next_from(links, asked), fetched_at, body=body)


def _next_from(links: Any, asked: str) -> str | None:
    """The id in ``links.next``; the link itself is not followed: it may point anywhere."""
    link = links.get("next") if isinstance(links, dict) else links
    if link is None or link == "":
        return None
    try:
        return parse_qs(urlsplit(link).query)["from"][0]
    except (ValueError, KeyError, TypeError, AttributeError):
        msg = f"asked for {asked}, links.next names no id to go on from: {shown(link)}"
    raise PayloadError(msg)


def _circle(kind: str, next_from: str) -> PayloadError:
    return PayloadError(
        f"the list of {kind} goes in a circle: it leads on to {shown(next_from, 60)} without "
        "anything new; read it again, and tell the service's support if that does not help"
    )
