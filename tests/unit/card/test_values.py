"""Values of any type as short inert texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scandoc_analytics.card.values import (
    ago,
    as_mapping,
    as_size,
    as_text,
    as_time,
    listed,
    moment,
    pretty,
)

NOW = datetime(2026, 1, 14, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [
        (None, 9, ""),
        ("two\nlines", 20, "two lines"),
        ("x" * 1_000_000, 5, "xxxx…"),
        ("a\u202eb\x00", 9, "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
        (True, 9, "true"),
        (1.5, 9, "1.5"),
        ({"a": ["ü"]}, 20, '{"a": ["ü"]}'),
        (float("nan"), 9, "NaN"),
        ("\ud800", 9, "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_any_value_is_a_short_inert_text(value: Any, most: int, expected: str) -> None:
    assert as_text(value, most) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["file_a", "file_b"], "file_a, file_b"),
        (["file_a", "file_b", "file_c", "file_d"], "file_a, file_b and 2 more"),
        ([{"x": 0, "y": 9000}, {"x": 1.25, "y": 10}], "(0, 9000), (1.25, 10)"),
        (["x" * 99, "y"], "x" * 27 + " and 1 more"),
        ([], ""),
        ({"x": 1, "y": 2}, {"x": 1, "y": 2}),
        (["a", ""], ["a", ""]),
        (["a", None], ["a", None]),
        ([{"x": 1, "y": -2}], [{"x": 1, "y": -2}]),
        ([{"x": 1, "y": 2, "z": 3}], [{"x": 1, "y": 2, "z": 3}]),
        ([{"x": 1, "y": 10**400}], [{"x": 1, "y": 10**400}]),
    ],
)
def test_lists_show_whole_items_and_count_the_others(value: Any, expected: Any) -> None:
    assert listed(value, 26) == expected


def test_a_number_that_is_too_long_to_write_is_named_by_its_type() -> None:
    assert as_text(10**5000, 9) == "int"


def test_a_deeply_nested_value_is_named_by_its_type() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert as_text(deep, 20) == "list"


def test_first_lines_keep_their_shape_and_the_others_are_counted() -> None:
    text = "# Head\n\n    code\n" + "\n".join("abc" for _ in range(10))
    assert pretty(text, lines=4, most=100) == (["# Head", "", "    code", "abc"], 13)


def test_lines_stop_when_there_is_no_room_left() -> None:
    assert pretty("aaaa\nbbbb\ncccc", lines=9, most=6) == (["aaaa", "b…"], 3)


@pytest.mark.parametrize("value", ["5", None, True, -1, float("nan"), float("inf"), 2**63, []])
def test_what_is_no_size_is_none(value: Any) -> None:
    assert as_size(value) is None


def test_a_size_may_be_whole_or_not() -> None:
    assert (as_size(0), as_size(7), as_size(790.75)) == (0, 7, 790.75)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-14T20:00:00Z", NOW),
        ("2026-01-14T21:00:00+01:00", NOW),
        ("2026-01-14T20:00:00", NOW),
        ("0001-01-01T00:00:00+23:00", None),
        ("yesterday", None),
        (1736884800, None),
    ],
)
def test_a_moment_is_in_utc(value: Any, expected: datetime | None) -> None:
    assert as_time(value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"),
        (-4, "just now"),
        (16.4, "16 s ago"),
        (90, "1.5 min ago"),
        (3_000, "50 min ago"),
        (15 * 3600 + 29, "15 h ago"),
        (35.2 * 86_400, "35 d ago"),
        (-7_200, "in 2 h"),
    ],
)
def test_an_age_has_two_digits(seconds: float, expected: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == expected


def test_a_moment_is_shown_in_utc() -> None:
    assert moment(NOW.astimezone(timezone(timedelta(hours=5)))) == "2026-01-14 20:00 UTC"


def test_only_an_object_is_a_mapping() -> None:
    assert as_mapping({"a": 1}) == {"a": 1}
    assert as_mapping([1]) == {}
