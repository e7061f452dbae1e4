"""How much is kept, in words, and how old is too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scandoc_analytics.service.housekeeping import CacheInfo, moment_us
from scandoc_analytics.service.store import Totals

INFO = CacheInfo.of(
    "/home/<ana>/x.sqlite", Totals(1234, 2_100_000, 1_000_000, 1_763_931_123_123_456)
)


def test_as_text() -> None:
    assert str(INFO).splitlines() == [
        "path           /home/<ana>/x.sqlite",
        "tasks          1,234",
        "size           2.1 MB",
        "oldest answer  1970-01-01 00:00:01 UTC",
        "newest answer  2025-11-23 20:52:03 UTC",
    ]
    assert INFO.summary == "1,234 tasks (2.1 MB)"
    assert INFO.newest == datetime(2025, 11, 23, 20, 52, 3, 123456, tzinfo=UTC)


def test_in_a_notebook() -> None:
    html = INFO._repr_html_()
    assert html.startswith("<table><tr>")
    assert "/home/&lt;ana&gt;/x.sqlite" in html
    assert "<ana>" not in html


@pytest.mark.parametrize(
    ("size", "summary"),
    [
        (0, "1 task (0 B)"),
        (999, "1 task (999 B)"),
        (1000, "1 task (1 kB)"),
        (1_500_000_000, "1 task (1.5 GB)"),
        (2_500_000_000_000_000, "1 task (2.5 PB)"),
    ],
)
def test_sizes(size: int, summary: str) -> None:
    info = CacheInfo.of("x", Totals(1, size, None, None))
    assert info.summary == summary
    assert str(info).endswith("none")


@pytest.mark.parametrize(
    ("age", "length"),
    [
        ("30d", timedelta(days=30)),
        (" 12 h ", timedelta(hours=12)),
        ("90min", timedelta(minutes=90)),
        ("1.5w", timedelta(days=10.5)),
        ("45s", timedelta(seconds=45)),
        (timedelta(days=2), timedelta(days=2)),
    ],
    ids=str,
)
def test_ages(age: Any, length: timedelta) -> None:
    now = datetime.now(UTC).timestamp()
    assert abs(moment_us(age) / 1e6 - (now - length.total_seconds())) < 60


def test_moments() -> None:
    assert moment_us(datetime(2026, 11, 1)) == 1_793_491_200_000_000  # noqa: DTZ001 - naive is UTC
    berlin = timezone(timedelta(hours=1))
    assert moment_us(datetime(2026, 11, 1, 1, tzinfo=berlin)) == 1_793_491_200_000_000


@pytest.mark.parametrize(
    "age", ["30", 30, "", "d", "-3d", "3 fortnights", None, timedelta(-1), "9e9d", "999999999999d"]
)
def test_ages_that_are_none(age: Any) -> None:
    with pytest.raises(ValueError, match="is no length of time and no moment: give one such as"):
        moment_us(age)
