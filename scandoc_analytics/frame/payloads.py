"""From what users and the service hand over to the task objects in it, or a reason why not."""

from __future__ import annotations

import json
from typing import Any, Final, Protocol, TypeAlias

import orjson

from scandoc_analytics.errors import PayloadError

__all__ = [
    "JSON_TEXT",
    "HasPayload",
    "JsonObject",
    "Payload",
    "is_storable",
    "read_payload",
    "storable",
    "to_json",
]

JsonObject: TypeAlias = dict[str, Any]


class HasPayload(Protocol):
    """Something that carries a task as a dict, such as `scandoc_analytics.Task`."""

    @property
    def payload(self) -> JsonObject:
        """The task as the service gave it."""


#: JSON of a task or of a list page, one of them decoded, or a list of decoded tasks.
Payload: TypeAlias = "bytes | bytearray | memoryview | str | JsonObject | list[Any] | HasPayload"

#: What JSON comes as.
JSON_TEXT: Final = (bytes, bytearray, memoryview, str)
_EXCERPT: Final = 60


def read_payload(payload: object, position: int) -> tuple[list[JsonObject], bool]:
    """The tasks in one payload, and whether they came out of strict JSON.

    What strict JSON holds is all Unicode text and finite numbers, so that it needs fewer checks.

    Raises
    ------
    PayloadError
        At which position what stands that is no task.
    """
    where = f"payload {position}"
    value: Any = getattr(payload, "payload", payload)
    strict = False
    if isinstance(value, JSON_TEXT):
        value, strict = _decoded(value, where)
    if isinstance(value, dict) and ("id" in value or "data" not in value):
        if not _are_tasks([value]):
            raise PayloadError(_reason(value, where))
        return [value], strict
    if isinstance(value, dict):
        value = value["data"]
        where = f"the data of {where}"
    if not isinstance(value, list):
        msg = f"{where} is {_kind(value)}; a task object or a list of them was expected"
        raise PayloadError(msg)
    tasks: list[Any] = value if strict else [getattr(item, "payload", item) for item in value]
    if not _are_tasks(tasks):
        for index, task in enumerate(tasks):
            if not _are_tasks([task]):
                raise PayloadError(_reason(task, f"{where}, item {index},"))
    return tasks, strict


def is_storable(text: str) -> bool:
    """Whether a column can hold this text: a lone surrogate or a NUL is in no file format."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def storable(text: str) -> str:
    """The text with what no column can hold written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def to_json(value: object, *, strict: bool) -> str:
    """JSON text of a part of a payload; what JSON cannot hold is given as text.

    Raises
    ------
    PayloadError
        It is nested too deeply, or in a circle.
    """
    if strict:
        try:
            return orjson.dumps(value).decode()
        except orjson.JSONEncodeError:
            pass
    try:
        text = json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    except (RecursionError, ValueError, TypeError) as error:
        msg = f"a member of a task cannot be kept as JSON text ({error}): {_excerpt(value)}"
        raise PayloadError(msg) from error
    # A lone surrogate is written as its escape.
    return text if is_storable(text) else json.dumps(json.loads(text), separators=(",", ":"))


def _are_tasks(values: list[Any]) -> bool:
    """Whether each is an object with an id; all at once, because there are many."""
    if not _all_of(dict, values):
        return False
    ids = [value.get("id") for value in values]
    return _all_of(str, ids) and all(ids) and is_storable("".join(ids))


def _all_of(kind: type, values: list[Any]) -> bool:
    return all(issubclass(found, kind) for found in set(map(type, values)))


def _decoded(text: bytes | bytearray | memoryview | str, where: str) -> tuple[Any, bool]:
    try:
        return orjson.loads(text), True
    except orjson.JSONDecodeError:
        pass
    # The standard library also reads NaN, Infinity and lone surrogates, which some services send.
    try:
        return json.loads(bytes(text) if isinstance(text, memoryview) else text), False
    except RecursionError as error:
        msg = f"{where} is nested too deeply to be a task"
        raise PayloadError(msg) from error
    except ValueError as error:
        msg = f"{where} is not JSON ({error}); it starts with {_excerpt(text)}"
        raise PayloadError(msg) from error


def _reason(value: object, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} is {_kind(value)}; a task object was expected"
    if "id" not in value:
        if "title" in value and "status" in value:
            title = _excerpt(str(value["title"]))
            return f"{where} is an error answer of the service, not a task: {title}"
        return f"{where} has no id, so it is no task"
    return (
        f"{where} has an unusable id, {_excerpt(value['id'])}: a task's id is text of some length"
    )


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        return f"the text {_excerpt(value)}"
    return f"{_excerpt(value)}, of type {type(value).__name__}"


def _excerpt(value: object) -> str:
    text = ascii(value[: 2 * _EXCERPT] if isinstance(value, (bytes, str)) else value)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}..."
