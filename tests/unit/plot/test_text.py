"""Labels: what the service says is drawn as it is, on few lines, without a warning."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from scandoc_analytics import units
from scandoc_analytics.plot import _text


@pytest.mark.parametrize(
    ("text", "width", "lines", "shown"),
    [
        ("scan", 10, 1, "scan"),
        ("detect-documents", 8, 1, "detect-…"),
        ("could not be read", 9, 2, "could not\nbe read"),
        ("could not be read at all", 9, 2, "could not\nbe read…"),
        ("failed: 8.2 %", 11, 2, "failed:\n8.2 %"),
        ("12 files, 3.4 MB in all", 12, 2, "12 files,\n3.4 MB in a…"),
        ("abcdefghijkl", 5, 2, "abcde\nfghi…"),
        ("a  b\n\tc", 20, 1, "a b c"),
        ("", 5, 1, ""),
        ("契約書をスキャン", 8, 1, "契約書…"),
        ("$x_1$ \\frac{", 20, 1, "$x_1$ \\frac{"),
    ],
)
def test_fitted(text: str, width: int, lines: int, shown: str) -> None:
    assert _text.fitted(text, width, lines) == shown


@given(st.text(max_size=60), st.integers(4, 30), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_fitted_keeps_to_its_room(text: str, width: int, lines: int) -> None:
    for shown in (_text.fitted(text, width, lines), _text.ends(text, width, lines)):
        assert shown.count("\n") < lines
        assert all(units.columns(line) <= width for line in shown.split("\n"))


def test_long_texts_cost_little() -> None:
    assert _text.drawable("a" * 1_000_000) == "a" * 400


def test_a_sign_without_a_font_is_a_square_and_a_joiner_is_nothing() -> None:
    assert _text.drawable("a\U0010fffdb") == "a\N{REPLACEMENT CHARACTER}b"
    assert _text.drawable("a\U00012000b") == "a□b"
    assert _text.drawable("\U00012000\U000e0100") == "□"
    assert _text.drawable("שלום") == "שלום"


def test_mathematics_is_left_to_others() -> None:
    figure = Figure()
    text = figure.text(0, 0, "")
    _text.write(text, "$x_1$ and $\\frac{")
    figure.draw_without_rendering()
    assert text.get_text() == "$x_1$ and $\\frac{"
    assert not text.get_parse_math()


def test_names_of_groups() -> None:
    assert _text.name_of(["scan", 3]) == "scan · 3"
    assert _text.name_of([None]) == "(none)"
    assert _text.name_of([""]) == "(empty)"
    assert _text.name_of([]) == "all"
    assert _text.name_of([pd.Timestamp("2026-10-01T08:00Z")]) == "2026-10-01 08:00"


def test_further_fonts_are_named_only_where_they_are_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def has(family: str, sign: str) -> bool:
        return family == "Noto Sans Thai" if sign == "ก" else family == "sans-serif"

    monkeypatch.setattr(_text, "_has", has)
    assert _text.style("é") == {"parse_math": False, "usetex": False}
    assert _text.style("éก")["fontfamily"] == ["sans-serif", "Noto Sans Thai"]
