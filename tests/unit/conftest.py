"""A service on loopback that says exactly what a test tells it to, right or wrong."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter, defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from scandoc_analytics.client import Client
from scandoc_analytics.service.session import Backoff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk_live_5up3rs3cr3t"


@dataclass
class Reply:
    """One answer; ``cut`` is "reset" (no answer), or "truncated" (half of the body)."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    cut: str | None = None

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def completed(task_id: str, created_at: str = "2026-01-05T10:00:00Z") -> dict[str, Any]:
    """A settled task with one file of 100 bytes."""
    return {
        "id": task_id,
        "operation": "render",
        "parameters": {"input": "file_in"},
        "status": "completed",
        "result": {
            "generated_files": [
                {"id": f"file_{task_id}", "type": "image/png", "properties": {"size": 100}}
            ]
        },
        "created_at": created_at,
        "updated_at": created_at,
    }


def pending(task_id: str, created_at: str = "2026-01-05T10:00:00Z") -> dict[str, Any]:
    """An unsettled task."""
    return {
        "id": task_id,
        "operation": "render",
        "parameters": {"input": "file_in"},
        "status": "pending",
        "result": {},
        "created_at": created_at,
        "updated_at": created_at,
    }


class Service:
    """An account whose tasks a test may change; `script` holds answers that come first."""

    make_client: Any

    def __init__(self) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        self.keys = {KEY}
        self.script: dict[str, deque[Reply]] = defaultdict(deque)
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.moments: list[float] = []
        self.page_size = 100
        self.latency_s = 0.0
        self.base_url = ""

    def add(self, *tasks: dict[str, Any]) -> list[str]:
        self.tasks.update({task["id"]: task for task in tasks})
        return [task["id"] for task in tasks]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def count(self) -> Counter[str]:
        return Counter(self.paths)

    def forget_requests(self) -> None:
        self.requests.clear()
        self.moments.clear()

    def reply(self, path: str, headers: dict[str, str]) -> Reply:
        self.requests.append((path, headers))
        self.moments.append(time.monotonic())
        time.sleep(self.latency_s)
        for name in (path, urlsplit(path).path, "*"):
            if self.script.get(name):
                return self.script[name].popleft()
        if headers.get("x-api-key") not in self.keys:
            return Reply(401, {"status": 401, "message": "unknown key"})
        parts = urlsplit(path)
        if parts.path == "/v1/tasks":
            return Reply(body=self._page(parse_qs(parts.query)))
        task = self.tasks.get(unquote(parts.path.removeprefix("/v1/tasks/")))
        if task is None:
            return Reply(404, {"status": 404, "message": "no such thing"})
        return Reply(body=task)

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        ids = list(self.tasks)
        start = ids.index(query["from"][0]) if "from" in query else 0
        end = start + self.page_size
        link = f"https://elsewhere.example/tasks?take=1&from={ids[end]}" if end < len(ids) else None
        return {
            "data": [self.tasks[task_id] for task_id in ids[start:end]],
            "links": {"previous": None, "next": link},
        }


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.reply(self.path, headers)
            time.sleep(reply.wait_s)
            if reply.cut == "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
                return
            raw = reply.raw
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.cut == "truncated":
                raw = raw[: len(raw) // 2]
                self.close_connection = True
            self.wfile.write(raw)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def shutdown_request(self, request: Any) -> None:
        try:
            super().shutdown_request(request)
        except OSError:
            self.close_request(request)


@contextmanager
def running(service: Service | None = None) -> Iterator[Service]:
    """A service, one of its own unless it is given, on a free port."""
    service = Service() if service is None else service
    server = _Server(("127.0.0.1", 0), _handler(service))
    service.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A scripted service; ``service.make_client()`` gives clients that wait for little."""
    with running() as started:
        clients: list[Client] = []

        def make_client(**options: Any) -> Client:
            settings = {"api_key": KEY, "base_url": started.base_url, "cache": tmp_path / "kept"}
            client = Client(**{**settings, **options})
            client._api.wire.backoff = Backoff(base_s=0.01, most_s=0.05)
            clients.append(client)
            return client

        started.make_client = make_client
        yield started
        for client in clients:
            client.close()


@pytest.fixture
def other_service() -> Iterator[Service]:
    """Another host."""
    with running() as started:
        yield started
