"""What a card says about a task, read off a payload that may hold anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scandoc_analytics import units
from scandoc_analytics.card.values import (
    ago,
    as_mapping,
    as_size,
    as_text,
    as_time,
    listed,
    moment,
    pretty,
)
from scandoc_analytics.schema import COMPLETED, FAILED, PENDING, PROCESSING, SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MARKS", "Facts", "FileFacts", "Neighbour", "Neighbours", "read_facts"]

#: The sign before a status: never the colour alone. Unknown statuses have a question mark.
MARKS: Final = {COMPLETED: "✓", FAILED: "✗", PENDING: "…", PROCESSING: "…"}

_ID: Final = 50
_NAME: Final = 60
_LABEL: Final = 40
_VALUE: Final = 90
_ERROR: Final = 300
_BLOCK: Final = 600
_BLOCK_LINES: Final = 14
_MOST_PARAMETERS: Final = 12
_MOST_OTHERS: Final = 6
_MOST_FILES: Final = 12
_MOST_NEIGHBOURS: Final = 5

_TASK_MEMBERS: Final = frozenset(
    {"id", "operation", "parameters", "status", "result", "callback_url"}
    | {"created_at", "updated_at"}
)


class Neighbour(NamedTuple):
    """A task that comes before or after another one, as far as a frame knows it."""

    task_id: str
    operation: str = ""
    status: str = ""


@dataclass(frozen=True)
class FileFacts:
    """One generated file; each text may be empty."""

    name: str
    type: str
    size: str
    extent: str
    file_id: str


@dataclass(frozen=True)
class Neighbours:
    """Some of the tasks before or after, and how many more there are."""

    shown: list[Neighbour] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Facts:
    """All that a card says, each text short and inert; `more_*` counts what is left out."""

    task_id: str
    status: str
    mark: str
    kind: str
    operation: str
    times: list[tuple[str, str]]
    parameters: list[tuple[str, str]]
    more_parameters: int
    error: str
    details: list[str]
    more_details: int
    found: str
    text_note: str
    text: list[str]
    more_text: int
    files: list[FileFacts]
    more_files: int
    others: list[tuple[str, str]]
    before: Neighbours
    after: Neighbours
    source: str


def read_facts(  # noqa: PLR0913 - the payload, and what is known around it
    payload: Any,
    *,
    fetched_at: datetime | None = None,
    from_cache: bool | None = None,
    before: Iterable[Neighbour] = (),
    after: Iterable[Neighbour] = (),
    now: datetime | None = None,
) -> Facts:
    """Read what a card says off a payload; what is missing or of a wrong type is left out."""
    task = as_mapping(payload)
    now = now or datetime.now(UTC)
    result, parameters = as_mapping(task.get("result")), as_mapping(task.get("parameters"))
    status = as_text(task.get("status"), _LABEL) or "status unknown"
    named = _pairs({**parameters, **_callback(task, parameters)})
    failed = status == FAILED
    details, all_details = _block(result.get("details")) if failed else ([], 0)
    files, more_files = _files(result.get("generated_files"))
    text_note, text, all_text = _text(result)
    others = _others(task, result, failed=failed)
    return Facts(
        task_id=as_text(task.get("id"), _ID) or "no id",
        status=status,
        mark=MARKS.get(status, "?"),
        kind=status if status in MARKS else "unknown",
        operation=_operation(task, parameters, result),
        times=_times(task, now=now, settled=status in SETTLED),
        parameters=named[:_MOST_PARAMETERS],
        more_parameters=max(len(named) - _MOST_PARAMETERS, 0),
        error=as_text(result.get("error"), _ERROR) or "no reason given" if failed else "",
        details=details,
        more_details=all_details - len(details),
        found=_found(result.get("documents")),
        text_note=text_note,
        text=text,
        more_text=all_text - len(text),
        files=files,
        more_files=more_files,
        others=others,
        before=_neighbours(before),
        after=_neighbours(after),
        source=_source(fetched_at, from_cache=from_cache, now=now),
    )


def _operation(task: dict[Any, Any], parameters: dict[Any, Any], result: dict[Any, Any]) -> str:
    operation = task.get("operation")
    # The service calls the detection of documents a convert too: it has no format to convert to.
    detected = isinstance(result.get("documents"), list) or not parameters.get("target_format")
    if operation == "convert" and detected:
        return "detect-documents"
    return as_text(operation, _LABEL) or "operation unknown"


def _times(task: dict[Any, Any], *, now: datetime, settled: bool) -> list[tuple[str, str]]:
    created, updated = as_time(task.get("created_at")), as_time(task.get("updated_at"))
    rows = []
    if created is not None:
        rows.append(("created", f"{moment(created)} ({ago(created, now)})"))
    if settled and created is not None and updated is not None:
        rows.append(("took", units.duration_text((updated - created).total_seconds())))
    elif not settled and updated is not None:
        rows.append(("last change", f"{moment(updated)} ({ago(updated, now)})"))
    return rows


def _callback(task: dict[Any, Any], parameters: dict[Any, Any]) -> dict[str, Any]:
    url = task.get("callback_url") or parameters.get("callback_url")
    return {"callback_url": url} if url else {}


def _pairs(members: dict[Any, Any]) -> list[tuple[str, str]]:
    return [
        (as_text(str(name), _LABEL).replace("_", " "), as_text(listed(value, _VALUE), _VALUE))
        for name, value in members.items()
        if value is not None
    ]


def _block(value: Any) -> tuple[list[str], int]:
    if value is None or value in ({}, []):
        return [], 0
    return pretty(value, lines=_BLOCK_LINES, most=_BLOCK)


def _found(documents: Any) -> str:
    if not isinstance(documents, list):
        return ""
    count = len(documents)
    head = f"{units.count_text(count)} document{'' if count == 1 else 's'}"
    boxes = [as_mapping(as_mapping(document).get("bounding_box")) for document in documents]
    sizes = [_extent(box) for box in boxes[:_MOST_NEIGHBOURS]]
    if not all(sizes):
        return head
    return f"{head}: {', '.join(sizes)}{', …' if count > len(sizes) else ''}" if sizes else head


def _extent(members: dict[Any, Any]) -> str:
    width, height = as_size(members.get("width")), as_size(members.get("height"))
    return "" if width is None or height is None else f"{width:,.0f} × {height:,.0f} px"


def _text(result: dict[Any, Any]) -> tuple[str, list[str], int]:
    content = result.get("content")
    if not isinstance(content, str):
        return "", [], 0
    form = as_text(result.get("format"), _LABEL)
    note = f"{units.count_text(len(content))} characters" + (f" of {form}" if form else "")
    return note, *pretty(content, lines=_BLOCK_LINES, most=_BLOCK)


def _files(value: Any) -> tuple[list[FileFacts], int]:
    files = value if isinstance(value, list) else []
    return [_file(file) for file in files[:_MOST_FILES]], max(len(files) - _MOST_FILES, 0)


def _file(value: Any) -> FileFacts:
    file = as_mapping(value)
    properties = as_mapping(file.get("properties"))
    size = as_size(properties.get("size"))
    pages = as_size(properties.get("page_count"))
    extent = _extent(properties)
    if not extent and pages is not None:
        extent = f"{units.count_text(pages)} page{'' if pages == 1 else 's'}"
    return FileFacts(
        name=as_text(file.get("name"), _NAME) or "no name",
        type=as_text(file.get("type"), _LABEL) or "type unknown",
        size="" if size is None else units.bytes_text(size),
        extent=extent,
        file_id=as_text(file.get("id"), _ID),
    )


def _others(task: dict[Any, Any], result: dict[Any, Any], *, failed: bool) -> list[tuple[str, str]]:
    shown_elsewhere = {"generated_files", "documents", "content", "format"}
    if failed:
        shown_elsewhere |= {"error", "details"}
    members = {name: task[name] for name in task if name not in _TASK_MEMBERS}
    members |= {name: result[name] for name in result if name not in shown_elsewhere}
    # A result or parameters of a wrong type are shown as they came.
    for name in ("parameters", "result"):
        if not isinstance(task.get(name, {}), dict):
            members[name] = task[name]
    return _pairs(members)[:_MOST_OTHERS]


def _neighbours(tasks: Iterable[Neighbour]) -> Neighbours:
    every = list(tasks)
    shown = [
        Neighbour(as_text(task_id, _ID), as_text(operation, _LABEL), as_text(status, _LABEL))
        for task_id, operation, status in every[:_MOST_NEIGHBOURS]
    ]
    return Neighbours(shown, max(len(every) - _MOST_NEIGHBOURS, 0))


def _source(fetched_at: datetime | None, *, from_cache: bool | None, now: datetime) -> str:
    where = {True: "From the cache", False: "From the service", None: ""}[from_cache]
    if fetched_at is None:
        return where
    age = ago(fetched_at, now)
    when = moment(fetched_at)
    return f"{where}, fetched {age} ({when})" if where else f"Fetched {age} ({when})"
