"""The command line against a real sandbox: what it prints, writes, and exits with."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import scandoc_analytics as sda
from scandoc_analytics.cli import main
from scandoc_analytics.config import KEY_ENV, URL_ENV

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scandoc_analytics import Sandbox


@pytest.fixture
def run(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv(KEY_ENV, sandbox.api_key)
    monkeypatch.setenv(URL_ENV, sandbox.base_url)
    monkeypatch.setenv("COLUMNS", "100")

    def run_(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, words, input=stdin)

    return run_


def records(result: Result) -> list[dict[str, Any]]:
    decoded: list[dict[str, Any]] = json.loads(result.stdout)
    return decoded


def test_help_of_every_command_has_an_example(run: Callable[..., Result]) -> None:
    assert set(main.commands) == {
        "cache",
        "demo",
        "fetch",
        "list",
        "notebooks",
        "report",
        "sandbox",
        "status",
    }
    for name in main.commands:
        result = run(name, "--help")
        assert result.exit_code == 0
        assert f"scandoc {name}" in result.stdout.partition("xample")[2]
    for name in ("info", "clear", "prune"):
        assert f"scandoc cache {name}" in run("cache", name, "--help").stdout
    assert "scandoc_COMPLETE" not in run("--help").stdout
    assert "_SCANDOC_COMPLETE=bash_source" in run("--help").stdout


def test_status_of_the_account(run: Callable[..., Result], sandbox: Sandbox) -> None:
    result = run("status")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["status", "tasks", "share"]
    assert sum(int(line.split()[1].replace(",", "")) for line in lines[1:]) == len(sandbox.task_ids)


def test_status_of_one_task_is_its_card(run: Callable[..., Result], sandbox: Sandbox) -> None:
    task_id = sandbox.task_ids[0]
    result = run("status", task_id)
    assert result.exit_code == 0
    assert task_id in result.stdout


def test_status_of_several_fits_the_terminal(run: Callable[..., Result], sandbox: Sandbox) -> None:
    result = run("status", "-", stdin="\n".join(sandbox.task_ids[:5]) + "\n\n")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == sandbox.task_ids[:5]
    assert all(len(line) <= 100 for line in lines)


def test_a_narrow_terminal_shows_ids_whole(
    run: Callable[..., Result], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = run("list", "--limit", "3")
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["task_id", "status", "operation", "created_at", "error"]
    assert [row.split()[0] for row in rows] == sandbox.task_ids[:3]
    assert all(len(line) <= 80 for line in (head, *rows))
    assert "No room for duration_s and file_count in 80 columns" in result.stderr


def test_status_as_json(run: Callable[..., Result], sandbox: Sandbox) -> None:
    got = records(run("status", *sandbox.task_ids[:2], "--json"))
    assert [task["task_id"] for task in got] == sandbox.task_ids[:2]
    assert set(got[0]) == {
        "task_id",
        "status",
        "operation",
        "created_at",
        "duration_s",
        "file_count",
        "error",
    }


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx"])
def test_fetch_into_a_file(
    run: Callable[..., Result], sandbox: Sandbox, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"tasks.{ending}"
    ids = sandbox.task_ids[:20]
    result = run("fetch", "-", "-o", str(file), stdin="\n".join(ids))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"wrote {file}" in result.stderr
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "csv": pd.read_csv,
        "json": pd.read_json,
        "parquet": sda.load,
        "xlsx": pd.read_excel,
    }
    assert readers[ending](file)["task_id"].drop_duplicates().tolist() == ids


def test_some_ids_missing_is_exit_code_3(
    run: Callable[..., Result], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "tasks.parquet"
    result = run("fetch", sandbox.task_ids[0], "task_nobody", "-o", str(file))
    assert result.exit_code == 3
    assert "task_nobody" in result.stderr
    frame = sda.load(file)
    assert frame["fetch_error"].notna().tolist()[-1]


def test_all_ids_missing_is_exit_code_1(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "tasks.parquet"
    result = run("fetch", "task_nobody", "task_neither", "-o", str(file))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert not file.exists()


def test_list(run: Callable[..., Result], sandbox: Sandbox, tmp_path: Path) -> None:
    got = records(run("list", "--limit", "3", "--json"))
    assert list(dict.fromkeys(row["task_id"] for row in got)) == sandbox.task_ids[:3]
    file = tmp_path / "all.parquet"
    assert run("list", "-o", str(file)).exit_code == 0
    assert sda.load(file)["task_id"].nunique() == len(sandbox.task_ids)
    assert run("list", "--limit", "2").stdout.splitlines()[1].startswith(sandbox.task_ids[0])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fetch",), "Missing argument"),
        (("nonsense",), "No such command"),
        (("list", "--limit", "-1"), "not in the range"),
        (("report", "--from", "a.parquet", "--since", "2026-01-01"), "is whole"),
        (("cache", "prune"), "--older-than"),
        (("cache", "prune", "--older-than", "soon"), "soon"),
        (("list", "-o", "tasks.doc"), ".csv, .json, .parquet, .xlsx"),
        (("list", "--since", "someday"), "someday"),
        (("list", "--workers", "0"), "not in the range"),
        (("status", "--since", "someday"), "someday"),
        (("report", "-o", "report.pdf"), ".html"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    run: Callable[..., Result], words: tuple[str, ...], says: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list", "-o", "nowhere/tasks.csv"), "no folder"),
        (("list", "--base-url", "http://example.com"), "unencrypted"),
        (("report", "--from", "none.parquet"), "no file 'none.parquet'"),
        (("report", "--template", "none.ipynb"), "no template 'none.ipynb'"),
    ],
)
def test_failure_is_a_sentence_and_exit_code_1(
    run: Callable[..., Result], words: tuple[str, ...], says: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_no_key(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_ENV)
    result = run("list")
    assert result.exit_code == 1
    assert "SCAN_DOCUMENTS_API_KEY" in result.stderr


def test_offline_says_what_it_lacks(run: Callable[..., Result], sandbox: Sandbox) -> None:
    result = run("fetch", sandbox.task_ids[-1], "--offline")
    assert result.exit_code == 1
    assert "offline" in result.stderr
    assert run("fetch", sandbox.task_ids[-1]).exit_code == 0
    assert run("fetch", sandbox.task_ids[-1], "--offline").exit_code == 0


def test_cache(run: Callable[..., Result], sandbox: Sandbox) -> None:
    run("fetch", *sandbox.task_ids[-10:])
    assert "tasks" in run("cache", "info").stdout
    for stdin in ("n\n", ""):
        # Empty, as where there is no terminal: nobody has said yes.
        refused = run("cache", "clear", stdin=stdin)
        assert refused.exit_code == 1
        assert "This deletes 10 tasks (" in refused.stderr
        assert "Nothing was deleted; with --yes it is done" in refused.stderr
    old = run("cache", "prune", "--older-than", "1d")
    assert old.exit_code == 0
    assert old.stderr.startswith("There are no tasks to delete in ")
    assert "Done: 10 tasks (" in old.stderr
    assert "Done: 0 tasks (" in run("cache", "clear", stdin="y\n").stderr
    assert run("cache", "clear").stderr.startswith("There are no tasks to delete in ")


def test_the_key_is_nowhere(run: Callable[..., Result], sandbox: Sandbox) -> None:
    for words in (("list",), ("status", "task_nobody"), ("cache", "info"), ("list", "--offline")):
        assert sandbox.api_key not in run(*words).output


def test_notebooks_are_copied_and_never_overwritten(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    result = run("notebooks", "--folder", str(folder), "--copy-only")
    assert result.exit_code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert [name[:2] for name in names] == ["01", "02", "03", "04"]
    (folder / names[0]).write_text("changed")
    assert "left " in run("notebooks", "--folder", str(folder), "--copy-only").stderr
    assert (folder / names[0]).read_text() == "changed"


def test_what_stands_after_two_dashes_goes_to_jupyterlab(
    run: Callable[..., Result], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("jupyterlab", reason="needs the extra `notebooks`")
    result = run("notebooks", "--folder", str(tmp_path), "--no-browser", "--", "--version")
    assert result.exit_code == 0
    assert re.fullmatch(r"4\.\d+\.\d+\S*", capfd.readouterr().out.strip())


def test_anonymise(run: Callable[..., Result], sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "shared.parquet"
    assert run("list", "--anonymise", "-o", str(file)).exit_code == 0
    shared = sda.load(file)
    assert shared["task_id"].nunique() == len(sandbox.task_ids)
    assert not set(shared["task_id"]) & set(sandbox.task_ids)
    assert shared["callback_url"].isna().all()
    assert sandbox.task_ids[0] not in run("fetch", sandbox.task_ids[0], "--anonymise").stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client")
def test_report_of_a_snapshot(run: Callable[..., Result], tmp_path: Path) -> None:
    template, page, book = tmp_path / "t.ipynb", tmp_path / "r.html", tmp_path / "r.xlsx"
    assert run("report", "--copy-template", str(template)).exit_code == 0
    snapshot = tmp_path / "all.parquet"
    assert run("list", "-o", str(snapshot)).exit_code == 0
    words = ("report", "--from", str(snapshot), "--compare", str(snapshot), "--anonymise")
    result = run(*words, "-o", str(page), "--tables", str(book), "--template", str(template))
    assert result.exit_code == 0, result.stderr
    assert f"wrote {page}" in result.stderr
    assert f"wrote {book}" in result.stderr
    assert "±0" in page.read_text(encoding="utf-8")
