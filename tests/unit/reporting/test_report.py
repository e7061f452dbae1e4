"""The report: one self-contained HTML file, and nothing where something went wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics import reporting
from scandoc_analytics.config import KEY_ENV

if TYPE_CHECKING:
    from pathlib import Path

# Jupyter's own machinery warns about itself in ways that differ with its version.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client")


def task(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"task_{number:016}",
        "operation": "scan",
        "parameters": {"input": f"file_in{number}"},
        "status": "completed",
        "result": {
            "generated_files": [
                {
                    "id": f"file_{number:016}",
                    "name": f"page {number}",
                    "type": "image/png",
                    "properties": {"size": 1000 * number, "width": 10, "height": 20},
                }
            ]
        },
        "created_at": f"2026-01-{number:02}T10:00:00Z",
        "updated_at": f"2026-01-{number:02}T10:00:{number:02}Z",
        **changes,
    }


HOSTILE = "<script>alert(1)</script>"
HOSTILE_TASKS = [
    task(1, operation=HOSTILE, status="failed", result={"error": f'"{HOSTILE}"', "details": {}}),
    task(2, operation="=cmd()", status="</style><img src=x onerror=alert(2)>"),
    task(3, operation="x" * 5000),
    task(4, operation="\u202etxt.exe", parameters={"name": HOSTILE}),
]


def tags(html: str) -> set[str]:
    return set(re.findall(r"<([a-z0-9]+)", html.lower()))


def test_a_report_with_all_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_ENV, "sk_never_shown_4711")
    now = sda.flatten([task(n) for n in range(1, 9)])
    before = sda.flatten([task(n) for n in range(1, 5)])
    path, book = tmp_path / "r.html", tmp_path / "r.xlsx"
    written = sda.report(now, path, title="Our <month>", compare=before, tables=book)
    assert written == path
    html = path.read_text(encoding="utf-8")
    assert "<title>Our &lt;month&gt;</title>" in html
    assert "<h1>Our &lt;month&gt;</h1>" in html
    assert "Compared with: <span>4 tasks" in html
    assert "before: 4" in html
    for heading in ("Status mix", "Throughput", "Durations", "Failures", "Sizes", "Backlog"):
        assert f">{heading}<" in html
    # Nothing is loaded from anywhere, and nothing would run.
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:image/png)""", html)
    assert "script" not in tags(html)
    assert "default-src 'none'" in html
    assert "sk_never_shown_4711" not in html
    # No task failed, which a sentence says.
    assert html.count("data:image/png;base64,") == 4
    assert len(html) < 2_000_000
    sheets = pd.read_excel(book, sheet_name=None)
    assert sheets["status mix"]["tasks"].tolist() == [8]
    assert sheets["largest"]["file_size_bytes"].tolist() == [1000 * n for n in range(8, 0, -1)]
    assert list(sheets) == [
        "status mix",
        "throughput",
        "durations",
        "failure rate",
        "failure reasons",
        "sizes",
        "backlog",
        "slowest",
        "largest",
        "coverage",
    ]


def test_hostile_texts_are_inert(tmp_path: Path) -> None:
    path = sda.report(sda.flatten(HOSTILE_TASKS), tmp_path / "r.html", title=HOSTILE)
    html = path.read_text(encoding="utf-8")
    assert "script" not in tags(html)
    assert "onerror=" not in re.sub(r">[^<]*<", "><", html)
    assert "\u202e" not in html
    assert "x" * 200 not in re.sub(r"base64,[^\"]*", "", html)


def test_no_tasks_at_all(tmp_path: Path) -> None:
    html = sda.report(sda.flatten([]), tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h1>Scan Documents tasks</h1>" in html
    assert "nothing has settled" in html
    assert "No failed tasks." in html
    assert "<img" not in html


def test_a_changed_template(tmp_path: Path) -> None:
    template = reporting.copy_template(tmp_path / "mine.ipynb")
    with pytest.raises(FileExistsError):
        reporting.copy_template(template)
    notebook: Any = nbformat.read(template, as_version=4)
    notebook.cells = notebook.cells[:2]
    notebook.cells[1].source = "blocks.table(sda.status_mix(frame))"
    notebook.cells.append(nbformat.v4.new_markdown_cell("A *closing* word."))
    nbformat.write(notebook, template)
    frame = sda.flatten([task(1)])
    html = sda.report(frame, tmp_path / "r.html", template=template).read_text(encoding="utf-8")
    assert "<em>closing</em>" in html
    assert "Status mix" not in html
    notebook.cells[1].source = "frame['no such column']"
    nbformat.write(notebook, template)
    old = (tmp_path / "r.html").read_bytes()
    with pytest.raises(sda.ScandocError, match=r"cell 2 .*KeyError.*no such column"):
        sda.report(frame, tmp_path / "r.html", template=template)
    assert (tmp_path / "r.html").read_bytes() == old
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".r")]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"path": "r.pdf"}, ValueError, r"\.html"),
        ({"path": "nowhere/r.html"}, FileNotFoundError, "no folder"),
        ({"path": "r.html", "tables": "t.csv"}, ValueError, r"\.xlsx"),
        ({"path": "r.html", "template": "none.ipynb"}, FileNotFoundError, "copy_template"),
    ],
)
def test_what_cannot_be_written_is_said_first(
    options: dict[str, str], error: type[Exception], says: str, tmp_path: Path
) -> None:
    paths: dict[str, Any] = {name: tmp_path / value for name, value in options.items()}
    with pytest.raises(error, match=says):
        sda.report(sda.flatten([]), **paths)
    assert list(tmp_path.iterdir()) == []


def test_a_template_has_to_be_a_notebook(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.ipynb"):
        reporting.copy_template(tmp_path / "mine.html")
