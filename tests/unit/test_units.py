"""Human units: what is shown, at the edges too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics import units


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1024, "1.02 kB"),
        (999_949, "1 MB"),
        (999_499, "999 kB"),
        (3_400_000, "3.4 MB"),
        (12_345_678, "12.3 MB"),
        (7.5e9, "7.5 GB"),
        (2e15, "2 PB"),
        (5e18, "5000 PB"),
        (-1500, "−1.5 kB"),
    ],
)
def test_bytes(size_bytes: float, text: str) -> None:
    assert units.bytes_text(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.0004, "0 s"),
        (0.125, "0.125 s"),
        (1, "1 s"),
        (59.94, "59.9 s"),
        (60, "1 min"),
        (150, "2.5 min"),
        (3600, "1 h"),
        (86_400 * 12, "12 d"),
        (-90, "−1.5 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert units.duration_text(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0.0 %"), (0.0004, "<0.1 %"), (0.0005, "0.1 %"), (0.5, "50.0 %"), (1, "100.0 %")],
)
def test_shares(share: float, text: str) -> None:
    assert units.share_text(share) == text


def test_counts_and_times() -> None:
    assert units.count_text(0) == "0"
    assert units.count_text(1_234_567.0) == "1,234,567"
    assert units.time_text(datetime(2026, 11, 23, tzinfo=UTC)) == "2026-11-23"
    assert units.time_text(datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC)) == "2026-11-23 00:00"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("reçu café 契約書", "reçu café 契約書"),
        ("a\tb\r\nc", "a b  c"),
        ("\x1b[31mred", "�[31mred"),
        ("abc\u202edcba", "abc�dcba"),
        ("half \ud800", "half �"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert units.plain(text) == shown


@given(st.text())
def test_plain_leaves_nothing_that_acts(text: str) -> None:
    shown = units.plain(text)
    assert len(shown) == len(text)
    assert units.plain(shown) == shown
    assert not any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in shown)


@given(st.text(), st.integers(1, 40))
def test_cut_keeps_the_beginning(text: str, most: int) -> None:
    shown = units.cut(text, most)
    assert len(shown) <= most
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45s", timedelta(seconds=45)),
        ("90min", timedelta(minutes=90)),
        (" 12 h ", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
        ("1.5w", timedelta(days=10.5)),
    ],
)
def test_lengths_of_time_are_read(text: str, length: timedelta) -> None:
    assert units.parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "soon", "30", "-1d", "1 month", "1dd", "nan s"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no length of time"):
        units.parse_duration(text)
