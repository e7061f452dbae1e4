"""Each notebook, and each Python block of the README, runs from a clean kernel."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: A notebook that takes longer teaches nobody.
MOST_SECONDS = 120

nbformat = pytest.importorskip("nbformat", reason="needs the extra `report`")
nbclient = pytest.importorskip("nbclient", reason="needs the extra `report`")

# Jupyter's own machinery warns about itself in ways that differ with its version.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def first_code(notebook: Any) -> str:
    return next(str(cell.source) for cell in notebook.cells if cell.cell_type == "code")


def run(notebook: Any, folder: Path) -> Any:
    client = nbclient.NotebookClient(
        notebook,
        timeout=MOST_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    # The kernel is a process of its own: only what it is given does it see of ours.
    return client.execute(env={**os.environ, "SCANDOC_CACHE_DIR": str(folder / "cache")})


def test_there_are_four() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stripped_and_valid(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_the_first_cell_is_the_same_in_all() -> None:
    first = {first_code(read(path)) for path in NOTEBOOKS}
    assert len(first) == 1
    assert "SCAN_DOCUMENTS_API_KEY" in first.pop()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path: Path, tmp_path: Path) -> None:
    ran = run(read(path), tmp_path)
    for cell in ran.cells:
        for output in cell.get("outputs", []):
            # A warning in a teaching notebook is a defect of the notebook or of the package.
            assert not (output.output_type == "stream" and output.name == "stderr"), output.text


def test_readme_blocks_run(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    assert blocks
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in blocks])
    run(notebook, tmp_path)
