"""How a flat frame is compared with rows that were written by hand."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def _module(name: str) -> ModuleType:
    # The import mode of the test suite puts no folder of tests on the path.
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _rows_of(task: dict[str, Any], files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**task, **file} for file in files or [{}]]


@pytest.fixture(scope="session")
def expected() -> dict[str, list[dict[str, Any]]]:
    """Name of an example to the rows that it must become."""
    by_hand: dict[str, Any] = {
        **_module("expected_images").IMAGES,
        **_module("expected_texts").TEXTS,
        **_module("expected_pdfs").PDFS,
    }
    return {name: _rows_of(task, files) for name, (task, files) in by_hand.items()}


@pytest.fixture(scope="session")
def expected_pages() -> dict[str, list[str]]:
    """Name of a list page to the examples that show the tasks on it."""
    pages: dict[str, list[str]] = _module("expected_pages").PAGES
    return pages


@pytest.fixture(scope="session")
def cells() -> Callable[[pd.DataFrame], list[dict[str, Any]]]:
    """The cells of a frame that are not missing, as plain Python values, row by row."""
    return _cells


def _cells(frame: pd.DataFrame) -> list[dict[str, Any]]:
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    return [
        {
            str(name): json.loads(str(cell)) if name == "extra" else cell
            for name, cell in record.items()
            if isinstance(cell, list) or not (cell is None or pd.isna(cell))
        }
        for record in frame.to_dict("records")
    ]
