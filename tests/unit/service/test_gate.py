"""All workers wait when one is told to, and requests leave no faster than asked for."""

from __future__ import annotations

import threading
import time

import pytest

from scandoc_analytics.errors import RateLimitError
from scandoc_analytics.service.gate import Gate
from tests.unit.conftest import Reply, Service, completed


def test_an_open_gate_holds_nobody() -> None:
    gate = Gate()
    start = time.monotonic()
    for _ in range(100):
        gate.enter(threading.Event())
    assert time.monotonic() - start < 0.5


def test_after_a_429_nobody_passes_until_the_wait_is_over_and_then_one_by_one() -> None:
    gate = Gate()
    left_at = gate.enter(threading.Event())
    gate.close(0.2, left_at=left_at)
    closed_at = time.monotonic()
    passed: list[float] = []

    def pass_through() -> None:
        passed.append(gate.enter(threading.Event()) - closed_at)

    workers = [threading.Thread(target=pass_through) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # Each has a moment before which it does not pass; a busy machine may only make it later.
    assert all(left >= 0.19 + 0.02 * place for place, left in enumerate(sorted(passed)))


def test_requests_leave_no_closer_together_than_asked_for() -> None:
    gate = Gate(requests_per_second=50)
    left: list[float] = []

    def pass_through() -> None:
        left.append(gate.enter(threading.Event()))

    workers = [threading.Thread(target=pass_through) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    first, *others = sorted(left)
    assert all(later - first >= 0.0199 * place for place, later in enumerate(others, 1))


def test_only_news_makes_the_workers_keep_more_distance() -> None:
    gate = Gate()
    left_at = gate.enter(threading.Event())
    for _ in range(8):
        gate.close(0.05, left_at=left_at)
    assert gate._spacing_s == 0.02
    gate.close(0.05, left_at=time.monotonic())
    assert gate._spacing_s == 0.04
    # Not further apart than the wait that was asked for.
    gate.close(0.05, left_at=time.monotonic())
    assert gate._spacing_s == 0.05
    for _ in range(20):
        gate.succeeded()
    assert gate._spacing_s == 0.0


def test_a_wait_that_is_too_long_is_told_to_everybody() -> None:
    gate = Gate()
    gate.close(3600.0, left_at=time.monotonic())
    with pytest.raises(RateLimitError, match=r"wait 1 h ") as caught:
        gate.enter(threading.Event())
    assert caught.value.retry_after_s == 3600.0


def test_stop_opens_the_gate() -> None:
    gate = Gate(requests_per_second=0.01)
    stop = threading.Event()
    gate.enter(stop)
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()
    gate.enter(stop)
    assert time.monotonic() - start < 5


def test_slots_that_are_not_used_hold_nobody_up() -> None:
    gate = Gate(requests_per_second=0.01)
    stop = threading.Event()
    gate.enter(stop)
    waiting = [threading.Thread(target=gate.enter, args=(stop,)) for _ in range(8)]
    for worker in waiting:
        worker.start()
    stop.set()
    for worker in waiting:
        worker.join()
    # The slot of the one that left is used up, and no other.
    assert gate._next_slot - time.monotonic() < 101


@pytest.mark.parametrize("requests_per_second", [None, 25])
def test_all_workers_wait_when_one_is_told_to(
    service: Service, requests_per_second: float | None
) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(12)))
    service.latency_s = 0.02
    service.script[f"/v1/tasks/{ids[4]}"].append(Reply(429, headers={"Retry-After": "1"}))
    client = service.make_client(workers=4, requests_per_second=requests_per_second)
    frame = client.fetch_tasks(ids)
    assert frame["fetch_error"].isna().all()
    told_at = service.moments[service.paths.index(f"/v1/tasks/{ids[4]}")] + 0.02
    # What was under way already arrives; after that nobody asks for a second.
    assert not [moment for moment in service.moments if told_at + 0.1 < moment < told_at + 0.9]


def test_requests_per_second(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(8)))
    client = service.make_client(requests_per_second=20)
    client.fetch_tasks(ids)
    assert service.moments[-1] - service.moments[0] >= 0.3
    start = time.monotonic()
    client.fetch_tasks(ids)
    assert time.monotonic() - start < 0.3
    assert len(service.requests) == 8


def test_a_429_uses_up_no_retry_while_the_service_answers_others(service: Service) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(60)))
    service.latency_s = 0.03
    service.script[f"/v1/tasks/{ids[0]}"].extend([Reply(429)] * 4)
    frame = service.make_client(workers=8, retries=2).fetch_tasks(ids)
    assert frame["fetch_error"].isna().all()
    assert service.count()[f"/v1/tasks/{ids[0]}"] == 5
