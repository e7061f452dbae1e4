"""One task, the client itself, offline, and the functions on a client from the environment."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics.client import Task
from scandoc_analytics.client.default import _client_for
from tests.unit.conftest import KEY, Reply, Service, completed, pending


def test_a_task(service: Service) -> None:
    payload = completed("task_a") | {"updated_at": "2026-01-05T10:00:09Z"}
    service.add(payload)
    task = service.make_client().task(" task_a ")
    assert task.payload == payload
    assert (task.id, task.status, task.operation) == ("task_a", "completed", "render")
    assert task.settled
    assert task.error is None
    assert task.created_at == pd.Timestamp("2026-01-05 10:00", tz="UTC")
    assert task.updated_at == pd.Timestamp("2026-01-05 10:00:09", tz="UTC")
    assert [file["id"] for file in task.files] == ["file_task_a"]
    assert task.from_cache is False
    assert task.fetched_at is not None
    assert abs((datetime.now(UTC) - task.fetched_at).total_seconds()) < 60
    assert repr(task) == "<Task 'task_a': render, completed, 1 file>"
    assert "task_a" in str(task)
    assert "task_a" in task._repr_html_()


def test_a_task_of_which_little_is_known() -> None:
    task = Task({"id": "task\u202e_a", "status": 5, "created_at": "soon", "result": []})
    assert (task.status, task.operation, task.created_at, task.files) == (None, None, None, [])
    assert task.settled is False
    assert repr(task) == "<Task 'task\\u202e_a': unknown operation, unknown status>"
    assert Task({"id": "a", "operation": "x\ny"}).operation == "x\ny"
    assert "\n" not in repr(Task({"id": "a", "operation": "x\ny"}))


def test_a_failed_task() -> None:
    task = Task({"id": "a", "status": "failed", "result": {"error": "too dark"}})
    assert task.error == "too dark"
    assert task.settled


def test_a_detection_reads_as_in_the_frame() -> None:
    task = Task({"id": "a", "operation": "convert", "result": {"documents": []}})
    assert task.operation == "detect-documents"


@pytest.mark.parametrize(("given", "kind"), [("", ValueError), (None, TypeError), (5, TypeError)])
def test_ids_that_are_none(service: Service, given: str, kind: type[Exception]) -> None:
    client = service.make_client()
    for ask in (client.task, client.file, client.download):
        with pytest.raises(kind, match=r"_id is"):
            ask(given)
    assert service.requests == []


def test_files(service: Service) -> None:
    service.script["/v1/files/file_a"].append(Reply(body={"id": "file_a", "name": "x"}))
    service.script["/v1/files/file_a/download"].append(Reply(body=b"\x89PNG"))
    client = service.make_client()
    assert client.file("file_a") == {"id": "file_a", "name": "x"}
    assert client.download("file_a") == b"\x89PNG"
    with pytest.raises(sda.NotFoundError, match="the account has no content of file 'file_b'"):
        client.download("file_b")


def test_the_client_shows_itself_without_its_key(service: Service) -> None:
    client = service.make_client()
    assert repr(client) == f"<Client of {service.base_url}, {client.cache.place}>"
    assert repr(service.make_client(offline=True)).endswith(", offline>")
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client._config)


def test_a_key_is_needed() -> None:
    with pytest.raises(sda.ConfigError, match="no API key"):
        sda.Client()


@pytest.mark.parametrize("key", [5, b"sk_bytes", ["sk"]])
def test_a_key_is_text(key: object) -> None:
    with pytest.raises(sda.ConfigError, match=r"api_key is of type .*: give text") as caught:
        sda.Client(key)  # type: ignore[arg-type]
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize("cache", ["mongodb://user:pw@db.example/x", "dynamodb://x", "sqlite://x"])
def test_places_that_are_not_supported(cache: str) -> None:
    with pytest.raises(sda.ConfigError, match="is of no kind that is supported") as caught:
        sda.Client(KEY, cache=cache)
    assert "pw" not in str(caught.value)


def test_offline(service: Service) -> None:
    service.add(completed("task_a", "2026-01-01T00:00:00Z"), completed("task_b"), pending("task_c"))
    service.make_client().list_tasks()
    service.forget_requests()
    client = service.make_client(offline=True)
    assert client.task("task_a").from_cache is True
    assert client.task("task_a", refresh=True).from_cache is True
    with pytest.raises(sda.CacheError, match="no settled answer for task 'task_c'; make a client"):
        client.task("task_c")
    with pytest.warns(sda.FetchWarning, match="1 of 3 .* not in the cache"):
        frame = client.fetch_tasks(["task_b", "task_c", "task_a"])
    assert frame["from_cache"].tolist() == [True, pd.NA, True]
    assert frame["fetch_error"].str.startswith("offline=True").tolist() == [False, True, False]
    with pytest.warns(sda.CacheWarning, match="these are the 2 settled tasks that the cache has"):
        listed = client.list_tasks()
    assert listed["task_id"].tolist() == ["task_b", "task_a"]
    with pytest.warns(sda.CacheWarning):
        assert client.list_tasks(limit=1)["task_id"].tolist() == ["task_b"]
    assert [len(page) for page in client.iter_pages()] == [2]
    with pytest.raises(sda.CacheError, match="files are never kept"):
        client.download("file_a")
    with pytest.raises(sda.CacheError, match="does not have the list of files"):
        list(client.iter_pages("files"))
    assert service.requests == []


def test_offline_lists_of_files_while_they_are_kept(service: Service) -> None:
    for first, link in ((None, "/files?from=b"), ("b", None)):
        body = {"data": [{"id": f"file_{first}"}], "links": {"next": link}}
        service.script["*"].append(Reply(body=body))
    list(service.make_client().iter_pages("files"))
    offline = service.make_client(offline=True)
    assert list(offline.iter_pages("files")) == [[{"id": "file_None"}], [{"id": "file_b"}]]


def test_many_kept_tasks_offline(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i:04}") for i in range(1234)))
    service.make_client().list_tasks()
    offline = service.make_client(offline=True)
    assert sorted(task["id"] for page in offline.iter_pages() for task in page) == ids


def test_a_client_from_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.add(completed("task_a"))
    monkeypatch.setenv("SCAN_DOCUMENTS_API_KEY", KEY)
    monkeypatch.setenv("SCAN_DOCUMENTS_BASE_URL", service.base_url)
    assert sda.task("task_a").from_cache is False
    assert sda.fetch_tasks(["task_a"])["from_cache"].tolist() == [True]
    assert sda.list_tasks(limit=1)["task_id"].tolist() == ["task_a"]
    monkeypatch.setenv("SCAN_DOCUMENTS_API_KEY", "sk_another")
    with pytest.raises(sda.AuthenticationError):
        sda.task("task_a")
    monkeypatch.delenv("SCAN_DOCUMENTS_API_KEY")
    with pytest.raises(sda.ConfigError, match="no API key"):
        sda.task("task_a")
    _client_for.cache_clear()
