"""The commands that are seen from outside: as processes, with signals and pipes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scandoc_analytics as sda
from scandoc_analytics.config import KEY_ENV, URL_ENV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scandoc_analytics import Sandbox

SCANDOC = str(Path(sys.executable).with_name("scandoc"))
PNG = b"\x89PNG\r\n\x1a\n"


@contextmanager
def process(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - our own command
        [SCANDOC, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def test_demo(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    with process("demo", "--tasks", "150", "--folder", str(folder)) as demo:
        out, err = demo.communicate(timeout=60)
    assert demo.returncode == 0, err
    assert "status" in out
    assert "file_type" in out
    assert "tasks" in err
    assert "What to try next" in err
    pictures = sorted(folder.iterdir())
    assert [path.name for path in pictures] == ["sizes.png", "status-mix.png"]
    assert all(path.read_bytes().startswith(PNG) for path in pictures)
    # Everything settled comes from the cache on the second pass, and only the rest is asked for.
    (told,) = re.findall(r"once more.*?([\d,]+) came from the cache, ([\d,]+) were asked for", err)
    kept, asked = (int(number.replace(",", "")) for number in told)
    assert kept + asked == 150
    assert kept > asked


def test_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = tmp_path / "pictures"
    with process(
        *("demo", "--tasks", "20", "--folder", str(folder)),
        HOME=str(home),
        XDG_CACHE_HOME=str(home / "cache"),
        TMPDIR=str(tmp_path),
        MPLCONFIGDIR=str(tmp_path / "mpl"),
    ) as demo:
        demo.communicate(timeout=60)
    assert list(home.rglob("*scandoc*")) == []
    assert [path.name for path in tmp_path.iterdir() if "scandoc" in path.name] == []


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_sandbox_runs_until_it_is_told_to_stop(end: signal.Signals, tmp_path: Path) -> None:
    with process("sandbox", "--tasks", "25", "--seed", "3") as server:
        assert server.stdout is not None
        assert server.stderr is not None
        url, key = (server.stdout.readline().strip().partition("=")[2] for _ in range(2))
        assert "Ctrl-C" in server.stderr.readline()
        with sda.Client(key, url, cache=tmp_path) as client:
            assert client.list_tasks()["task_id"].nunique() == 25
        server.send_signal(end)
        assert server.wait(10) == 0
        assert "stopped" in server.stderr.read()


def test_a_reader_that_leaves_early_is_no_error(sandbox: Sandbox) -> None:
    with process(
        "list", "--json", **{KEY_ENV: sandbox.api_key, URL_ENV: sandbox.base_url}
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.read(1)
        listing.stdout.close()
        said = listing.stderr.read()
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


def test_ctrl_c_keeps_what_has_arrived(tmp_path: Path) -> None:
    with sda.Sandbox(tasks=400, latency_s=0.2) as slow:
        ids = tmp_path / "ids.txt"
        ids.write_text("\n".join(slow.task_ids))
        environment = {KEY_ENV: slow.api_key, URL_ENV: slow.base_url}
        environment["SCANDOC_CACHE_DIR"] = str(tmp_path / "cache")
        with process("fetch", *slow.task_ids, "--workers", "2", **environment) as fetching:
            while slow.requests.total < 10:
                pass
            fetching.send_signal(signal.SIGINT)
            _out, err = fetching.communicate(timeout=20)
        assert fetching.returncode == 130
        assert "Traceback" not in err
        with slow.client(cache=tmp_path / "cache", offline=True) as client:
            assert client.cache.info().tasks > 0
