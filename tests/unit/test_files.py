"""Files are there whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scandoc_analytics.files import whole_file

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_takes_its_place_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    with whole_file(target) as unfinished:
        unfinished.write_text("new")
        assert unfinished.suffix == ".html"
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")

    def write() -> None:
        with whole_file(target) as unfinished:
            unfinished.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
