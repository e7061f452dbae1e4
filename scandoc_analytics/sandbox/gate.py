"""What stands before the application: counting, faults, the key, the rate limit, error bodies."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, Final

import orjson

from scandoc_analytics.sandbox.faults import Bucket, Faults
from scandoc_analytics.sandbox.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from scandoc_analytics.sandbox.account import Account
    from scandoc_analytics.sandbox.traffic import Behaviour

__all__ = ["Gate"]

_HTML: Final = b"<!DOCTYPE html><html><title>Please wait</title><h1>One moment</h1></html>\n"
_FOREIGN: Final = "https://pages.example.net"
#: The header that makes `close` send a reset: linger on, for no time.
_RESET: Final = struct.pack("ii", 1, 0)


class Gate:
    """The outermost application.

    Parameters
    ----------
    app
        What answers a request that may pass; it finds the account in the scope.
    accounts
        Accounts by key.
    behaviour
        Read anew for each request.
    """

    def __init__(
        self, app: ASGIApp, accounts: Mapping[bytes, Account], behaviour: Behaviour
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._behaviour = behaviour
        self._buckets: dict[bytes, Bucket] = {}
        #: Set when the server stops: nobody waits any longer.
        self.closing = asyncio.Event()
        self._closed: asyncio.Future[bool] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        behaviour = self._behaviour
        method, path, query = scope["method"], scope["path"], scope["query_string"]
        behaviour.log.add(method, path, query)
        if behaviour.latency_s:
            await self._pause(behaviour.latency_s)
        fault = None
        if behaviour.faults is not None:
            attempt = behaviour.log.attempt(method, path, query)
            fault = behaviour.faults.draw(method, path, query, attempt)
        if fault is None:
            await self._answer(scope, receive, send)
        else:
            await self._misbehave(fault, behaviour.faults or Faults(), scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            scope["account"] = self._admit(scope)
            await self._app(scope, receive, send)
        except Problem as problem:
            await _send_problem(problem, send)

    def _admit(self, scope: Scope) -> Account:
        """Whose request this is; a problem where it may not pass."""
        key = next((value for name, value in scope["headers"] if name == b"x-api-key"), b"")
        account = self._accounts.get(key)
        if account is None:
            raise Problem.unauthorized()
        if not self._behaviour.subscribed:
            raise Problem.no_subscription()
        limit = self._behaviour.rate_limit
        if limit is not None:
            refusal = self._buckets.setdefault(key, Bucket(limit)).take()
            if refusal is not None:
                raise Problem.rate_limited(refusal)
        return account

    async def _misbehave(
        self, kind: str, faults: Faults, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if kind == "server_error":
            await _send_problem(Problem.internal(), send)
        elif kind == "rate_limited":
            await _send_problem(Problem.rate_limited({}), send)
        elif kind == "rate_limited_with_wait":
            await _send_problem(Problem.rate_limited(faults.wait_headers()), send)
        elif kind == "slow":
            await self._pause(faults.slow_s)
            await self._answer(scope, receive, send)
        else:
            # The request is carried out; what goes wrong is the answer.
            start, body = await self._caught(scope, receive)
            if kind == "hang":
                await self._pause(faults.hang_s)
            if kind in {"hang", "reset"}:
                await _drop(scope, receive)
            else:
                await _send(send, *_spoilt(kind, start, body))

    async def _caught(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Give the right answer without sending it."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._answer(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return messages[0], body

    async def _pause(self, seconds: float) -> None:
        # One for all that wait: a task for each would be most of what an answer costs.
        closed = self._closed = self._closed or asyncio.ensure_future(self.closing.wait())
        await asyncio.wait([closed], timeout=seconds)


def _spoilt(kind: str, start: Message, body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """Give the answer as the fault makes it."""
    status: int = start["status"]
    headers = {name: value for name, value in start["headers"] if name != b"content-length"}
    if kind == "truncated":
        return status, headers, body[: len(body) // 2]
    if kind == "html":
        return 200, {b"content-type": b"text/html; charset=utf-8"}, _HTML
    if kind == "empty":
        return 200, headers, b""
    if kind == "wrong_content_type":
        return status, headers | {b"content-type": b"text/plain; charset=utf-8"}, body
    return status, headers, _led_astray(body)


def _led_astray(body: bytes) -> bytes:
    """Point `links.next` of a list to another host; anything else stays as it is."""
    try:
        page: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    links = page.get("links") if isinstance(page, dict) else None
    if not isinstance(links, dict) or not links.get("next"):
        return body
    _, _, query = links["next"].partition("?")
    return orjson.dumps(page | {"links": links | {"next": f"{_FOREIGN}/tasks?{query}"}})


async def _send(send: Send, status: int, headers: Mapping[bytes, bytes], body: bytes) -> None:
    # 204 has no body, hence no length either.
    length = [] if status == 204 else [(b"content-length", str(len(body)).encode())]  # noqa: PLR2004
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers.items(), *length],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _send_problem(problem: Problem, send: Send) -> None:
    headers = {b"content-type": b"application/problem+json"}
    headers |= {name.lower().encode(): text.encode() for name, text in problem.headers.items()}
    await _send(send, problem.status, headers, problem.body())


async def _drop(scope: Scope, receive: Receive) -> None:
    """End the connection with a reset in the place of an answer."""
    transport: asyncio.Transport = scope["state"]["transport"]
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    # The server must have noticed before this returns, or it would send an answer of its own.
    while (await receive())["type"] != "http.disconnect":
        pass
