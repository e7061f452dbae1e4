"""Filters, and the code that makes the same selection."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scandoc_analytics.widgets.filters import Filters, code_for, filter_frame, parse_size

if TYPE_CHECKING:
    from typing import Any

PDF, PNG = "application/pdf", "image/png"

CASES: list[tuple[Filters, str]] = [
    (Filters(), "abcdef"),
    (Filters(statuses=("completed",)), "ab"),
    (Filters(statuses=("failed", "pending")), "cd"),
    (Filters(statuses=("failed", "not fetched")), "cf"),
    (Filters(statuses=("unheard of",)), ""),
    (Filters(operations=("scan",)), "ac"),
    (Filters(operations=("scan", "redact"), statuses=("failed",)), "c"),
    (Filters(since=date(2026, 10, 2)), "bcd"),
    (Filters(until=date(2026, 10, 2)), "ab"),
    (Filters(since=date(2026, 10, 3), until=date(2026, 10, 3)), "cd"),
    (Filters(since=date.min, until=date.max), "abcd"),
    (Filters(file_types=(PDF,)), "b"),
    (Filters(file_types=(PNG,)), "ab"),
    (Filters(file_types=(PNG,), least_bytes=100), "a"),
    (Filters(least_bytes=5_000), "ab"),
    (Filters(most_bytes=10), "b"),
    (Filters(least_bytes=11, most_bytes=999), ""),
    (Filters(words="INVOICE"), "b"),
    (Filters(words="straße"), "a"),
    (Filters(words="file_1"), "ab"),
    (Filters(words="thumb invoice"), "b"),
    (Filters(words="=cmd()"), "b"),
    (Filters(words="not"), "cf"),
    (Filters(words="not image."), "c"),
    (Filters(words="task_b"), "bd"),
    (Filters(words="""it's "quoted" \\ \n"""), ""),
]


def run(code: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The selection that copied code makes."""
    names: dict[str, Any] = {"frame": frame, "pd": pd}
    exec(code, names)  # noqa: S102 - it is what users do with it
    selection = names["selection"]
    assert isinstance(selection, pd.DataFrame)
    return selection


@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_filters_choose_tasks(filters: Filters, expected: str, small: pd.DataFrame) -> None:
    selection = filter_frame(small, filters)
    assert "".join(selection["task_id"].str[-1].unique()) == expected
    # A task keeps all of its rows.
    assert len(selection) == sum(3 if letter == "b" else 1 for letter in expected)


@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_the_code_makes_the_same_selection(
    filters: Filters,
    expected: str,
    small: pd.DataFrame,
    empty: pd.DataFrame,
) -> None:
    code = code_for(filters)
    assert "".join(run(code, small)["task_id"].str[-1].unique()) == expected
    pd.testing.assert_frame_equal(run(code, small), filter_frame(small, filters))
    pd.testing.assert_frame_equal(run(code, empty), empty)
    assert filter_frame(empty, filters).empty


@settings(max_examples=25, deadline=None)
@given(
    words=st.text(max_size=12),
    statuses=st.lists(st.text(max_size=5), max_size=2),
    size=st.none() | st.integers(0, 10**7),
    day=st.none() | st.dates(date(2026, 9, 29), date(2026, 10, 5)),
)
def test_any_filters_make_code_that_agrees(
    words: str, statuses: list[str], size: int | None, day: date | None, small: pd.DataFrame
) -> None:
    filters = Filters(words=words, statuses=tuple(statuses), least_bytes=size, until=day)
    code = code_for(filters)
    assert code.isascii()
    pd.testing.assert_frame_equal(run(code, small), filter_frame(small, filters))


def test_the_code_reads_well() -> None:
    filters = Filters(
        statuses=("failed", "not fetched"),
        since=date(2026, 10, 1),
        until=date(2026, 10, 31),
        file_types=(PDF,),
        least_bytes=1_000,
        most_bytes=2_000,
        words="Invoice invoice",
    )
    files = [
        'files = frame["file_type"].isin(["application/pdf"])',
        'frame["file_size_bytes"].ge(1000).fillna(False)',
        'frame["file_size_bytes"].le(2000).fillna(False)',
    ]
    columns = [
        'frame["input_ids"].str.join(" ")',
        'frame["param_name"]',
        'frame["error"]',
        'frame["fetch_error"]',
        'frame["file_id"]',
        'frame["file_name"]',
    ]
    text = f'text = frame["task_id"].str.cat([{", ".join(columns)}], sep=" ", na_rep="")'
    found = 'text.str.contains("invoice", regex=False)'
    assert code_for(filters).splitlines() == [
        'chosen = frame["task_id"].notna()',
        'chosen &= frame["status"].isin(["failed", "not fetched"]) | frame["fetch_error"].notna()',
        'chosen &= frame["created_at"] >= "2026-10-01"',
        'chosen &= frame["created_at"] <= "2026-10-31 23:59:59.999999"',
        " & ".join(files),
        'chosen &= frame["task_id"].isin(frame.loc[files, "task_id"])',
        f"{text}.str.lower()",
        f'chosen &= frame["task_id"].isin(frame.loc[{found}, "task_id"])',
        "selection = frame[chosen]",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("0", 0),
        ("500 kB", 500_000),
        ("1.5MB", 1_500_000),
        (".5 g", 500_000_000),
        ("2,048 B", 2_048),
        ("1 TB", 10**12),
    ],
)
def test_sizes_as_people_write_them(text: str, expected: int | None) -> None:
    assert parse_size(text) == expected


@pytest.mark.parametrize("text", ["big", "-1", "1 MiB", "1 2", "1e3", "NaN"])
def test_what_is_no_size_says_what_would_do(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no size: write 500 kB, 1\.5 MB or a number of bytes"):
        parse_size(text)


def test_no_filter_is_not_active() -> None:
    assert not Filters().active
    assert Filters(least_bytes=0).active
