"""Lists: newest first, within a span, each task once, and an end to every walk."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics.schema import empty_frame
from tests.unit.conftest import Reply, Service, completed, pending

DAYS = [f"2026-10-{day:02}" for day in range(1, 31)]


@pytest.fixture(params=["newest", "oldest"])
def account(service: Service, request: pytest.FixtureRequest) -> Service:
    """Thirty tasks, one a day at noon, listed in either order, five on a page."""
    tasks = [completed(f"task_{day[-2:]}", f"{day}T12:00:00Z") for day in DAYS]
    service.add(*(tasks[::-1] if request.param == "newest" else tasks))
    service.page_size = 5
    return service


def listed(service: Service, **options: Any) -> list[str]:
    return [i[-2:] for i in service.make_client(cache=False).list_tasks(**options)["task_id"]]


def test_newest_first_whatever_the_service_does(account: Service) -> None:
    assert listed(account) == [day[-2:] for day in DAYS[::-1]]
    assert account.paths[0] == "/v1/tasks?take=100"
    assert account.paths[1].startswith("/v1/tasks?take=100&from=task_")
    assert len(account.paths) == 6


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ({"since": "2026-10-28"}, ["30", "29", "28"]),
        ({"since": "2026-10-28T12:00:00"}, ["30", "29", "28"]),
        ({"since": "2026-10-28T12:00:01Z"}, ["30", "29"]),
        ({"since": "2026-10-28T14:00:00+02:00"}, ["30", "29", "28"]),
        ({"since": dt.date(2026, 10, 29)}, ["30", "29"]),
        ({"since": dt.datetime(2026, 10, 29, 12)}, ["30", "29"]),  # noqa: DTZ001 - naive is UTC
        ({"since": pd.Timestamp("2026-10-29 13:00", tz="Europe/Berlin")}, ["30", "29"]),
        ({"until": "2026-10-02"}, ["02", "01"]),
        ({"until": "2026-10-02T11:59"}, ["01"]),
        ({"until": dt.date(2026, 10, 2)}, ["02", "01"]),
        ({"since": "2026-10-03", "until": "2026-10-05"}, ["05", "04", "03"]),
        ({"since": "2026-10-05", "until": "2026-10-03"}, []),
        ({"since": "2026-11"}, []),
        ({"limit": 3}, ["30", "29", "28"]),
        ({"limit": 2, "until": "2026-10-10"}, ["10", "09"]),
        ({"limit": 0}, []),
        ({"limit": 99, "since": "2026-10-29"}, ["30", "29"]),
    ],
    ids=str,
)
def test_spans(account: Service, span: dict[str, Any], days: list[str]) -> None:
    assert listed(account, **span) == days


def test_a_whole_month_and_year(account: Service) -> None:
    assert len(listed(account, since="2026-10", until="2026-10")) == 30
    assert len(listed(account, until="2026")) == 30
    assert listed(account, until="2025") == []


def test_reading_ends_early_only_where_the_order_is_proven(service: Service) -> None:
    service.page_size = 5
    service.add(*(completed(f"task_{d[-2:]}", f"{d}T12:00:00Z") for d in DAYS[::-1]))
    # Counted by page: a request that was under way may arrive after the list was given.
    assert listed(service, limit=3) == ["30", "29", "28"]
    assert len(service.count()) <= 3
    service.forget_requests()
    assert listed(service, since="2026-10-25") == ["30", "29", "28", "27", "26", "25"]
    assert len(service.count()) <= 4
    service.forget_requests()
    # The same order, but for one task: nothing is proven any more.
    service.tasks["task_30"]["created_at"] = "2026-10-05T18:00:00Z"
    assert listed(service, limit=3) == ["29", "28", "27"]
    assert len(service.count()) == 6


def test_equal_times_prove_nothing(service: Service) -> None:
    service.page_size = 2
    service.add(
        *(completed(f"task_{i}") for i in range(3)), completed("task_9", "2026-12-01T00:00:00Z")
    )
    assert listed(service, limit=1) == ["_9"]


@pytest.mark.parametrize("created_at", [None, "soon", 7, "missing", "2026-12-01"])
def test_a_task_without_a_date(service: Service, created_at: Any) -> None:
    task = completed("task_x") | {"created_at": created_at}
    if created_at == "missing":
        del task["created_at"]
    service.add(task, completed("task_a", "2026-10-01T00:00:00Z"))
    assert listed(service) == ["_a", "_x"]
    assert listed(service, since="2026-01-01") == ["_a"]
    assert listed(service, limit=1) == ["_a"]


@pytest.mark.parametrize("limit", [-1, 1.5, True, "3"])
def test_limits_that_are_none(service: Service, limit: Any) -> None:
    with pytest.raises(ValueError, match="is no whole number of at least 0"):
        listed(service, limit=limit)


@pytest.mark.parametrize("since", ["soon", 20261031, "2026-13-01", float("nan"), pd.NaT])
def test_dates_that_are_none(service: Service, since: Any) -> None:
    with pytest.raises(ValueError, match=r"^since=.* is no date: give '2026-10-31'"):
        listed(service, since=since)
    with pytest.raises(ValueError, match=r"^until="):
        listed(service, until=since)
    assert service.requests == []


def test_an_empty_account(service: Service) -> None:
    frame = service.make_client().list_tasks()
    pd.testing.assert_frame_equal(frame, empty_frame())
    assert frame.attrs["scandoc"]["query"] == {"call": "list_tasks"}


def test_the_query_is_remembered(account: Service) -> None:
    frame = account.make_client().list_tasks(since="2026-10-01", limit=2)
    assert frame.attrs["scandoc"]["query"] == {
        "call": "list_tasks",
        "since": "2026-10-01",
        "limit": "2",
    }


def page(*items: Any, leads_to: Any = None) -> Reply:
    return Reply(body={"data": list(items), "links": {"previous": None, "next": leads_to}})


def test_items_that_come_twice_are_there_once(service: Service) -> None:
    a, b, c = (completed(f"task_{name}") for name in "abc")
    service.script["*"].extend([page(a, b, leads_to="/tasks?from=task_b"), page(b, c)])
    assert listed(service) == ["_a", "_b", "_c"]


def test_only_from_is_taken_of_a_link(service: Service) -> None:
    link = "https://evil.example/steal?take=1&cursor=9&from=task%2Fb%26take%3D2"
    service.script["*"].extend([page(completed("task_a"), leads_to=link), page()])
    assert listed(service) == ["_a"]
    assert service.paths == [
        "/v1/tasks?take=100",
        "/v1/tasks?take=100&from=task%2Fb%26take%3D2",
    ]


@pytest.mark.parametrize("links", [None, {}, {"next": None}, {"next": ""}, {"previous": "x"}])
def test_the_last_page(service: Service, links: Any) -> None:
    service.script["*"].append(Reply(body={"data": [completed("task_a")], "links": links}))
    assert listed(service) == ["_a"]
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "replies",
    [
        # The same start again.
        [
            page(completed("task_a"), leads_to="/tasks?from=b"),
            page(completed("task_b"), leads_to="/tasks?from=b"),
        ],
        # Another start, but the same page.
        [
            page(completed("task_a"), leads_to="/tasks?from=b"),
            page(completed("task_a"), leads_to="/tasks?from=c"),
            page(completed("task_c")),
        ],
        # Nothing, again and again.
        [page(leads_to="/tasks?from=b"), page(completed("task_c"))],
    ],
    ids=["start", "page", "nothing"],
)
def test_a_list_in_a_circle_ends(service: Service, replies: list[Reply]) -> None:
    service.script["*"].extend(replies)
    with pytest.raises(sda.PayloadError, match="the list of tasks goes in a circle") as caught:
        listed(service)
    assert caught.value.frame is not None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([], "the answer is no page"),
        (5, "the answer is no page"),
        ({"data": None}, "no list under 'data'"),
        ({"data": [1]}, "item 0 of the page is no object with an id"),
        ({"data": [{"id": "a"}, {"id": ""}]}, "item 1 of the page"),
        (b"<html>", "the answer is no JSON: '<html>'"),
        (b"", "the answer is no JSON: nothing"),
        ({"data": [], "links": {"next": "/tasks?take=1"}}, "links.next names no id"),
        ({"data": [], "links": {"next": 7}}, "links.next names no id"),
        ({"data": [], "links": "https://[x"}, "links.next names no id"),
    ],
    ids=str,
)
def test_a_page_that_is_none(service: Service, body: Any, says: str) -> None:
    service.script["*"].extend([Reply(body=body)] * 2)
    client = service.make_client(retries=1)
    with pytest.raises(sda.PayloadError, match=says):
        client.list_tasks()
    assert len(service.requests) == 2


def test_a_start_that_the_service_no_longer_knows(service: Service) -> None:
    service.script["*"].append(page(completed("task_a"), leads_to="/tasks?from=task_gone"))
    service.script["*"].append(Reply(404, {"message": "no such id"}))
    with pytest.raises(sda.NotFoundError, match=r"^not found: .* read it again") as caught:
        listed(service)
    assert caught.value.frame is not None
    assert caught.value.frame["task_id"].tolist() == ["task_a"]


def test_an_error_in_the_middle_keeps_what_was_read(account: Service) -> None:
    account.script["*"].extend(
        [page(completed("task_z"), leads_to="/tasks?from=task_01"), Reply(401, {"message": "no"})]
    )
    with pytest.raises(sda.AuthenticationError) as caught:
        account.make_client().list_tasks()
    assert caught.value.frame is not None
    assert caught.value.frame["task_id"].tolist() == ["task_z"]


@pytest.mark.parametrize("kind", ["tasks", "files", "events"])
def test_iter_pages(service: Service, kind: str) -> None:
    replies = [page({"id": "a", "type": "x"}, leads_to="/x?from=b"), page({"id": "b"})]
    service.script["*"].extend(replies)
    pages = list(service.make_client(cache=False).iter_pages(kind))
    assert pages == [[{"id": "a", "type": "x"}], [{"id": "b"}]]
    assert service.paths == [f"/v1/{kind}?take=100", f"/v1/{kind}?take=100&from=b"]


def test_iter_pages_of_something_else(service: Service) -> None:
    with pytest.raises(ValueError, match="kind='invoices' is none of 'tasks', 'files', 'events'"):
        service.make_client().iter_pages("invoices")


def test_the_next_pages_are_under_way_while_one_is_used(account: Service) -> None:
    pages = account.make_client().iter_pages()
    next(pages)
    deadline = time.monotonic() + 5
    while len(account.requests) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(account.requests) == 3


def test_odd_numbers_survive_the_cache(service: Service) -> None:
    raw = b'{"data": [{"id": "task_a", "status": "completed", "score": NaN}], "links": null}'
    service.script["*"].append(Reply(body=raw))
    client = service.make_client()
    first = client.list_tasks()
    service.forget_requests()
    second = client.fetch_tasks(["task_a"])
    assert service.requests == []
    assert first["extra"].tolist() == second["extra"].tolist()


def test_unsettled_tasks_are_listed(service: Service) -> None:
    service.add(pending("task_a"))
    assert service.make_client().list_tasks()["status"].tolist() == ["pending"]
