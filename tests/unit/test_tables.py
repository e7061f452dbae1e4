"""Result tables as people read them."""

from __future__ import annotations

import pandas as pd
import pytest

from scandoc_analytics import schema, tables


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "operation": pd.Series(["extract-text", None], dtype=schema.STR),
            "tasks": [1234, 1],
            "share": [0.9994, 0.0006],
            "bytes_total": pd.Series([3_400_000, None], dtype="Int64"),
            "seconds_p50": [150.0, float("nan")],
            "ratio_p50": [0.12345, 2.0],
            "created_at": pd.Series(
                [pd.Timestamp("2026-11-23T20:43:05Z"), pd.NaT], dtype=schema.TIME
            ),
            "small": [True, False],
        }
    )


def test_units_follow_the_names(table: pd.DataFrame) -> None:
    assert tables.humanise(table).to_dict("list") == {
        "operation": ["extract-text", "–"],
        "tasks": ["1,234", "1"],
        "share": ["99.9 %", "0.1 %"],
        "bytes_total": ["3.4 MB", "–"],
        "seconds_p50": ["2.5 min", "–"],
        "ratio_p50": ["0.123", "2"],
        "created_at": ["2026-11-23 20:43", "–"],
        "small": ["yes", "no"],
    }


def test_numbers_stand_to_the_right(table: pd.DataFrame) -> None:
    assert tables.as_text(table[["operation", "tasks", "small"]], width=80) == (
        "operation     tasks  small\n"
        "extract-text  1,234  yes\n"
        "–                 1  no"
    )  # fmt: skip


def test_the_widest_text_is_cut_first() -> None:
    table = pd.DataFrame(
        {
            "reason": ["The file could not be decoded: it ends in the middle"],
            "task": ["task_0123456789abcdef"],
            "tasks": [12],
        }
    )
    assert tables.as_text(table, width=50) == (
        "reason                task                   tasks\n"
        "The file could not …  task_0123456789abcdef     12"
    )


@pytest.mark.parametrize("width", [1, 20, 30, 40, 60, 200])
def test_no_number_is_ever_cut(table: pd.DataFrame, width: int) -> None:
    text = tables.as_text(table, width=width)
    for number in ("1,234", "99.9 %", "3.4 MB", "2.5 min", "0.123"):
        assert number in text


def test_lines_fit_where_the_columns_allow() -> None:
    table = pd.DataFrame({"a": ["x" * 300], "b": ["y" * 200], "n": [5]})
    for width in (30, 80, 120):
        assert all(len(line) <= width for line in tables.as_text(table, width=width).splitlines())


def test_no_heading_is_ever_cut() -> None:
    table = pd.DataFrame({"param_target_format": ["image/jpeg"], "reason": ["x" * 90]})
    head, row = tables.as_text(table, width=40).splitlines()
    assert head.split() == ["param_target_format", "reason"]
    assert row == "image/jpeg           " + "x" * 18 + "…"


def test_ids_stay_whole_while_a_longer_text_can_be_cut() -> None:
    table = pd.DataFrame({"id": ["task_0123456789abcdef"], "error": ["no page " * 9]})
    assert tables.as_text(table, width=34).splitlines()[1] == "task_0123456789abcdef  no page no…"
    assert tables.as_text(table, width=20).splitlines()[1] == "task_0123…  no page…"


def test_wide_signs_take_two_columns() -> None:
    table = pd.DataFrame({"name": ["契約書", "契約書をスキャンして"], "n": [1, 2]})
    assert tables.as_text(table, width=13).splitlines() == [
        "name        n",
        "契約書      1",
        "契約書を…   2",
    ]


def test_hostile_text_does_nothing_to_the_terminal() -> None:
    table = pd.DataFrame({"name": ["\x1b]0;gotcha\x07 two\nlines"], "n": [1]})
    text = tables.as_text(table, width=80)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert len(text.splitlines()) == 2


def test_no_rows() -> None:
    table = pd.DataFrame({"status": pd.Series([], dtype=schema.STR), "tasks": []})
    assert tables.as_text(table, width=80) == "status  tasks\n(no rows)"
    assert list(tables.humanise(table).columns) == ["status", "tasks"]
