"""Lists walk to their end without loss: both orders, both readings of `from`, while they grow."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics.sandbox import Sandbox
from tests.contract.conftest import Caller

if TYPE_CHECKING:
    from tests.contract.conftest import Contract


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("reading", ["inclusive", "exclusive"])
@pytest.mark.parametrize("take", [1, 7, 100])
def test_a_list_walks_to_its_end(
    order: str,
    reading: str,
    take: int,
    contract: Contract,
) -> None:
    with Sandbox(tasks=25, seed=2, order=order, from_inclusive=reading == "inclusive") as sandbox:
        call = Caller(sandbox, contract)
        with call.session:
            tasks = call.walk("tasks", take)
            newest_first = [task["id"] for task in tasks][:: 1 if order == "newest" else -1]
            assert newest_first == sandbox.task_ids
            created = [task["created_at"] for task in tasks]
            assert created == sorted(created, reverse=order == "newest")
            for kind in ("files", "events"):
                ids = [one["id"] for one in call.walk(kind, take)]
                assert len(set(ids)) == len(ids) == len(call.walk(kind, 100))


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("reading", ["inclusive", "exclusive"])
def test_a_list_that_grows_and_shrinks_loses_nothing(
    order: str,
    reading: str,
    contract: Contract,
) -> None:
    with Sandbox(tasks=25, seed=2, order=order, from_inclusive=reading == "inclusive") as sandbox:
        call = Caller(sandbox, contract)
        with call.session:
            files = [one["id"] for one in call.walk("files", 100)]
            gone: set[str] = set()
            seen: list[str] = []
            query: dict[str, Any] = {"take": 5}
            for step in range(200):
                url = f"{sandbox.base_url}/v1/files"
                page = call.session.get(url, params=query, timeout=30).json()
                seen += [one["id"] for one in page["data"]]
                following = page["links"]["next"]
                if following is None:
                    break
                query = dict(part.split("=") for part in following.partition("?")[2].split("&"))
                # The very item that the link names goes away, and a new one comes.
                call("DELETE", "/v1/files/{id}", path=f"/v1/files/{query['from']}")
                gone.add(query["from"])
                new = {"id": f"file_{step:016}", "name": "n", "type": "image/avif"}
                sandbox.load([{**new, "properties": {}, "created_at": "2100-01-01T00:00:00Z"}])
            assert set(files) - gone <= set(seen)
            assert len(seen) == len(set(seen))


@pytest.mark.parametrize("reading", ["inclusive", "exclusive"])
def test_the_links_back_lead_to_where_the_walk_came_from(
    reading: str,
    contract: Contract,
) -> None:
    with Sandbox(tasks=23, seed=2, from_inclusive=reading == "inclusive") as sandbox:
        call = Caller(sandbox, contract)
        with call.session:
            pages = [call("GET", "/v1/tasks", params={"take": 10})[1]]
            while (link := pages[-1]["links"]["next"]) is not None:
                pages.append(call("GET", "/v1/tasks", params=link.partition("?")[2])[1])
            assert [len(page["data"]) for page in pages] == [10, 10, 3]
            assert pages[0]["links"]["previous"] is None
            for earlier, later in itertools.pairwise(pages):
                query = later["links"]["previous"].partition("?")[2]
                assert call("GET", "/v1/tasks", params=query)[1]["data"] == earlier["data"]


def test_links_are_whole_addresses_without_the_version(call: Caller) -> None:
    page = call("GET", "/v1/tasks", params={"take": 2})[1]
    third = call.sandbox.task_ids[2]
    assert page["links"]["next"] == f"{call.sandbox.base_url}/tasks?from={third}&take=2"


def test_take_is_twenty_unless_told(call: Caller) -> None:
    assert len(call("GET", "/v1/tasks")[1]["data"]) == 20
