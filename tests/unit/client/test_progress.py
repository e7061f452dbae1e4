"""A bar for people who wait, and nothing for everybody else."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from scandoc_analytics.client import progress
from scandoc_analytics.client.progress import Progress
from tests.unit.conftest import Service, completed


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE_S", -1.0)


def work(wanted: bool | None, total: int | None = 3) -> None:  # noqa: FBT001 - what is tested
    with Progress(total, unit="task", wanted=wanted) as bar:
        for _ in range(3):
            bar.add()


def test_short_work_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    work(True)  # noqa: FBT003
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("impatient")
def test_long_work_has_one_where_it_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    work(True)  # noqa: FBT003
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    work(True, total=None)  # noqa: FBT003
    assert "3task" in capsys.readouterr().err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("wanted", [False, None])
def test_nobody_looks(capsys: pytest.CaptureFixture[str], *, wanted: bool | None) -> None:
    work(wanted)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("impatient")
def test_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    work(None)
    assert "3/3" in capsys.readouterr().err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("shell", "drawn"), [("notebook", True), ("terminal", False), (None, False)]
)
def test_in_a_notebook(
    monkeypatch: pytest.MonkeyPatch,
    shell: str | None,
    *,
    drawn: bool,
) -> None:
    shells: dict[str | None, Any] = {
        "notebook": types.SimpleNamespace(kernel=object()),
        "terminal": types.SimpleNamespace(),
    }
    fake = types.SimpleNamespace(get_ipython=lambda: shells.get(shell))
    monkeypatch.setitem(sys.modules, "IPython", fake)
    assert progress._somebody_looks() is drawn
    monkeypatch.setattr(sys, "stderr", None)
    assert progress._somebody_looks() is drawn


@pytest.mark.usefixtures("impatient")
def test_the_client_counts(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    ids = service.add(*(completed(f"task_{i}") for i in range(7)))
    client = service.make_client()
    client.fetch_tasks(ids, progress=True)
    assert "7/7" in capsys.readouterr().err
    client.list_tasks(progress=True)
    assert "7task" in capsys.readouterr().err
