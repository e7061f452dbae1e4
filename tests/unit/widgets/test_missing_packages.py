"""What is said where the packages of an extra are not installed."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from scandoc_analytics import MissingExtraError, TaskExplorer, widgets
from scandoc_analytics.widgets import explorer as explorer_module
from scandoc_analytics.widgets.preview import thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def test_widgets_name_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(MissingExtraError, match=r"A widget needs .*scandoc_analytics\[widgets\]"):
        importlib.reload(widgets)


def test_a_preview_of_a_pdf_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError, match=r"A preview needs .*\[widgets\]"):
        thumbnail(b"%PDF-1.7")
    png = io.BytesIO()
    Image.new("RGB", (5, 5)).save(png, "PNG")
    assert thumbnail(png.getvalue()).startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_drawn_says_what_to_install(
    small: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, until: Callable[..., None]
) -> None:
    def missing(*_: object) -> bytes:
        feature = "Drawing plots"
        raise MissingExtraError(feature, "plot")

    monkeypatch.setattr(explorer_module, "picture", missing)
    explorer = TaskExplorer(small)
    explorer.view.value = "Status"
    until(lambda: "scandoc_analytics[plot]" in explorer.picture.value)
