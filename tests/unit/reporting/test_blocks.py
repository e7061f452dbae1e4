"""The pieces of the report, without a notebook."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics import plot
from scandoc_analytics.reporting import blocks


def words(block: blocks.Block) -> list[str]:
    return [text for text in re.split(r"<[^>]*>", block._repr_html_()) if text.strip()]


@pytest.fixture
def frame() -> pd.DataFrame:
    done = {"operation": "scan", "created_at": "2026-01-05T10:00:00Z"}
    files = [{"id": "file_a", "properties": {"size": 3_400_000}}, {"id": "file_b"}]
    return sda.flatten(
        [
            {
                **done,
                "id": "task_a",
                "status": "completed",
                "updated_at": "2026-01-05T10:02:30Z",
                "result": {"generated_files": files},
            },
            {**done, "id": "task_b", "status": "failed", "updated_at": "2026-01-05T10:02:30Z"},
            {**done, "id": "task_c", "status": "pending", "updated_at": "2026-01-05T12:00:00Z"},
        ]
    )


def test_headline(frame: pd.DataFrame) -> None:
    assert words(blocks.headline(frame)) == [
        *("3", "tasks"),
        *("50.0 %", "failed", "95 % interval 9.5\N{NO-BREAK SPACE}% to 90.5\N{NO-BREAK SPACE}%"),
        *("1", "unsettled", "the oldest for 2\N{NO-BREAK SPACE}h"),
        *("3.4 MB", "in generated files", "2 files"),
        *("2.5 min", "p95 duration", "95 of 100 settled tasks took less"),
    ]


def test_headline_against_an_earlier_frame(frame: pd.DataFrame) -> None:
    told = words(blocks.headline(frame, frame.iloc[:2]))
    assert [text for text in told if text.startswith("before")] == [
        "before: 1",
        "before: 0.0 %",
        "before: 0",
        "before: 3.4 MB",
        "before: 2.5 min",
    ]


def test_headline_of_nothing() -> None:
    told = words(blocks.headline(sda.flatten([])))
    assert told[:2] == ["0", "tasks"]
    assert "nothing has settled" in told
    assert "0 B" in told
    assert told[-3:] == ["–", "p95 duration", "no duration is known"]


def test_title_says_what_it_is_about(frame: pd.DataFrame) -> None:
    assert words(blocks.title("A & B", frame)) == [
        "A &amp; B",
        *("3 tasks", " · ", "created 2026-01-05 UTC"),
    ]
    assert words(blocks.title("x", frame, frame.iloc[:0]))[-2:] == ["Compared with: ", "0 tasks"]


def test_table_is_escaped_and_in_human_units() -> None:
    table = pd.DataFrame({"reason": ["<b>", "y" * 300], "bytes_total": [1500, 2_000_000]})
    html = blocks.table(table)._repr_html_()
    assert "&lt;b&gt;" in html
    assert "1.5 kB" in html
    assert ">size total</th>" in html
    assert "y" * 159 + "…" in html
    assert '<td class="long">' in html
    assert '<td class="number">' in html


def test_an_empty_table_is_a_sentence() -> None:
    assert words(blocks.table(pd.DataFrame({"a": []}), empty="None & nothing.")) == [
        "None &amp; nothing."
    ]
    assert blocks.table(pd.DataFrame({"a": []}), empty="")._repr_html_() == ""


def test_an_empty_picture_is_a_sentence(frame: pd.DataFrame) -> None:
    assert words(blocks.picture(plot.failures, frame.iloc[:1], what="x")) == ["No failed tasks."]


def test_change_since_an_earlier_table() -> None:
    now = pd.DataFrame({"status": ["completed", "failed", "new", "same"], "tasks": [12, 3, 5, 7]})
    before = pd.DataFrame({"status": ["completed", "failed", "same"], "tasks": [10, 4, 7]})
    table = blocks.with_change(now, before, keys=["status"], value="tasks")
    assert table["tasks_change"].tolist() == ["+2 (+20%)", "−1 (−25%)", "new", "±0"]
    assert blocks.with_change(now, None, keys=["status"], value="tasks") is now


def test_what_is_no_more_is_told() -> None:
    frame = sda.flatten([{"id": "a", "status": "failed", "result": {"error": "Now."}}])
    before = sda.flatten(
        [{"id": name, "status": "failed", "result": {"error": "Then."}} for name in "bc"]
    )
    now, then = (sda.failure_reasons(held) for held in (frame, before))
    table = blocks.with_change(now, then, keys=["reason"], value="tasks")
    assert table["reason"].tolist() == ["Now.", "Then."]
    assert table["tasks_change"].tolist() == ["new", "gone (was 2)"]
    shown = words(blocks.table(table))
    assert "gone (was 2)" in shown
    assert not {"nan", "NaT", "None", "<NA>"}.intersection(shown)


def test_what_was_nothing_is_not_told_to_be_gone() -> None:
    now = pd.DataFrame({"operation": ["scan"], "pending": [1]})
    before = pd.DataFrame({"operation": ["split", "warp"], "pending": [0, None]})
    table = blocks.with_change(now, before, keys=["operation"], value="pending")
    assert table["pending_change"].tolist() == ["new"]


def test_change_of_sizes_has_their_unit() -> None:
    now = pd.DataFrame({"file_type": ["a", "b"], "bytes_total": [3_000_000, None]})
    before = pd.DataFrame({"file_type": ["a", "b"], "bytes_total": [0, 5]})
    table = blocks.with_change(now, before, keys=["file_type"], value="bytes_total")
    assert table["bytes_total_change"].tolist() == ["+3 MB", "–"]
    assert "size total change" in words(blocks.table(table))
    assert "+3 MB" in words(blocks.table(table))


def test_picture_is_sharp_and_described(frame: pd.DataFrame) -> None:
    html = blocks.picture(plot.status_mix, frame, what='Tasks "by" status')._repr_html_()
    assert '<img alt="Tasks &quot;by&quot; status" src="data:image/png;base64,' in html


@pytest.mark.parametrize(
    ("last", "word"),
    [
        ("2026-01-01T20:00:00Z", "1h"),
        ("2026-01-31T00:00:00Z", "1d"),
        ("2026-12-31T00:00:00Z", "1w"),
        ("2029-01-01T00:00:00Z", "1mo"),
    ],
)
def test_the_period_fits_the_span(last: str, word: str) -> None:
    tasks = [{"id": "a", "created_at": "2026-01-01T00:00:00Z"}, {"id": "b", "created_at": last}]
    assert blocks.fitting_period(sda.flatten(tasks)) == word
    assert blocks.fitting_period(sda.flatten([])) == "1h"
