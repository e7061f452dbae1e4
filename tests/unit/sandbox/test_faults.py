from __future__ import annotations

import math
import time
from collections import Counter
from typing import Any

import pytest

from scandoc_analytics.sandbox.faults import SHARES, Bucket, Faults, RateLimit


def test_no_faults_hit_nothing() -> None:
    assert {Faults().draw("GET", "/v1/tasks", b"", n) for n in range(200)} == {None}


def test_a_share_of_one_hits_every_attempt() -> None:
    faults = Faults(reset=1.0)
    assert {faults.draw("GET", "/v1/tasks", b"", n) for n in range(200)} == {"reset"}


def test_shares_are_kept() -> None:
    faults = Faults(server_error=0.2, empty=0.3)
    drawn = Counter(faults.draw("GET", f"/v1/tasks/task_{n}", b"", 1) for n in range(4000))
    assert set(drawn) == {"server_error", "empty", None}
    assert drawn["server_error"] == pytest.approx(800, abs=100)
    assert drawn["empty"] == pytest.approx(1200, abs=110)


def test_a_draw_depends_on_seed_request_and_attempt_alone() -> None:
    one, other = Faults(slow=0.5, seed=1), Faults(slow=0.5, seed=2)
    tasks = [("GET", "/v1/tasks", b"take=1", n) for n in range(64)]
    assert [one.draw(*task) for task in tasks] == [one.draw(*task) for task in tasks]
    assert [one.draw(*task) for task in tasks] != [other.draw(*task) for task in tasks]
    posts = [("POST", *task[1:]) for task in tasks]
    assert [one.draw(*task) for task in tasks] != [one.draw(*task) for task in posts]
    assert len({one.draw(*task) for task in tasks}) == 2


def test_mixed_has_every_kind_in_equal_parts() -> None:
    mixed = Faults.mixed(0.22, seed=9)
    assert [getattr(mixed, name) for name in SHARES] == pytest.approx([0.02] * 11)
    assert (mixed.seed, mixed.hang_s) == (9, 2.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"slow": -0.1}, "slow=-0.1: give a number of 0 or more"),
        ({"hang_s": math.inf}, "hang_s=inf: give a number of 0 or more"),
        ({"slow": math.nan}, "slow=nan: give a number of 0 or more"),
        ({"slow": 0.6, "reset": 0.6}, "the shares of the faults add up to 1.2: make it 1 or less"),
    ],
)
def test_shares_that_cannot_be(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Faults(**arguments)


@pytest.mark.parametrize(
    ("seconds", "headers"),
    [
        (2.0, {"Retry-After": "2"}),
        (0.05, {"retry-after-ms": "50"}),
        (1.5, {"retry-after-ms": "1500"}),
    ],
)
def test_how_long_to_wait(seconds: float, headers: dict[str, str]) -> None:
    assert Faults(wait_s=seconds).wait_headers() == headers


@pytest.mark.parametrize(
    ("header", "headers"),
    [
        ("retry-after", {"Retry-After": "1"}),
        ("retry-after-ms", {"retry-after-ms": "250"}),
        (None, {}),
    ],
)
def test_a_rate_limit(
    header: Any, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bucket = Bucket(RateLimit(requests_per_second=4, burst=2, header=header))
    assert [bucket.take(), bucket.take(), bucket.take()] == [None, None, headers]
    now[0] += 0.25
    assert [bucket.take(), bucket.take()] == [None, headers]
    now[0] += 60
    assert [bucket.take(), bucket.take(), bucket.take()] == [None, None, headers]


@pytest.mark.parametrize("arguments", [{"requests_per_second": 0}, {"burst": 0}])
def test_a_rate_limit_that_cannot_be(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give a rate above 0 and a burst of 1 or more"):
        RateLimit(**({"requests_per_second": 5.0} | arguments))
