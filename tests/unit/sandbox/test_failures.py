from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.sandbox.failures import by_chance, by_input, chosen_pages
from scandoc_analytics.sandbox.operations import OPERATIONS
from scandoc_analytics.sandbox.records import File

PDF = File("file_p", "p", "application/pdf", {"size": 9000, "page_count": 18}, None, 0)
PNG = File("file_i", "i", "image/png", {"size": 9000, "width": 40, "height": 30}, None, 0)
LINE = [{"x": n * 10, "y": n * 10} for n in range(4)]
PARAMETERS: dict[str, Any] = {"format": "plain", "vertices": LINE, "pages": "17-25"}


@pytest.mark.parametrize(
    ("operation", "one", "error", "details"),
    [
        ("split", PNG, "Input is not a PDF.", {"input": "file_i", "type": "image/png"}),
        ("render", PNG, "Input is not a PDF.", {"input": "file_i", "type": "image/png"}),
        ("scan", PDF, "Input is not an image.", {"input": "file_p", "type": "application/pdf"}),
        ("warp", PNG, "Vertices do not form a quadrilateral.", {"vertices": 4, "area": 0}),
        (
            "extract-pages",
            PDF,
            "Page range exceeds document length.",
            {"requested": "17-25", "page_count": 18},
        ),
    ],
)
def test_an_input_that_cannot_do(
    operation: str, one: File, error: str, details: dict[str, Any]
) -> None:
    failure = by_input(operation, PARAMETERS, [one])
    assert failure is not None
    assert (failure.error, failure.details) == (error, details)


@pytest.mark.parametrize(
    ("operation", "one"), [("merge", PDF), ("merge", PNG), ("scan", PNG), ("split", PDF)]
)
def test_an_input_that_does(operation: str, one: File) -> None:
    assert by_input(operation, {}, [one]) is None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_chance_fails_now_and_then(operation: str) -> None:
    rng = random.Random(3)  # noqa: S311 - chance that repeats
    drawn = [by_chance(rng, operation, {}, [PNG, PDF]) for _ in range(2000)]
    failures = [one for one in drawn if one is not None]
    assert 8 <= len(failures) <= 160
    assert all(one.error.endswith(".") for one in failures)


def test_fine_prints_and_schemas_fail_more_often() -> None:
    def failed(operation: str, parameters: dict[str, Any]) -> int:
        rng = random.Random(3)  # noqa: S311 - chance that repeats
        drawn = [by_chance(rng, operation, parameters, [PDF]) for _ in range(2000)]
        return sum(one is not None for one in drawn)

    assert failed("render", {"dpi": 600}) > 3 * failed("render", {"dpi": 300})
    assert failed("extract-text", {"format": "json"}) > 2 * failed("extract-text", {})


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("3", [3]),
        ("4-6", [4, 5, 6]),
        ("1,5,18", [1, 5, 18]),
        (" 1 , 4-5", [1, 4, 5]),
        ("0", None),
        ("19", None),
        ("17-25", None),
        ("6-4", None),
        ("", None),
        ("a", None),
        ("1-", [1]),
        ("-3", None),
        ("٣", None),
        ("1" * 5000, None),
        (",".join(["1-18"] * 9000), None),
    ],
)
def test_pages_chosen_of_eighteen(text: str, pages: list[int] | None) -> None:
    assert chosen_pages(text, 18) == pages


@given(st.text(max_size=12))
def test_any_text_is_a_choice_or_none(text: str) -> None:
    pages = chosen_pages(text, 18)
    assert pages is None or all(1 <= page <= 18 for page in pages)
