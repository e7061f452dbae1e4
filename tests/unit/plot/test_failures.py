"""Failures: reasons, rates and their intervals."""

from __future__ import annotations

import pytest

from scandoc_analytics import plot, schema
from tests.unit.plot import pictures


def _failed(number: int, reason: str | None, **members: object) -> dict[str, object]:
    result = {} if reason is None else {"error": reason}
    return pictures.task(number, status="failed", result=result, **members)


def test_reasons() -> None:
    texts = ["Timed out.", "Page 9 does not exist.", "Page 31 does not exist.", None]
    payloads = [_failed(n, text) for n, text in enumerate(texts)]
    ax = plot.failures(pictures.frame(*payloads, pictures.task(9)))
    assert pictures.title(ax) == "4 failed tasks by reason"
    assert pictures.rows(ax) == ["Page <n> does not exist.", "(no reason given)", "Timed out."]
    assert pictures.bars(ax) == [[2, 1, 1]]
    assert pictures.notes(ax) == ["2, 50.0 %", "1, 25.0 %", "1, 25.0 %"]
    pictures.legible(ax)


def test_long_reasons_are_wrapped_and_cut() -> None:
    ax = plot.failures(pictures.frame(_failed(1, "the file cannot be opened " * 200)))
    (label,) = pictures.rows(ax)
    assert label.startswith("the file cannot be opened the\n")
    assert label.endswith("…")
    assert label.count("\n") == 1
    pictures.legible(ax)


def test_reasons_without_room_share_a_bar() -> None:
    letters = [chr(97 + n // 26) + chr(97 + n % 26) for n in range(40)]
    payloads = [_failed(n, f"reason {letters[n]}") for n in range(40)]
    ax = plot.failures(pictures.frame(*payloads))
    assert pictures.rows(ax)[-1] == "11 other reasons"
    assert pictures.bars(ax) == [[1.0] * 29 + [11.0]]
    assert pictures.notes(ax)[-1] == "11, 27.5 %"
    pictures.legible(ax)


def test_rate_by_operation_unless_told_otherwise() -> None:
    payloads = [pictures.task(n) for n in range(9)] + [_failed(9, "x")]
    payloads += [pictures.task(10, operation="warp"), pictures.task(11, status="pending")]
    flat = pictures.frame(*payloads)
    ax = plot.failure_rate(flat)
    assert pictures.title(ax) == "1 of 11 settled tasks failed: 9.1 %"
    assert pictures.rows(ax) == ["scan\n1 of 10 failed", "warp\n0 of 1 failed"]
    assert ax.lines[0].get_xdata() == pytest.approx([0.1, 0])
    # Wilson's interval of 1 in 10 at 95 %, as published tables have it: 1.79 % to 40.42 %.
    (low, high), _ = [sorted(segment[:, 0]) for segment in ax.collections[0].get_segments()]  # type: ignore[attr-defined]
    assert (low, high) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    pictures.legible(ax)
    assert pictures.rows(plot.failure_rate(flat, by=[])) == ["all\n1 of 11 failed"]


def test_rate_groups_without_room_are_counted() -> None:
    payloads = [pictures.task(n, operation=f"operation {n:02}") for n in range(40)]
    ax = plot.failure_rate(pictures.frame(*payloads))
    assert pictures.rows(ax)[-1] == "and 11 more groups\nnot drawn"


def test_rate_over_time_has_a_gap_where_nothing_settled() -> None:
    payloads = [
        pictures.task(1),
        _failed(2, "x"),
        pictures.task(3, created_at="2026-10-03T08:00:00Z"),
        pictures.task(4, created_at=None),
    ]
    ax = plot.failure_rate(pictures.frame(*payloads), every="1d")
    assert pictures.title(ax) == "Share of settled tasks that failed, per day of creation"
    assert ax.lines[0].get_ydata() == pytest.approx([0.5, float("nan"), 0], nan_ok=True)
    assert pictures.footer(ax).endswith(" · 1 without a time of creation")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["10-01", "10-02", "10-03"]
    pictures.legible(ax)


def test_rate_by_a_group_and_a_period_is_too_much() -> None:
    with pytest.raises(ValueError, match=r"by='operation' and every='1d' make more lines"):
        plot.failure_rate(schema.empty_frame(), by="operation", every="1d")


def test_nothing_is_said_to_be_nothing() -> None:
    none = schema.empty_frame()
    assert pictures.notes(plot.failures(none)) == ["no failed tasks"]
    assert pictures.notes(plot.failure_rate(none)) == ["no settled tasks"]
    assert pictures.notes(plot.failure_rate(none, every="1d")) == ["no settled tasks"]
    undated = pictures.frame({"id": "a", "status": "failed"})
    assert pictures.notes(plot.failure_rate(undated, every="1d")) == [
        "no settled task has a time of creation"
    ]
