"""The HTTP server: uvicorn in a thread of this process, with an event loop of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from scandoc_analytics.sandbox.gate import Gate

__all__ = ["WebServer", "listen"]

#: Longest request line and headers: ids of 10,000 characters, percent-escaped, are answered.
_HEAD_BYTES: Final = 2**20
_KEEP_ALIVE_S: Final = 60
_START_S: Final = 30


class _Protocol(H11Protocol):
    """Lets the application have the connection, so that it can be reset."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Head and body are written apart: without this the body waits for the client's receipt.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


class WebServer:
    """An application behind a socket that listens already."""

    def __init__(self, gate: Gate, listener: socket.socket) -> None:
        self._gate = gate
        self._listener = listener
        config = uvicorn.Config(
            gate,
            http=_Protocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level=None,
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_keep_alive=_KEEP_ALIVE_S,
            backlog=2048,
        )
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="scandoc-sandbox", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        if not self._ready.wait(_START_S):  # pragma: no cover - a machine that stands still
            msg = f"the sandbox's server did not start within {_START_S} s"
            raise TimeoutError(msg)

    def stop(self) -> None:
        """End every connection and the thread; answers that hang are cut short."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end)
            self._thread.join()

    def _end(self) -> None:
        self._gate.closing.set()
        self._server.should_exit = True

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        # The listener accepts already: a request that comes first waits for a moment.
        self._loop.call_soon(self._ready.set)
        await self._server.serve(sockets=[self._listener])


def listen(host: str, port: int) -> socket.socket:
    """Open a socket that listens; its errors come to the caller, not to a thread."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)
