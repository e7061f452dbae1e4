"""The paths of the contract, each a small function from a request to JSON bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import orjson
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from scandoc_analytics.sandbox import checks, documents
from scandoc_analytics.sandbox.operations import OPERATIONS
from scandoc_analytics.sandbox.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from scandoc_analytics.sandbox.account import Account

    Handler = Callable[[Request], Awaitable[Response]]

__all__ = ["make_router"]

_PDF_OPERATIONS: Final = frozenset({"extract-pages", "merge", "render", "split"})
#: Above the largest file, what the form around it may take.
_FORM_BYTES: Final = 2**20


def make_router(links_base: str, *, newest_first: bool, inclusive: bool) -> Router:
    """Make the application behind the gate, which puts the account into the scope.

    Parameters
    ----------
    links_base
        What the links of lists begin with; like the service's own they lack the ``/v1``.
    newest_first, inclusive
        The two readings of what the contract leaves open: the order of lists, and whether a page
        starts with the item named by `from` or after it.
    """

    def listing(kind: str) -> Handler:
        async def list_items(request: Request) -> Response:
            account = _account(request)
            take, start = checks.checked_page(
                request.scope["query_string"], kind, lambda one: account.knows(kind, one)
            )
            page = account.page(
                kind, start=start, take=take, newest_first=newest_first, inclusive=inclusive
            )
            links = {
                "previous": _link(links_base, kind, page.previous, take),
                "next": _link(links_base, kind, page.next, take),
            }
            data = b",".join(page.items)
            return _json(b'{"data":[%b],"links":%b}' % (data, orjson.dumps(links)))

        return list_items

    routes = [
        Route("/v1/tasks", _Methods(GET=listing("tasks"))),
        Route("/v1/tasks/{id:path}", _Methods(GET=_get_task)),
        Route("/v1/files", _Methods(GET=listing("files"), POST=_upload_file)),
        Route("/v1/files/{id:path}/download", _Methods(GET=_download_file)),
        Route("/v1/files/{id:path}", _Methods(GET=_get_file, DELETE=_delete_file)),
        Route("/v1/events", _Methods(GET=listing("events"))),
    ]
    for operation in OPERATIONS:
        group = "pdf" if operation in _PDF_OPERATIONS else "image"
        path = f"/v1/{group}-operations/{operation}"
        routes.append(Route(path, _Methods(POST=_starting(operation))))
    return Router(routes, redirect_slashes=False, default=_unknown_path)


class _Methods:
    """One path: a handler for each method that it has."""

    def __init__(self, **handlers: Handler) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        handler = self._handlers.get(method)
        if handler is None:
            raise Problem.method_not_allowed(method, ", ".join(self._handlers))
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)


async def _unknown_path(scope: Scope, _receive: Receive, _send: Send) -> None:
    # An id with a line break matches no route, and is an id all the same.
    for prefix, resource in (("/v1/tasks/", "Task"), ("/v1/files/", "File"), ("", "Path")):
        if scope["path"].startswith(prefix):
            raise Problem.not_found(resource, scope["path"].removeprefix(prefix))


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


def _account(request: Request) -> Account:
    account: Account = request.scope["account"]
    return account


def _link(base: str, kind: str, start: str | None, take: int) -> str | None:
    if start is None:
        return None
    query = {"from": start, "take": take} if start else {"take": take}
    return f"{base}/{kind}?{urlencode(query)}"


async def _get_task(request: Request) -> Response:
    return _json(_account(request).find("tasks", request.path_params["id"]))


async def _get_file(request: Request) -> Response:
    return _json(_account(request).find("files", request.path_params["id"]))


async def _delete_file(request: Request) -> Response:
    _account(request).delete_file(request.path_params["id"])
    return Response(status_code=204)


async def _download_file(request: Request) -> Response:
    one, content = _account(request).file(request.path_params["id"])
    if content is None:
        # In another thread: drawing millions of pixels would hold up every other answer.
        content = await asyncio.to_thread(documents.content, one)
    known = one.type in documents.READABLE
    return Response(content, media_type=one.type if known else "application/octet-stream")


async def _upload_file(request: Request) -> Response:
    name, content = await _form(request)
    errors = {"name": ["name is required."]} if name is None else checks.checked_name(name)
    found = None
    if content is None:
        errors["file"] = ["file is required."]
    elif len(content) > checks.MAX_UPLOAD_BYTES:
        errors["file"] = [_TOO_LARGE]
    else:
        found = await asyncio.to_thread(documents.identify, content)
    if found is None:
        errors.setdefault("file", ["file must be a PNG, JPEG, WebP or PDF."])
    if errors or content is None or found is None:
        raise Problem.invalid(errors)
    return _json(_account(request).upload(str(name), *found, content), 201)


async def _form(request: Request) -> tuple[object, bytes | None]:
    """Read the name and the file of an upload."""
    declared = request.headers.get("content-length", "0")
    if int(declared) > checks.MAX_UPLOAD_BYTES + _FORM_BYTES:
        raise Problem.invalid({"file": [_TOO_LARGE]})
    try:
        async with request.form(max_files=5, max_fields=20) as form:
            name, file = form.get("name"), form.get("file")
            return name, await file.read() if isinstance(file, UploadFile) else None
    # Older releases let the parser's own ValueError through.
    except (HTTPException, MultiPartException, ValueError) as error:
        message = "Malformed multipart body."
        raise Problem.malformed(message) from error


_TOO_LARGE: Final = "file must not be larger than 10 MB."


def _starting(operation: str) -> Handler:
    async def start_task(request: Request) -> Response:
        parameters = checks.checked_parameters(operation, await request.body())
        return _json(_account(request).start_task(operation, parameters), 201)

    return start_task
