"""Real servers for the browser, on loopback, with nobody's settings: JupyterLab, Voila, files."""

from __future__ import annotations

import ctypes
import functools
import http.server
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: User settings that make JupyterLab quiet, offline and wholly present in the page.
_SETTINGS: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
_START_SECONDS = 60


@contextmanager
def jupyterlab(
    root: Path, *, dark: bool = False, env: dict[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """JupyterLab over the folder `root`: gives its address and token."""
    settings = dict(_SETTINGS)
    if dark:
        settings["@jupyterlab/apputils-extension/themes"] = {"theme": "JupyterLab Dark"}
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        own = Path(folder)
        port, token = _free_port(), secrets.token_hex(16)
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--port-retries=0"),
            *(f"--ServerApp.root_dir={root}", "--expose-app-in-browser"),
            *("--LabApp.extension_manager=readonly", "--LabApp.news_url=None"),
            *(f"--FileCheckpoints.checkpoint_dir={own / 'checkpoints'}",),
            "--ServerApp.terminals_enabled=False",
        ]
        # The token goes by the environment: a command line shows in `ps`.
        environment = {**_own_environment(own, settings), **(env or {}), "JUPYTER_TOKEN": token}
        address = f"http://127.0.0.1:{port}"
        with _running(command, f"{address}/api", environment, own / "server.log"):
            yield address, token


@contextmanager
def voila(notebook: Path, *, env: dict[str, str] | None = None) -> Iterator[str]:
    """The notebook as a Voila page: gives its address."""
    with tempfile.TemporaryDirectory(prefix="voila-", ignore_cleanup_errors=True) as folder:
        own, port = Path(folder), _free_port()
        command = [
            *(sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"),
            *("--Voila.ip=127.0.0.1", "--show_tracebacks=True"),
        ]
        address = f"http://127.0.0.1:{port}"
        environment = {**_own_environment(own, _SETTINGS), **(env or {})}
        # Its static files answer without running the notebook.
        ready = f"{address}/voila/static/voila.js"
        with _running(command, ready, environment, own / "server.log"):
            yield address


@contextmanager
def pages(folder: Path) -> Iterator[str]:
    """The files of a folder by HTTP: gives the address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_environment(folder: Path, settings: dict[str, dict[str, Any]]) -> dict[str, str]:
    """An environment in which no configuration, kernel or setting of the user is seen."""
    environment = {
        **os.environ,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    for variable, name in (
        ("JUPYTER_CONFIG_DIR", "config"),
        ("JUPYTER_DATA_DIR", "data"),
        ("JUPYTER_RUNTIME_DIR", "runtime"),
        ("IPYTHONDIR", "ipython"),
        ("JUPYTERLAB_SETTINGS_DIR", "settings"),
        ("JUPYTERLAB_WORKSPACES_DIR", "workspaces"),
    ):
        (folder / name).mkdir()
        environment[variable] = str(folder / name)
    for name, value in settings.items():
        file = folder / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))
    (folder / "config" / "labconfig").mkdir()
    page: dict[str, Any] = {
        "disabledExtensions": {
            "@jupyterlab/apputils-extension:announcements": True,
            # It complains in the console when a kernel ends while it still asks that kernel.
            "@jupyterlab/debugger-extension": True,
        },
        # Else each page has the server ask Node.js whether JupyterLab should be built anew.
        "buildCheck": False,
        "buildAvailable": False,
    }
    (folder / "config" / "labconfig" / "page_config.json").write_text(json.dumps(page))
    return environment


def _end_with_parent() -> None:
    # Linux: the server gets SIGTERM when the test process dies, by kill -9 too.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextmanager
def _running(command: list[str], ready: str, env: dict[str, str], log: Path) -> Iterator[None]:
    """A server until the block ends; it is ready once the address `ready` answers."""
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the child calls one C function
        ) as process,
    ):
        try:
            _wait_until_ready(process, ready, log)
            yield
        finally:
            process.terminate()  # Jupyter then shuts its kernels down itself
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(ready, timeout=_START_SECONDS):  # noqa: S310 - on loopback
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                msg = f"the server did not start:\n{log.read_text()[-3000:]}"
                raise RuntimeError(msg) from None
            time.sleep(0.05)
