"""What is kept, for whom, and for how long: real requests, a real SQLite file."""

from __future__ import annotations

import os
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scandoc_analytics import errors
from tests.unit.conftest import KEY, Reply, Service, completed, pending


def test_a_settled_task_is_asked_for_once(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    first, second = client.task("task_a"), client.task("task_a")
    assert len(service.requests) == 1
    assert (first.from_cache, second.from_cache) == (False, True)
    assert first.fetched_at == second.fetched_at
    assert first.payload == second.payload == completed("task_a")


def test_refresh_asks_again(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    client.task("task_a")
    assert client.task("task_a", refresh=True).from_cache is False
    assert client.fetch_tasks(["task_a"], refresh=True)["from_cache"].tolist() == [False]
    assert len(service.requests) == 3


@pytest.mark.parametrize("task", [pending("task_a"), completed("task_a") | {"status": "paused"}])
def test_an_unsettled_task_is_never_kept(service: Service, task: dict[str, object]) -> None:
    service.add(task)
    client = service.make_client()
    client.task("task_a")
    client.fetch_tasks(["task_a"])
    client.list_tasks()
    assert client.task("task_a").from_cache is False
    assert client.cache.info().tasks == 0


def test_errors_are_never_kept(service: Service) -> None:
    client = service.make_client()
    with pytest.raises(errors.NotFoundError):
        client.task("task_a")
    service.add(completed("task_a"))
    assert client.task("task_a").status == "completed"


def test_files_are_never_kept(service: Service) -> None:
    service.script["/v1/files/file_a"].extend([Reply(body={"id": "file_a"})] * 2)
    client = service.make_client()
    assert client.file("file_a") == client.file("file_a") == {"id": "file_a"}
    assert len(service.requests) == 2


def test_a_listed_task_is_a_hit_by_its_id(service: Service) -> None:
    service.add(completed("task_a"), pending("task_b"), completed("task_c"))
    client = service.make_client()
    listed = client.list_tasks()
    service.forget_requests()
    frame = client.fetch_tasks(["task_a", "task_b", "task_c"])
    assert service.paths == ["/v1/tasks/task_b"]
    assert frame["from_cache"].tolist() == [True, False, True]
    assert frame["fetched_at"].iloc[0] == listed["fetched_at"].iloc[0]
    assert client.task("task_c").payload == completed("task_c")


def test_list_pages_are_kept_for_a_while(service: Service) -> None:
    service.page_size = 2
    service.add(*(completed(f"task_{i}") for i in range(5)))
    client = service.make_client(list_ttl=0.6)
    first = client.list_tasks()
    assert len(service.requests) == 3
    second = client.list_tasks()
    assert len(service.requests) == 3
    assert second["from_cache"].tolist() == [True] * 5
    assert second["fetched_at"].tolist() == first["fetched_at"].tolist()
    time.sleep(0.7)
    assert client.list_tasks()["from_cache"].tolist() == [False] * 5
    assert len(service.requests) == 6


def test_list_pages_need_not_be_kept(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client(list_ttl=0)
    client.list_tasks()
    client.list_tasks()
    assert len(service.requests) == 2
    assert client.cache.info().tasks == 1


def test_a_kept_page_does_not_hide_a_newer_answer(service: Service) -> None:
    service.add(pending("task_a"), pending("task_b"))
    client = service.make_client()
    client.list_tasks()
    service.add(completed("task_a"))
    service.make_client().task("task_a")
    service.forget_requests()
    frame = client.list_tasks()
    assert service.requests == []
    assert frame["status"].tolist() == ["completed", "pending"]
    assert frame["fetched_at"].is_monotonic_decreasing
    assert frame["from_cache"].tolist() == [True, True]
    assert [task["status"] for page in client.iter_pages() for task in page] == [
        "completed",
        "pending",
    ]


def test_a_client_that_keeps_no_pages_leaves_no_older_ones(service: Service) -> None:
    service.add(pending("task_a"))
    one, two = service.make_client(), service.make_client(list_ttl=0)
    one.list_tasks()
    service.add(pending("task_a") | {"status": "processing"})
    assert two.list_tasks()["status"].tolist() == ["processing"]
    assert one.list_tasks()["status"].tolist() == ["processing"]


def test_a_settled_task_that_has_changed_is_listed_as_it_is_now(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    client.list_tasks()
    service.add(completed("task_a") | {"status": "failed", "result": {"error": "x"}})
    client.task("task_a", refresh=True)
    assert client.list_tasks()["status"].tolist() == ["failed"]


@pytest.mark.parametrize("kind", ["tasks", "events"])
def test_reading_again_helps_where_a_kept_page_leads_nowhere(service: Service, kind: str) -> None:
    def page(task_id: str, following: str | None) -> Reply:
        link = following and f"https://elsewhere.example/?from={following}"
        return Reply(body={"data": [{"id": task_id}], "links": {"next": link}})

    client = service.make_client()
    service.script[f"/v1/{kind}"].extend([page("a", "b"), Reply(404), page("a", None)])
    with pytest.raises(errors.NotFoundError, match="read it again"):
        list(client.iter_pages(kind))
    assert list(client.iter_pages(kind)) == [[{"id": "a"}]]


def test_what_the_service_said_last_wins(service: Service) -> None:
    service.add(completed("task_a"), completed("task_b"))
    client = service.make_client()
    client.list_tasks()
    service.add(pending("task_a"))
    del service.tasks["task_b"]
    assert client.task("task_a", refresh=True).status == "pending"
    with pytest.raises(errors.NotFoundError):
        client.task("task_b", refresh=True)
    assert client.cache.info().tasks == 0
    # The kept page said otherwise, and is gone.
    assert client.list_tasks()["status"].tolist() == ["pending"]
    assert client.task("task_a").from_cache is False


def test_a_listed_unsettled_task_removes_an_older_answer(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    client.task("task_a")
    service.add(pending("task_a"))
    client.list_tasks()
    assert client.task("task_a").status == "pending"


def test_an_older_answer_never_replaces_a_newer_one(service: Service) -> None:
    service.add(completed("task_a"))
    cache = service.make_client().cache
    from scandoc_analytics.service.answers import Answer  # noqa: PLC0415 - one test needs it

    newer = Answer("task_a", b'{"id":"task_a","status":"failed"}', 1_700_000_000_000_002, False)  # noqa: FBT003
    older = Answer("task_a", b'{"id":"task_a","status":"completed"}', 1_700_000_000_000_001, False)  # noqa: FBT003
    cache.learn(newer, {"status": "failed"})
    cache.learn(older, {"status": "completed"})
    assert cache.read_tasks(["task_a"])["task_a"].body == newer.body
    cache.learn(older, {"status": "pending"})
    assert cache.read_tasks(["task_a"])["task_a"].fetched_at == newer.fetched_at


def test_accounts_never_see_each_other(service: Service, other_service: Service) -> None:
    service.keys.add("sk_second_account")
    service.add(completed("task_a"))
    other_service.add(completed("task_a", "2020-01-01T00:00:00Z"))
    mine = service.make_client()
    theirs = service.make_client(api_key="sk_second_account")
    elsewhere = service.make_client(base_url=other_service.base_url)
    mine.task("task_a")
    assert theirs.task("task_a").from_cache is False
    moved = elsewhere.task("task_a")
    assert (moved.from_cache, str(moved.created_at)) == (False, "2020-01-01 00:00:00+00:00")
    assert mine.task("task_a").from_cache is True
    places = {client.cache.info().path for client in (mine, theirs, elsewhere)}
    assert len(places) == 3
    theirs.cache.clear()
    assert mine.cache.info().tasks == 1


def test_accounts_never_see_each_other_in_threads(service: Service) -> None:
    service.keys.add("sk_second_account")
    ids = service.add(*(completed(f"task_{i}") for i in range(40)))
    clients = [service.make_client(api_key=key) for key in (KEY, "sk_second_account")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda client: client.fetch_tasks(ids), clients * 2))
    asked = {(headers["x-api-key"], path) for path, headers in service.requests}
    assert len(asked) == 80


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_file_is_its_owners(service: Service, tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "new" / "kept"
    service.add(completed("task_a"))
    before = os.umask(umask)
    try:
        client = service.make_client(cache=folder)
        client.task("task_a")
        modes = {path.name[16:]: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert modes == {".sqlite": 0o600, ".sqlite-wal": 0o600, ".sqlite-shm": 0o600}
        client.close()
        Path(client.cache.place).write_bytes(b"this is no database " * 1000)
        with pytest.warns(errors.CacheWarning, match="damaged"):
            client.task("task_a")
    finally:
        os.umask(before)
    files = list(folder.iterdir())
    assert {path.suffix for path in files} >= {".sqlite", ".sqlite-wal"}
    assert [path for path in files if ".damaged-" in path.name]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_folders_on_the_way_are_the_owners_too(service: Service, tmp_path: Path) -> None:
    service.add(completed("task_a"))
    before = os.umask(0o000)
    try:
        service.make_client(cache=tmp_path / "a" / "b").task("task_a")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / way).stat().st_mode) for way in ("a", "a/b")]
    assert modes == [0o700, 0o700]


def test_a_file_that_others_could_read_is_closed_to_them(service: Service) -> None:
    service.add(completed("task_a"))
    with service.make_client() as client:
        client.task("task_a")
        Path(client.cache.place).chmod(0o644)
    with service.make_client() as again:
        again.task("task_a")
        assert stat.S_IMODE(Path(again.cache.place).stat().st_mode) == 0o600


def test_nothing_is_kept_without_a_cache(service: Service, tmp_path: Path) -> None:
    service.add(completed("task_a"))
    client = service.make_client(cache=False)
    client.task("task_a")
    client.task("task_a")
    client.list_tasks()
    assert len(service.requests) == 3
    assert client.cache.info().tasks == 0
    assert client.cache.info().path == "no cache (cache=False)"
    assert client.cache.clear().tasks == 0
    assert not list(tmp_path.rglob("*.sqlite"))


def test_hostile_ids_are_kept_and_found_again(service: Service) -> None:
    ids = service.add(*(completed(i) for i in ("a'; DROP TABLE answers; --", "ü" * 300, "a\nb")))
    client = service.make_client()
    client.fetch_tasks(ids)
    service.forget_requests()
    assert client.fetch_tasks(ids)["task_id"].tolist() == ids
    assert service.requests == []
    assert client.cache.info().tasks == 3


def test_a_closed_client_opens_its_cache_again(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    client.task("task_a")
    client.close()
    assert client.task("task_a").from_cache is True


def test_info_and_prune(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") | {"padding": "x" * 9000} for i in range(200)))
    client = service.make_client()
    before = datetime.now(UTC)
    client.fetch_tasks(ids[:150])
    between = datetime.now(UTC)
    client.fetch_tasks(ids[150:])
    info = client.cache.info()
    assert info.tasks == 200
    assert info.bytes > 1_800_000
    assert info.oldest is not None
    assert info.newest is not None
    assert before <= info.oldest <= between <= info.newest <= datetime.now(UTC)
    assert client.cache.info(older_than=between).tasks == 150
    assert client.cache.prune(older_than="30d").tasks == 0
    pruned = client.cache.prune(older_than=between)
    assert pruned.tasks == 150
    left = client.cache.info()
    assert left.tasks == 50
    assert left.bytes < info.bytes / 2
    assert client.cache.prune(older_than=timedelta(0)).tasks == 50
    assert client.cache.info().bytes < 120_000


def test_clear_gives_the_space_back_and_the_cache_goes_on(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(300)))
    client = service.make_client()
    client.fetch_tasks(ids)
    client.list_tasks()
    assert client.cache.clear().tasks == 300
    assert client.cache.info().tasks == 0
    assert client.cache.info().bytes < 120_000
    service.forget_requests()
    assert client.list_tasks()["from_cache"].tolist() == [False] * 300
    assert client.cache.info().tasks == 300


def test_nothing_is_cleaned_at_the_start(service: Service) -> None:
    service.add(completed("task_a"))
    client = service.make_client()
    client.task("task_a")
    client.close()
    again = service.make_client()
    assert again.cache.info().tasks == 1


def test_threads_share_a_client(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(60)))
    client = service.make_client()
    with ThreadPoolExecutor(6) as pool:
        frames = list(pool.map(client.fetch_tasks, [ids] * 6))
    assert all(frame["task_id"].tolist() == ids for frame in frames)
    assert client.cache.info().tasks == 60
    assert threading.active_count() < 30
