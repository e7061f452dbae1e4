from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.sandbox.records import Clock, File, encode, moment_ms, new_id, read_ms, stamp

NOON_MS = 1_795_176_000_000  # 2026-11-20T12:00:00Z


def test_an_id_has_the_form_of_the_service() -> None:
    rng = random.Random(1)  # noqa: S311 - made-up ids
    ids = [new_id(rng, kind) for kind in ("task", "file", "event") for _ in range(200)]
    assert len(set(ids)) == 600
    assert all(re.fullmatch(r"(task|file|event)_[a-z0-9]{16}", one) for one in ids)


def test_a_stamp_with_and_without_milliseconds() -> None:
    assert stamp(NOON_MS, millis=True) == "2026-11-20T12:00:00.000Z"
    assert stamp(NOON_MS - 1, millis=True) == "2026-11-20T11:59:59.999Z"
    assert stamp(NOON_MS - 1, millis=False) == "2026-11-20T11:59:59Z"


@given(st.integers(0, 4_000_000_000_000))
def test_a_stamp_reads_back(ms: int) -> None:
    assert read_ms(stamp(ms, millis=True)) == ms
    assert read_ms(stamp(ms, millis=False)) == ms - ms % 1000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-11-20T13:00:00+01:00", NOON_MS),
        ("2026-11-20T12:00:00", NOON_MS),
        ("2026-11-20T12:00:00.25Z", NOON_MS + 250),
        ("soon", None),
        (None, None),
        (1795176000, None),
    ],
)
def test_a_moment_is_read(text: object, ms: int | None) -> None:
    assert read_ms(text) == ms


def test_a_moment_in_another_zone() -> None:
    moment = datetime(2026, 11, 20, 13, tzinfo=timezone(timedelta(hours=1)))
    assert moment_ms(moment) == moment_ms(moment.astimezone(UTC)) == NOON_MS


def test_a_clock_runs_on() -> None:
    clock = Clock(NOON_MS)
    first = clock.now_ms()
    assert NOON_MS <= first <= clock.now_ms() < NOON_MS + 60_000


def test_a_file_as_the_service_shows_it() -> None:
    one = File("file_a", "n", "image/png", {"size": 1, "width": 2, "height": 3}, None, NOON_MS)
    assert encode(one.payload(millis=False)) == (
        b'{"id":"file_a","name":"n","type":"image/png",'
        b'"properties":{"size":1,"width":2,"height":3},'
        b'"task_id":null,"created_at":"2026-11-20T12:00:00Z"}'
    )


@pytest.mark.parametrize(("told", "pages"), [({}, 1), ({"page_count": 7}, 7)])
def test_pages_of_a_file(told: dict[str, int], pages: int) -> None:
    assert File("f", "", "", told, None, 0).pages == pages


@pytest.mark.parametrize(("told", "pages"), [(0, 1), (10**12, 20_000)])
def test_pages_that_cannot_be_are_bounded(told: int, pages: int) -> None:
    assert File("f", "", "application/pdf", {"page_count": told}, None, 0).pages == pages
