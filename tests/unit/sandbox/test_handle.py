from __future__ import annotations

import builtins
import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

import scandoc_analytics as sda
from scandoc_analytics.errors import MissingExtraError
from scandoc_analytics.sandbox import Faults, Sandbox

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_package_hands_it_out() -> None:
    assert sda.Sandbox is Sandbox


def test_the_same_seed_and_now_give_the_same_account() -> None:
    one, two = Sandbox(tasks=30, seed=6, now=NOW), Sandbox(tasks=30, seed=6, now=NOW)
    assert one.task_ids == two.task_ids
    assert len(set(one.task_ids)) == 30
    assert Sandbox(tasks=30, seed=7, now=NOW).task_ids != one.task_ids


def test_the_same_seed_and_now_are_served_alike() -> None:
    bodies = []
    for _ in range(2):
        with Sandbox(tasks=10, seed=6, now=NOW) as sandbox:
            headers = {"x-api-key": sandbox.api_key}
            answer = requests.get(f"{sandbox.base_url}/v1/tasks", headers=headers, timeout=10)
            bodies.append(answer.json()["data"])
    assert bodies[0] == bodies[1]


def test_keys_differ_from_run_to_run_and_show_nowhere() -> None:
    one, two = Sandbox(tasks=1), Sandbox(tasks=1)
    keys = {one.api_key, one.second_api_key, two.api_key, two.second_api_key}
    assert len(keys) == 4
    with one:
        shown = repr(one)
        assert shown == f"<Sandbox on {one.base_url}>"
    assert repr(one) == f"<Sandbox on {one.base_url}, stopped>"
    assert repr(two) == "<Sandbox, not started>"


def test_it_listens_on_loopback_and_a_free_port() -> None:
    with Sandbox(tasks=1) as one, Sandbox(tasks=1) as two:
        assert one.base_url.startswith("http://127.0.0.1:")
        assert one.base_url != two.base_url


def test_a_given_port_and_one_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Sandbox(tasks=1, port=port).start()
    with Sandbox(tasks=1, port=port) as sandbox:
        assert sandbox.base_url == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("host", "starts"),
    [
        ("0.0.0.0", "http://127.0.0.1:"),  # noqa: S104 - all interfaces is what is tested
        ("::1", "http://[::1]:"),
    ],
)
def test_other_hosts(host: str, starts: str) -> None:
    try:
        sandbox = Sandbox(tasks=2, host=host).start()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    headers = {"x-api-key": sandbox.api_key}
    answer = requests.get(f"{sandbox.base_url}/v1/tasks?take=1", headers=headers, timeout=10)
    sandbox.stop()
    assert sandbox.base_url.startswith(starts)
    assert answer.json()["links"]["next"].startswith(f"{sandbox.base_url}/tasks?")


def test_before_the_start_there_is_no_address() -> None:
    with pytest.raises(RuntimeError, match="start it, or use it in a `with` statement"):
        _ = Sandbox(tasks=1).base_url


def test_it_starts_once_and_stops_as_often_as_asked() -> None:
    sandbox = Sandbox(tasks=1)
    sandbox.stop()
    with sandbox:
        sandbox.stop()
    with pytest.raises(RuntimeError, match="was started before"):
        sandbox.start()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tasks": -1}, "tasks=-1: give a number of 0 or more"),
        ({"order": "random"}, "order='random': give 'newest' or 'oldest'"),
        ({"now": datetime(2026, 11, 20)}, "has no time zone"),  # noqa: DTZ001 - what is shown
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sandbox(**options)


def test_faults_may_be_a_mapping_and_may_change() -> None:
    sandbox = Sandbox(tasks=1, faults={"slow": 0.5})
    assert sandbox.faults == Faults(slow=0.5)
    sandbox.faults = {"reset": 0.1}
    assert sandbox.faults == Faults(reset=0.1)
    sandbox.faults = None
    assert sandbox.faults is None
    assert sandbox.subscribed


def test_the_client_has_the_address_and_the_key() -> None:
    with Sandbox(tasks=3) as sandbox, sandbox.client(cache=False) as client:
        frame = client.fetch_tasks(sandbox.task_ids)
        assert sorted(frame["task_id"].unique()) == sorted(sandbox.task_ids)
        with sandbox.client(cache=False, api_key=sandbox.second_api_key) as other:
            assert not set(other.list_tasks()["task_id"]) & set(sandbox.task_ids)


def test_without_its_packages_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("scandoc_analytics.sandbox.app"):
            raise ModuleNotFoundError(name="starlette")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"scandoc_analytics\[sandbox\]"):
        Sandbox(tasks=1).start()


def test_a_program_ends_though_the_sandbox_runs_and_needs_no_server_to_be_imported() -> None:
    program = """
import sys
from scandoc_analytics.sandbox import Faults, Sandbox
sandbox = Sandbox(tasks=2)
print([name for name in ("starlette", "uvicorn", "PIL", "requests") if name in sys.modules])
sandbox.start()
"""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


def test_a_stopped_sandbox_leaves_no_warning() -> None:
    program = """
import json, threading, urllib.request
from scandoc_analytics.sandbox import Sandbox
with Sandbox(tasks=2) as sandbox:
    key = {"x-api-key": sandbox.api_key}
    asked = urllib.request.Request(sandbox.base_url + "/v1/tasks", headers=key)
    with urllib.request.urlopen(asked) as answer:
        tasks = json.load(answer)["data"]
    file_id = "file_x"
    sandbox.load([{"id": file_id, "type": "application/pdf", "properties": {"size": 5000}}])
    asked.full_url = sandbox.base_url + "/v1/files/file_x/download"
    with urllib.request.urlopen(asked) as answer:
        size = len(answer.read())
print(json.dumps([len(tasks), size, [t.name for t in threading.enumerate()]]))
"""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    assert ended.stderr == ""
    assert json.loads(ended.stdout) == [2, 5000, ["MainThread"]]
