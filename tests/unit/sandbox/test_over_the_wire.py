"""What a client meets: faults, limits, hostile ids, a server that stops. Over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from scandoc_analytics.sandbox import Faults, RateLimit, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(tasks=40, seed=4, task_seconds=0) as sandbox:
        yield sandbox


@pytest.fixture
def faulty(running: Sandbox) -> Iterator[Sandbox]:
    """The shared sandbox, whose faults are gone afterwards."""
    running.requests.clear()
    yield running
    running.faults = None


def get(sandbox: Sandbox, path: str, **options: Any) -> requests.Response:
    headers = {"x-api-key": sandbox.api_key} | options.pop("headers", {})
    timeout = options.pop("timeout", 10)
    return requests.get(sandbox.base_url + path, headers=headers, timeout=timeout)


def test_truncated_json_is_a_whole_answer(faulty: Sandbox) -> None:
    path = f"/v1/tasks/{faulty.task_ids[0]}"
    right = get(faulty, path).content
    faulty.faults = Faults(truncated=1.0)
    answer = get(faulty, path)
    assert (answer.status_code, answer.content) == (200, right[: len(right) // 2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


@pytest.mark.parametrize(
    ("faults", "kind", "starts"),
    [
        (Faults(html=1.0), "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        (Faults(empty=1.0), "application/json", b""),
        (Faults(wrong_content_type=1.0), "text/plain; charset=utf-8", b'{"data":['),
    ],
)
def test_an_answer_of_another_kind(
    faults: Faults, kind: str, starts: bytes, faulty: Sandbox
) -> None:
    faulty.faults = faults
    answer = get(faulty, "/v1/tasks")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content.startswith(starts)
    assert int(answer.headers["content-length"]) == len(answer.content) >= len(starts)
    assert (answer.content == b"") == (starts == b"")


def test_next_leads_to_another_host(faulty: Sandbox) -> None:
    right = get(faulty, "/v1/tasks").json()
    last = get(faulty, "/v1/tasks?take=100").json()
    task = get(faulty, f"/v1/tasks/{faulty.task_ids[0]}").json()
    faulty.faults = Faults(foreign_next=1.0)
    answer = get(faulty, "/v1/tasks").json()
    query = right["links"]["next"].partition("?")[2]
    assert answer["links"]["next"] == f"https://pages.example.net/tasks?{query}"
    assert answer["data"] == right["data"]
    assert get(faulty, "/v1/tasks?take=100").json() == last
    assert get(faulty, f"/v1/tasks/{faulty.task_ids[0]}").json() == task
    files = get(faulty, "/v1/files?take=1").json()["data"]
    download = get(faulty, f"/v1/files/{files[0]['id']}/download")
    assert len(download.content) == files[0]["properties"]["size"]


def test_a_slow_answer_is_right(faulty: Sandbox) -> None:
    faulty.faults = Faults(slow=1.0, slow_s=0.3)
    start = time.perf_counter()
    assert get(faulty, "/v1/tasks").status_code == 200
    assert 0.3 <= time.perf_counter() - start < 5


def test_a_hanging_answer_outlasts_a_short_timeout(faulty: Sandbox) -> None:
    faulty.faults = Faults(hang=1.0, hang_s=20)
    with pytest.raises(requests.ReadTimeout):
        get(faulty, "/v1/tasks", timeout=0.2)


def test_a_hanging_answer_ends_without_one(faulty: Sandbox) -> None:
    faulty.faults = Faults(hang=1.0, hang_s=0.1)
    with pytest.raises(requests.ConnectionError):
        get(faulty, "/v1/tasks")


def test_a_reset_connection_leaves_the_next_alone(faulty: Sandbox) -> None:
    faulty.faults = Faults(reset=1.0)
    with pytest.raises(requests.ConnectionError, match=r"(?i)reset"):
        get(faulty, "/v1/tasks")
    faulty.faults = None
    assert get(faulty, "/v1/tasks").status_code == 200


@pytest.mark.parametrize("fault", ["reset", "empty", "truncated", "html"])
def test_a_post_whose_answer_is_lost_has_been_done_once(fault: str) -> None:
    with Sandbox(tasks=5, faults={fault: 1.0}) as sandbox:
        before = len(sandbox.task_ids)
        sandbox.load([{"id": "file_p", "type": "application/pdf", "properties": {}}])
        url = f"{sandbox.base_url}/v1/pdf-operations/split"
        headers = {"x-api-key": sandbox.api_key}
        try:
            requests.post(url, json={"input": "file_p"}, headers=headers, timeout=10)
        except requests.ConnectionError:
            assert fault == "reset"
        assert len(sandbox.task_ids) == before + 1
        assert sandbox.requests.count("/v1/pdf-operations/split", method="POST") == 1


def test_asking_again_gets_through(faulty: Sandbox) -> None:
    faulty.faults = Faults(server_error=0.5, seed=3)
    for task_id in faulty.task_ids:
        statuses = [get(faulty, f"/v1/tasks/{task_id}").status_code for _ in range(12)]
        assert set(statuses) <= {200, 500}
        assert 200 in statuses
        assert faulty.requests.count(f"/v1/tasks/{task_id}") == 12
    assert faulty.requests.total == 480


@pytest.mark.parametrize(
    ("wait_s", "headers"),
    [(1.0, {"Retry-After": "1"}), (0.02, {"retry-after-ms": "20"})],
)
def test_a_429_that_says_how_long(wait_s: float, headers: dict[str, str], faulty: Sandbox) -> None:
    faulty.faults = Faults(rate_limited_with_wait=1.0, wait_s=wait_s)
    answer = get(faulty, "/v1/tasks")
    said = {name: answer.headers.get(name) for name in ("Retry-After", "retry-after-ms")}
    assert answer.status_code == 429
    assert {name: text for name, text in said.items() if text} == headers
    faulty.faults = Faults(rate_limited=1.0)
    answer = get(faulty, "/v1/tasks")
    assert answer.status_code == 429
    assert not {"retry-after", "retry-after-ms"} & {name.lower() for name in answer.headers}


def test_a_rate_limit_is_kept_per_account() -> None:
    limit = RateLimit(requests_per_second=0.01, burst=3, header="retry-after")
    with Sandbox(tasks=3, rate_limit=limit) as sandbox:
        statuses = [get(sandbox, "/v1/tasks").status_code for _ in range(4)]
        refused = get(sandbox, "/v1/tasks")
        other = get(sandbox, "/v1/tasks", headers={"x-api-key": sandbox.second_api_key})
    assert statuses == [200, 200, 200, 429]
    assert 90 <= int(refused.headers["Retry-After"]) <= 100
    assert other.status_code == 200


def test_a_rate_limit_given_as_a_number() -> None:
    with Sandbox(tasks=3, rate_limit=0.5) as sandbox:
        assert [get(sandbox, "/v1/tasks").status_code for _ in range(2)] == [200, 429]


def test_latency_is_kept(running: Sandbox) -> None:
    running.latency_s = 0.2
    start = time.perf_counter()
    get(running, "/v1/tasks")
    assert running.latency_s == 0.2
    running.latency_s = 0.0
    assert 0.2 <= time.perf_counter() - start < 5


HOSTILE = [
    "",
    " ",
    "a b",
    "a/b",
    "../../etc/passwd",
    "task_'; DROP TABLE tasks;--",
    '"quoted"',
    "line\nbreak\r\n",
    "\x00",
    "%",
    "%2e%2e",
    "?take=1",
    "#x",
    "задача",
    "🧾",
    "x" * 10_000,
    "🧾" * 10_000,
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", ["tasks", "files"])
def test_a_hostile_id_is_not_found(kind: str, hostile: str, running: Sandbox) -> None:
    answer = get(running, f"/v1/{kind}/{quote(hostile, safe='')}")
    resource = {"tasks": "Task", "files": "File"}[kind]
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["message"] == f"{resource} with id {hostile} not found."


def test_a_path_that_is_no_text(running: Sandbox) -> None:
    answer = get(running, "/v1/tasks/%ff%fe%C3%28")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/tasks", "/tasks", "/v1/tasks/"])
def test_other_paths_are_not_found(path: str, running: Sandbox) -> None:
    answer = get(running, path)
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/tasks", "GET"),
        ("DELETE", "/v1/tasks/task_x", "GET"),
        ("PUT", "/v1/files", "GET, POST"),
        ("GET", "/v1/pdf-operations/split", "POST"),
    ],
)
def test_other_methods_are_refused(method: str, path: str, allowed: str, running: Sandbox) -> None:
    headers = {"x-api-key": running.api_key}
    answer = requests.request(method, running.base_url + path, headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["message"] == f"Method {method} is not allowed here."


def test_head_is_get_without_a_body(running: Sandbox) -> None:
    headers = {"x-api-key": running.api_key}
    answer = requests.head(f"{running.base_url}/v1/tasks", headers=headers, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 1000


def test_a_download_of_a_type_not_known(running: Sandbox) -> None:
    running.load([{"id": "file_avif", "type": "image/avif", "properties": {"size": 77}}])
    answer = get(running, "/v1/files/file_avif/download")
    assert (answer.headers["content-type"], answer.content) == (
        "application/octet-stream",
        bytes(77),
    )


def test_the_accounts_do_not_see_each_other(running: Sandbox) -> None:
    second = {"x-api-key": running.second_api_key}
    page = get(running, "/v1/tasks?take=100", headers=second).json()["data"]
    assert len(page) == 40
    assert not {task["id"] for task in page} & set(running.task_ids)
    answer = get(running, f"/v1/tasks/{running.task_ids[0]}", headers=second)
    assert answer.status_code == 404


def test_many_ask_at_once(running: Sandbox) -> None:
    wrong: list[str] = []

    def ask(task_id: str) -> None:
        with requests.Session() as session:
            session.headers["x-api-key"] = running.api_key
            for _ in range(5):
                url = f"{running.base_url}/v1/tasks/{task_id}"
                if session.get(url, timeout=30).json()["id"] != task_id:
                    wrong.append(task_id)

    threads = [threading.Thread(target=ask, args=(task_id,)) for task_id in running.task_ids[:16]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_stop_is_prompt_while_an_answer_hangs() -> None:
    others = set(threading.enumerate())
    sandbox = Sandbox(tasks=1, faults=Faults(hang=1.0, hang_s=600)).start()
    ended: list[str] = []

    def ask() -> None:
        try:
            get(sandbox, "/v1/tasks", timeout=60)
        except requests.ConnectionError:
            ended.append("connection")

    thread = threading.Thread(target=ask)
    thread.start()
    while sandbox.requests.total == 0:
        time.sleep(0.01)
    start = time.perf_counter()
    sandbox.stop()
    assert time.perf_counter() - start < 5
    thread.join()
    assert ended == ["connection"]
    assert set(threading.enumerate()) <= others


def test_stop_does_not_wait_for_idle_connections() -> None:
    sandbox = Sandbox(tasks=1).start()
    with requests.Session() as session:
        session.get(f"{sandbox.base_url}/v1/tasks", timeout=10)
        start = time.perf_counter()
        sandbox.stop()
        assert time.perf_counter() - start < 5
        with pytest.raises(requests.ConnectionError):
            session.get(f"{sandbox.base_url}/v1/tasks", timeout=10)
