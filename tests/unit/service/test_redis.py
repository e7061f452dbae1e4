"""A cache that machines share: a real Redis server on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import warnings
from typing import TYPE_CHECKING

import pytest

import scandoc_analytics as sda
from tests.unit.conftest import Service, completed, pending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

redis = pytest.importorskip("redis", reason="the extra `redis` is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("REQUIRE_REDIS") == "1":
            pytest.fail("REQUIRE_REDIS=1, and there is no redis-server")
        pytest.skip("there is no redis-server on this machine")
    folder: Path = tmp_path_factory.mktemp("redis")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as running:  # noqa: S603 - found on the path
        with redis.Redis(port=port) as connection:
            for _ in range(200):
                try:
                    connection.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
        running.terminate()


@pytest.fixture
def url(server: str) -> Iterator[str]:
    yield server
    with redis.Redis.from_url(server) as connection:
        connection.flushall()


def test_two_machines_share_what_is_settled(service: Service, url: str) -> None:
    service.add(completed("task_a"), pending("task_b"), completed("it's odd"))
    ids = ["task_a", "task_b", "it's odd"]
    service.make_client(cache=url).fetch_tasks(ids)
    service.forget_requests()
    frame = service.make_client(cache=url).fetch_tasks(ids)
    assert frame["from_cache"].tolist() == [True, False, True]
    assert service.paths == ["/v1/tasks/task_b"]


def test_one_namespace_per_account(service: Service, url: str) -> None:
    service.keys.add("sk_second_account")
    service.add(completed("task_a"))
    first = service.make_client(cache=url)
    second = service.make_client(cache=url, api_key="sk_second_account")
    first.task("task_a")
    assert second.task("task_a").from_cache is False
    assert second.cache.clear().tasks == 1
    assert first.task("task_a").from_cache is True


def test_lists(service: Service, url: str) -> None:
    service.add(completed("task_a"), pending("task_b"))
    client = service.make_client(cache=url, list_ttl=0.5)
    client.list_tasks()
    assert client.list_tasks()["from_cache"].tolist() == [True, True]
    service.add(completed("task_b"))
    client.task("task_b")
    assert client.list_tasks()["status"].tolist() == ["completed", "completed"]
    service.add(pending("task_a"))
    client.task("task_a", refresh=True)
    # The kept page said otherwise, and is gone.
    assert client.list_tasks()["from_cache"].tolist() == [False, False]
    time.sleep(0.6)
    assert client.list_tasks()["from_cache"].tolist() == [False, False]


def test_house_keeping(service: Service, url: str) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(1500)))
    client = service.make_client(cache=url)
    assert client.cache.info().tasks == 0
    client.list_tasks()
    info = client.cache.info()
    assert info.tasks == 1500
    assert info.bytes > 1500 * 200
    assert info.path == url
    assert info.oldest is not None
    assert info.newest is not None
    assert info.oldest <= info.newest
    assert client.cache.prune(older_than="1h").tasks == 0
    middle = info.oldest + (info.newest - info.oldest) / 2
    pruned = client.cache.prune(older_than=middle).tasks
    assert 0 < pruned < 1500
    assert client.cache.info().tasks == 1500 - pruned
    client.list_tasks()
    with pytest.warns(sda.CacheWarning, match="the 1,500 settled tasks"):
        listed = service.make_client(cache=url, offline=True).list_tasks()
    assert sorted(listed["task_id"]) == sorted(ids)
    client.cache.clear()
    assert client.cache.info().tasks == 0
    with redis.Redis.from_url(url) as connection:
        assert connection.dbsize() == 0


def test_nothing_in_it_is_a_pickle_or_a_key(service: Service, url: str) -> None:
    service.add(completed("task_a"))
    service.make_client(cache=url).list_tasks()
    with redis.Redis.from_url(url) as connection:
        names = connection.keys()
        texts = [connection.get(name) for name in names if connection.type(name) == b"string"]
    assert len(texts) == 2
    assert all(text.startswith(b'{"fetched_at":') and text.endswith(b"}") for text in texts)
    everything = b"".join([*names, *texts])
    assert not [key for key in service.keys if key.encode() in everything]


def test_a_server_that_is_away(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(20)))
    client = service.make_client(cache="redis://:s3cret@127.0.0.1:9/0")
    start = time.monotonic()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = client.fetch_tasks(ids)
    assert time.monotonic() - start < 5
    assert frame["status"].eq("completed").all()
    (said,) = caught
    assert said.category is sda.CacheWarning
    assert "the cache redis://127.0.0.1:9/0 cannot be used" in str(said.message)
    assert "s3cret" not in str(said.message) + repr(client)
    with pytest.raises(sda.CacheError, match="cannot be used"):
        client.cache.info()


def test_an_address_that_is_none(service: Service) -> None:
    with pytest.raises(sda.ConfigError, match="is no address of a Redis server"):
        service.make_client(cache="redis://127.0.0.1:port/0")


def test_a_password_in_an_address_is_not_shown(service: Service) -> None:
    for address in ("redis://:s3cret@127.0.0.1:9/0", "redis://127.0.0.1:9/0?password=s3cret"):
        client = service.make_client(cache=address)
        assert client.cache.place == "redis://127.0.0.1:9/0"
        assert "s3cret" not in repr(client)
