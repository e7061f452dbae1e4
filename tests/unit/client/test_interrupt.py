"""An interrupt stops at once and keeps what has arrived."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.unit.client.test_secrets import all_shown
from tests.unit.conftest import KEY, Reply, Service, completed

if TYPE_CHECKING:
    import pandas as pd


def interrupt_after(service: Service, requests: int) -> None:
    def wait_and_interrupt() -> None:
        while len(service.requests) < requests:
            time.sleep(0.01)
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait_and_interrupt, daemon=True).start()


def test_in_a_batch(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i:03}") for i in range(100)))
    # The first hangs, so that those after it have arrived but cannot be given yet.
    service.script[f"/v1/tasks/{ids[0]}"].append(Reply(wait_s=8))
    service.latency_s = 0.02
    client = service.make_client(workers=4)
    interrupt_after(service, 30)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        client.fetch_tasks(ids)
    assert time.monotonic() - start < 6
    frame: pd.DataFrame = caught.value.frame  # type: ignore[attr-defined]
    assert 5 <= len(frame) < 100
    assert frame["task_id"].is_monotonic_increasing
    assert frame["status"].eq("completed").all()
    assert "is in the `frame` of this error" in caught.value.__notes__[0]
    assert KEY not in all_shown(caught.value)
    asked = len(service.requests)
    service.forget_requests()
    time.sleep(0.2)
    assert len(service.requests) <= 4
    assert client.fetch_tasks(frame["task_id"])["from_cache"].all()
    assert asked < 90


def test_in_a_list(service: Service) -> None:
    service.page_size = 2
    service.add(*(completed(f"task_{i:03}") for i in range(100)))
    service.latency_s = 0.05
    interrupt_after(service, 5)
    with pytest.raises(KeyboardInterrupt) as caught:
        service.make_client().list_tasks()
    frame: pd.DataFrame = caught.value.frame  # type: ignore[attr-defined]
    assert 2 <= len(frame) < 100


@pytest.mark.parametrize("reply", [Reply(wait_s=8), Reply(429, headers={"Retry-After": "50"})])
def test_one_task(service: Service, reply: Reply) -> None:
    service.script["*"].append(reply)
    interrupt_after(service, 1)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        service.make_client().task("task_a")
    assert time.monotonic() - start < 6
    assert KEY not in all_shown(caught.value)
