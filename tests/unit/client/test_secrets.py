"""The key is in no file, log, repr, warning, error or traceback, even one with all locals."""

from __future__ import annotations

import logging
import threading
import traceback
import warnings
from functools import partial
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

import scandoc_analytics as sda
from tests.unit.conftest import KEY, Reply, Service, completed, pending

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scandoc_analytics.client import Client


def all_shown(error: BaseException) -> str:
    """What a traceback with locals shows of our frames and the libraries', causes included."""
    shown = [repr(error), str(error), repr(vars(error))]
    told = [traceback.TracebackException.from_exception(error, capture_locals=True)]
    for one in told:
        for frame in one.stack:
            # The frames of the tests hold the key of course.
            if "/tests/" not in frame.filename:
                shown += (frame.locals or {}).values()
        told += [inner for inner in (one.__cause__, one.__context__) if inner is not None]
    return "\n".join(shown)


CALLS: list[Callable[[Client], Any]] = [
    lambda client: client.task("task_a"),
    lambda client: client.fetch_tasks(["task_a", "task_b"]),
    lambda client: client.list_tasks(),
    lambda client: client.download("file_a"),
]
ENDS = {
    "reset": Reply(cut="reset"),
    "truncated": Reply(body={"id": "task_a"}, cut="truncated"),
    "hanging": Reply(wait_s=0.5),
    "401": Reply(401, {"message": f"the key {KEY} is unknown"}),
    "409": Reply(409, {"message": KEY}),
    "422": Reply(422, {"errors": {KEY: [KEY]}}),
    "429": Reply(429, f"<html>{KEY}".encode(), headers={"Retry-After": "999"}),
    "500": Reply(500, {"detail": KEY}),
    "html": Reply(body=b"<html>"),
    "away": Reply(302, headers={"Location": "https://elsewhere.example/"}),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("call", CALLS)
def test_errors(service: Service, call: Callable[[Client], Any], end: str) -> None:
    service.script["*"].extend([ENDS[end]] * 6)
    client = service.make_client(retries=1, timeout=0.2)
    if end == "html" and call is CALLS[3]:
        return
    if end == "away" and call is CALLS[3]:
        client = service.make_client(retries=0, timeout=0.2, session=_unreachable())
    with pytest.raises(sda.ScandocError) as caught:
        call(client)
    assert KEY not in all_shown(caught.value)
    failures = getattr(caught.value, "failures", {})
    assert not [error for error in failures.values() if KEY in all_shown(error)]
    assert not [error for error in failures.values() if error.__traceback__ is not None]


def _unreachable() -> Any:
    import requests  # noqa: PLC0415 - one test needs it

    session = requests.Session()
    session.proxies["https"] = "http://127.0.0.1:9"
    return session


def test_refused(service: Service) -> None:
    client = service.make_client(base_url="http://127.0.0.1:9", retries=0)
    for call in CALLS:
        with pytest.raises(sda.ScandocError) as caught:
            call(client)
        assert KEY not in all_shown(caught.value)


def test_an_adapter_that_breaks(
    service: Service, recwarn: pytest.WarningsRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests  # noqa: PLC0415 - few tests need it

    class Broken(requests.adapters.HTTPAdapter):
        def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
            sent = str(request.headers["x-api-key"])
            msg = f"no room for {sent}"
            raise ZeroDivisionError(msg)

    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    session = requests.Session()
    session.mount("http://", Broken())
    client = service.make_client(session=session)
    for call in CALLS:
        with pytest.raises(sda.ScandocError) as caught:
            call(client)
        assert "no room for <secret>" in str(caught.value)
        assert KEY not in all_shown(caught.value)
    # No thread died of it: its traceback would have shown the request as it went out.
    assert not seen
    assert not recwarn.list


def test_the_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    # IPython's Verbose mode shows what each expression of the line is worth, `os.environ` too.
    ultratb = pytest.importorskip("IPython.core.ultratb")
    monkeypatch.setenv("SCAN_DOCUMENTS_BASE_URL", "http://public.example")
    for key in (KEY, f"{KEY}\t."):
        monkeypatch.setenv("SCAN_DOCUMENTS_API_KEY", key)
        for call in (sda.Client, partial(sda.task, "task_a")):
            with pytest.raises(sda.ConfigError) as caught:
                call()
            # From the first frame of ours on: this one knows the key.
            told = ultratb.VerboseTB().text(caught.type, caught.value, caught.tb.tb_next)
            assert "_checked_" in told
            assert KEY not in told


def test_settings_that_are_refused() -> None:
    key = KEY
    for options in ({"workers": 0}, {"base_url": "http://public.example"}, {"cache": "x://y"}):
        with pytest.raises(sda.ConfigError) as caught:
            sda.Client(key, **options)
        assert KEY not in all_shown(caught.value)
    with pytest.raises(sda.ConfigError) as caught:
        sda.Client(f"{key} and a space")
    assert KEY not in all_shown(caught.value)


def test_files_logs_reprs_and_warnings(
    service: Service,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(HTTPConnection, "debuglevel", 0)
    service.add(completed("task_a"), pending("task_b"))
    client = service.make_client()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = client.fetch_tasks(["task_a", "task_b", "task_x"])
        client.list_tasks()
        task = client.task("task_a")
    assert len(caught) == 1
    assert len(caplog.records) > 5
    files = [path for path in (tmp_path / "kept").iterdir() if path.is_file()]
    assert {path.suffix for path in files} == {".sqlite", ".sqlite-wal", ".sqlite-shm"}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert not [path for path in files if KEY in path.name]
    inside = [client, client.cache, client._api, client._api.wire, client._config, task]
    shown = [
        repr(thing) + str(vars(thing) if hasattr(thing, "__dict__") else "") for thing in inside
    ]
    shown += [caplog.text, *(str(one.message) for one in caught), frame.to_csv(), str(frame.attrs)]
    shown += [task._repr_html_(), client.cache.info()._repr_html_(), *capsys.readouterr()]
    assert not [text for text in shown if KEY in text]


def test_threads_do_not_show_it_either(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client = service.make_client()
    seen: list[BaseException] = []

    def remember(args: threading.ExceptHookArgs) -> None:
        assert args.exc_value is not None
        seen.append(args.exc_value)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(threading, "excepthook", remember)
    monkeypatch.setattr(client.cache, "learn", broken)
    service.add(completed("task_a"), completed("task_b"))
    with pytest.raises(sda.ScandocError, match="a worker ended without an answer"):
        client.task("task_a")
    with pytest.raises(sda.FetchError, match="a worker ended without an answer"):
        client.fetch_tasks(["task_b"])
    assert len(seen) == 2
    assert not [error for error in seen if KEY in all_shown(error)]
