"""Several processes on one file, and one that is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import KEY, Service, completed

if TYPE_CHECKING:
    from pathlib import Path

FETCH = """
import sys
from scandoc_analytics.client import Client
url, folder, count, workers = sys.argv[1:]
ids = [f"task_{i:05}" for i in range(int(count))]
client = Client(sys.stdin.readline().strip(), url, cache=folder, workers=int(workers))
print("ready", flush=True)
sys.stdin.readline()
frame = client.fetch_tasks(ids)
assert frame["task_id"].tolist() == ids, "order"
assert frame["status"].eq("completed").all(), frame["fetch_error"].dropna().iloc[0]
print("done", flush=True)
"""


def start(service: Service, folder: Path, count: int, workers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", FETCH, service.base_url, str(folder)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [*command, str(count), str(workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    child.stdin.write(f"{KEY}\n")
    child.stdin.flush()
    return child


def begin(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("\n")
    child.stdin.flush()


def test_killed_in_the_middle_of_5000_ids(service: Service, tmp_path: Path) -> None:
    ids = service.add(*(completed(f"task_{i:05}") for i in range(5000)))
    with start(service, tmp_path / "kept", 5000, 8) as child:
        begin(child)
        while len(service.requests) < 600:
            time.sleep(0.005)
        child.kill()
    before = len(service.requests)
    assert 600 <= before < 5000
    client = service.make_client(workers=8)
    assert client.cache.info().tasks >= before - 8
    assert client.fetch_tasks(ids[: before + 200])["status"].eq("completed").all()
    counted = service.count()
    assert max(counted.values()) <= 2
    assert sum(count - 1 for count in counted.values()) <= 8


EIGHT = """
import os, sys
from scandoc_analytics.client import Client
url, folder, count = sys.argv[1:]
keys = sys.stdin.readline().split()
ids = [f"task_{i:05}" for i in range(int(count))]
children = []
for number in range(8):
    child = os.fork()
    if not child:
        key = keys[number % 2]
        frame = Client(key, url, cache=folder, workers=2).fetch_tasks(ids)
        good = frame["task_id"].tolist() == ids and frame["status"].eq("completed").all()
        os._exit(0 if good else 7)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
print(codes)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_eight_processes_of_two_accounts_in_one_folder(service: Service, tmp_path: Path) -> None:
    other_key = "sk_second_account"
    service.keys.add(other_key)
    ids = service.add(*(completed(f"task_{i:05}") for i in range(60)))
    command = [sys.executable, "-W", "error", "-c", EIGHT, service.base_url, str(tmp_path / "kept")]
    keys = f"{KEY} {other_key}\n"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [*command, "60"], input=keys, capture_output=True, text=True, check=False, timeout=90
    )
    assert done.stdout == "[0, 0, 0, 0, 0, 0, 0, 0]\n", done.stderr
    for key in (KEY, other_key):
        # Nobody was given what another account had been told.
        asked = {path for path, headers in service.requests if headers["x-api-key"] == key}
        assert len(asked) == 60
    service.forget_requests()
    for key in (KEY, other_key):
        client = service.make_client(api_key=key)
        assert client.cache.info().tasks == 60
        assert client.fetch_tasks(ids)["from_cache"].all()
    assert service.requests == []
