"""The card of a task, as HTML and as text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scandoc_analytics.card import Neighbour, card_html, card_text
from scandoc_analytics.card.facts import read_facts

NOW = datetime(2026, 1, 20, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[31m\"'&"
#: "Well under 50 kB", whatever the payload.
MOST_BYTES = 40_000


class Page(HTMLParser):
    """What a browser would make of a card: tags, attributes, and visible text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data + "\n"


ALLOWED_TAGS = {"style", "article", "header", "section", "div", "h4", "p", "pre", "span"}
ALLOWED_TAGS |= {"strong", "code", "dl", "dt", "dd", "ul", "li"}
ALLOWED_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ALLOWED_ATTRIBUTES = {"class", "aria-label", "aria-hidden", "scope", "dir"}


def test_a_completed_task_as_text(examples: dict[str, Any]) -> None:
    card = card_text(
        examples["task-split-completed"],
        fetched_at=NOW - timedelta(hours=3),
        from_cache=True,
        before=[Neighbour("task_a", "merge", "completed")],
        after=[Neighbour("task_b", "render", "failed"), Neighbour("task_c")],
        now=NOW,
    )
    assert card.splitlines() == [
        "✓ completed  split  task_fxasjo0mgsbnfj1c",
        "  created  2025-12-15 19:05 UTC (35 d ago)",
        "  took     4 s",
        "  input    file_v595to36uhaullf6",
        "  name     Minutes page",
        "  files:",
        "    Minutes page 1  application/pdf  25.1 kB  1 page  file_axlsbfimhftu38ge",
        "    Minutes page 2  application/pdf  24.1 kB  1 page  file_fh5z1zk2te6opq94",
        "    Minutes page 3  application/pdf  31.8 kB  1 page  file_oecs45d1c1qcskir",
        "    Minutes page 4  application/pdf  19.9 kB  1 page  file_92m0aqb0xe84396d",
        "  before: task_a  merge  completed",
        "  after: task_b  render  failed",
        "  after: task_c",
        "  From the cache, fetched 3 h ago (2026-01-19 21:00 UTC)",
    ]


def test_a_failed_task_as_text(examples: dict[str, Any]) -> None:
    assert card_text(examples["task-merge-failed"], now=NOW).splitlines() == [
        "✗ failed  merge  task_8h77zs23mhvsiykh",
        "  created  2025-11-17 13:12 UTC (63 d ago)",
        "  took     7 s",
        "  input    file_v595to36uhaullf6, file_tv4rne3amyae9xhp",
        "  error: One or more inputs could not be read.",
        "    {",
        '      "failed_inputs": [',
        '        "file_tv4rne3amyae9xhp"',
        "      ],",
        '      "index": 1',
        "    }",
    ]


def test_extracted_text_and_detected_documents_as_text(examples: dict[str, Any]) -> None:
    text = card_text(examples["task-extract-text-completed"], now=NOW)
    assert "  text: 121 characters of markdown\n    # Café des Halles\n" in text
    found = card_text(examples["task-detect-documents-completed"], now=NOW)
    assert "  found 2 documents: 802 × 1,130 px, 791 × 1,088 px\n" in found + "\n"


def test_a_task_under_way_says_when_it_changed_last(examples: dict[str, Any]) -> None:
    facts = read_facts(examples["task-warp-pending"], now=NOW)
    assert (facts.mark, facts.status, facts.kind) == ("…", "pending", "pending")
    assert facts.times == [
        ("created", "2025-12-02 15:32 UTC (48 d ago)"),
        ("last change", "2025-12-02 15:32 UTC (48 d ago)"),
    ]


def test_an_unknown_status_has_a_mark_of_its_own(examples: dict[str, Any]) -> None:
    facts = read_facts(examples["task-unknown-status"], now=NOW)
    assert (facts.mark, facts.status, facts.kind) == ("?", "canceled", "unknown")
    assert facts.others == [("reason", "user")]


def test_a_detection_called_convert_is_a_detection(examples: dict[str, Any]) -> None:
    facts = read_facts(examples["task-detect-documents-completed--typed-convert"], now=NOW)
    assert facts.operation == "detect-documents"
    assert read_facts(examples["task-convert-completed"], now=NOW).operation == "convert"


def test_members_that_no_part_names_are_shown_too(examples: dict[str, Any]) -> None:
    facts = read_facts(examples["task-convert-completed--extra-fields"], now=NOW)
    assert facts.others == [
        ("progress", "100"),
        ("region", "eu-west"),
        ("cost", '{"credits": 1}'),
        ("warnings", "icc profile dropped"),
    ]


@pytest.mark.parametrize(
    ("fetched_at", "from_cache", "expected"),
    [
        (None, None, ""),
        (None, True, "From the cache"),
        (NOW, False, "From the service, fetched just now (2026-01-20 00:00 UTC)"),
        (NOW, None, "Fetched just now (2026-01-20 00:00 UTC)"),
    ],
)
def test_the_card_says_where_it_comes_from(
    fetched_at: datetime | None,
    from_cache: bool | None,  # noqa: FBT001 - a parameter of the test
    expected: str,
) -> None:
    facts = read_facts({}, fetched_at=fetched_at, from_cache=from_cache, now=NOW)
    assert facts.source == expected


def test_an_empty_payload_says_what_is_missing() -> None:
    assert card_text({}, now=NOW) == "? status unknown  operation unknown  no id"
    assert card_text([1], now=NOW) == "? status unknown  operation unknown  no id"


def test_a_failure_without_a_reason_says_so() -> None:
    assert card_text({"id": "a", "status": "failed", "result": None}, now=NOW).splitlines() == [
        "✗ failed  operation unknown  a",
        "  error: no reason given",
    ]


def test_members_of_a_wrong_type_are_shown_as_they_came() -> None:
    task = {"id": 5, "status": ["x"], "parameters": "p", "result": 7, "created_at": 1}
    facts = read_facts(task, now=NOW)
    assert (facts.task_id, facts.status, facts.times) == ("5", '["x"]', [])
    assert facts.others == [("parameters", "p"), ("result", "7")]


def test_wrong_sizes_are_left_out() -> None:
    files = [
        {"name": 5, "type": None, "properties": {"size": "big", "width": 3, "page_count": 1.0}},
        "no object",
    ]
    facts = read_facts({"result": {"generated_files": files, "documents": [{"bounding_box": 1}]}})
    assert [tuple(vars(file).values()) for file in facts.files] == [
        ("5", "type unknown", "", "1 page", ""),
        ("no name", "type unknown", "", "", ""),
    ]
    assert facts.found == "1 document"


def test_long_lists_are_cut_and_counted() -> None:
    task = {
        "status": "failed",
        "parameters": {f"p{number}": number for number in range(14)},
        "result": {
            "generated_files": [{"id": f"f{number}"} for number in range(13)],
            "documents": [{"bounding_box": {"width": 1, "height": 2}}] * 7,
            "details": list(range(40)),
            "content": "line\n" * 30,
        },
    }
    around = [Neighbour(f"t{number}") for number in range(7)]
    facts = read_facts(task, before=around, after=around[:5], now=NOW)
    assert (len(facts.parameters), facts.more_parameters) == (12, 2)
    assert (len(facts.files), facts.more_files) == (12, 1)
    assert (len(facts.details), facts.more_details) == (14, 28)
    assert (len(facts.text), facts.more_text) == (14, 16)
    assert (len(facts.before.shown), facts.before.more) == (5, 2)
    assert (len(facts.after.shown), facts.after.more) == (5, 0)
    assert facts.found == "7 documents: " + ", ".join(["1 × 2 px"] * 5) + ", …"
    text = card_text(task, before=around, now=NOW)
    page = Page(card_html(task, before=around, now=NOW)).text
    for line in ("and 2 more parameters", "and 1 more file", "and 28 more lines", "2 more tasks"):
        assert line in text
        assert line in page
    assert "13 files" in page


def test_the_page_holds_what_the_text_holds(examples: dict[str, Any]) -> None:
    for name, task in examples.items():
        if name.startswith("task-"):
            page = Page(card_html(task, now=NOW, fetched_at=NOW)).text
            facts = read_facts(task, now=NOW, fetched_at=NOW)
            expected = [facts.status, facts.operation, facts.task_id, facts.source]
            expected += [text for pair in facts.times + facts.parameters for text in pair]
            expected += [file.name for file in facts.files] + facts.text + facts.details
            assert [text for text in expected if text not in page] == []


def test_the_status_is_a_word_and_a_mark() -> None:
    card = card_html({"id": "a", "status": "failed"})
    assert '<span class="status failed"><span aria-hidden="true">✗</span> failed</span>' in card


def hostile_task(status: str) -> dict[str, Any]:
    """A task that is hostile in every member, and large."""
    text = HOSTILE * 200
    return {
        "id": text,
        "operation": text,
        "status": status,
        "parameters": {f"{HOSTILE}{number}": text for number in range(99)},
        "created_at": text,
        "callback_url": "javascript:alert(1)",
        "result": {
            "error": text,
            "details": {text: [text] * 99},
            "content": text * 9,
            "format": text,
            "documents": [{"bounding_box": {"width": text, "height": 10**400}}] * 99,
            "generated_files": [
                {"id": text, "name": text, "type": text, "properties": {"size": 10**400}}
            ]
            * 99,
        },
        text: text,
    }


@pytest.mark.parametrize("status", ["failed", "completed", HOSTILE])
def test_hostile_text_does_nothing(status: str) -> None:
    around = [Neighbour(HOSTILE, HOSTILE, HOSTILE)] * 99
    card = card_html(hostile_task(status), before=around, after=around, now=NOW)
    page = Page(card)
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", card)
    assert page.open == []


@pytest.mark.parametrize("sign", ['"', "\N{PILE OF POO}", "&", "ア"])
def test_the_card_is_small_whatever_the_payload(sign: str) -> None:
    task = json.loads(json.dumps(hostile_task("failed")).replace(json.dumps(HOSTILE)[1:-1], "x"))
    bulk = json.loads(json.dumps(task).replace("x", json.dumps(sign, ensure_ascii=False)[1:-1]))
    around = [Neighbour(sign * 999, sign * 999, sign * 999)] * 99
    card = card_html({**bulk, "status": "failed"}, before=around, after=around, now=NOW)
    assert len(card.encode()) < MOST_BYTES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
MEMBERS = ["id", "operation", "parameters", "status", "result", "callback_url", "created_at"]
INSIDE = ["error", "details", "documents", "generated_files", "content", "format"]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(MEMBERS), JSON),
    st.dictionaries(st.sampled_from(INSIDE), JSON | st.lists(st.just({"properties": {}}))),
    st.sampled_from(["failed", "completed", "pending", None, 5]),
)
def test_no_payload_breaks_the_card(
    task: dict[str, Any], result: dict[str, Any], status: Any
) -> None:
    page = Page(card_html({**task, "result": result, "status": status}))
    assert set(page.tags) <= ALLOWED_TAGS
    assert card_text(task).count("\n") < 100
