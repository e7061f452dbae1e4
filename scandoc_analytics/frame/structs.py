"""The shape of plain tasks: those whose every member has a column or a known place.

msgspec decodes them into objects of this shape, checks each type on the way, and refuses a member
that it does not know. Such a task is odd and goes the long way, through `objects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from scandoc_analytics.frame.members import DETECT, EXTRACT_TEXT
from scandoc_analytics.frame.payloads import is_storable
from scandoc_analytics.schema import COMPLETED, FAILED

if TYPE_CHECKING:
    from scandoc_analytics.frame.payloads import JsonObject

__all__ = [
    "NO_PARAMETERS",
    "NO_PROPERTIES",
    "File",
    "Parameters",
    "PlainTask",
    "Result",
    "decode_plain",
    "is_odd",
    "to_object",
    "to_plain",
]


class _Strict(Struct, forbid_unknown_fields=True, gc=False):
    """Refuses unknown members; JSON has no circles that the garbage collector must look for."""


class Properties(_Strict):
    """Of a generated file."""

    size: int | None = None
    width: int | None = None
    height: int | None = None
    page_count: int | None = None


class File(_Strict):
    """A generated file."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    properties: Properties | None = None
    task_id: str | None = None
    created_at: str | None = None


class Parameters(_Strict):
    """Of a task of any operation."""

    input: str | list[str] | None = None
    name: str | None = None
    effect: str | None = None
    target_format: str | None = None
    format: str | None = None
    pages: str | None = None
    scan_mode: str | None = None
    quality: int | None = None
    dpi: int | None = None
    callback_url: str | None = None
    # No column holds these two.
    vertices: Any = UNSET
    schema: Any = UNSET


class Result(_Strict):
    """Of a task of any operation and status; what is not there is told from what is null."""

    generated_files: list[File] | UnsetType | None = UNSET
    error: str | UnsetType | None = UNSET
    details: Any = UNSET
    documents: Any = UNSET
    format: str | UnsetType | None = UNSET
    content: str | UnsetType | None = UNSET


class PlainTask(_Strict):
    """A task as most are."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    operation: str | None = None
    parameters: Parameters | None = None
    status: str | None = None
    result: Result | None = None
    created_at: str | None = None
    updated_at: str | None = None
    callback_url: str | None = None


class _Page(Struct, gc=False):
    data: list[PlainTask]
    # What has an id is itself a task.
    id: Any = UNSET


NO_PARAMETERS: Final = Parameters()
_NO_RESULT: Final = Result()
NO_PROPERTIES: Final = Properties()
_TASK_OF: Final = msgspec.json.Decoder(PlainTask).decode
_PAGE_OF: Final = msgspec.json.Decoder(_Page).decode
_REFUSED: Final = (msgspec.DecodeError, UnicodeError, RecursionError)


def decode_plain(text: bytes | bytearray | memoryview | str) -> list[PlainTask] | None:
    """The tasks in JSON of a task or a list page; None where one has something unknown."""
    try:
        tasks = [_TASK_OF(text)]
    except _REFUSED:
        # At the first member already where it is a page.
        try:
            page = _PAGE_OF(text)
        except _REFUSED:
            return None
        if page.id is not UNSET:
            return None
        tasks = page.data
    return tasks if is_storable("".join([task.id for task in tasks])) else None


def to_plain(task: JsonObject) -> PlainTask | None:
    """One decoded task; None where it is odd."""
    try:
        plain = msgspec.convert(task, PlainTask)
    except _REFUSED:
        return None
    return None if is_odd(plain) else plain


def to_object(task: PlainTask) -> JsonObject:
    """The decoded object that a task came from."""
    decoded: JsonObject = msgspec.to_builtins(task)
    return decoded


def is_odd(task: PlainTask) -> bool:
    """Whether it must go the long way for what is in it, though it has the shape of the others."""
    result = task.result
    if result is not None and not _is_told(task, result):
        return True
    parameters = task.parameters or NO_PARAMETERS
    if task.operation == "convert" and parameters.target_format is None:
        return True
    own, url = task.callback_url, parameters.callback_url
    if own is None and url is None:
        return False
    urls = {held for held in (own, url) if held is not None}
    return len(urls) > 1 or not is_storable(urls.pop())


def _is_told(task: PlainTask, result: Result) -> bool:
    """Whether columns, and `extra` by simple rules, hold all of the result."""
    if task.status == FAILED:
        return result.documents is result.content is result.format is UNSET
    if task.status != COMPLETED:
        return result == _NO_RESULT
    if result.error is not UNSET or result.details is not UNSET:
        return False
    if task.operation == EXTRACT_TEXT and type(result.content) is str:
        return result.documents is UNSET
    if task.operation == DETECT and type(result.documents) is list:
        return result.content is result.format is UNSET
    return result.documents is result.content is result.format is UNSET
