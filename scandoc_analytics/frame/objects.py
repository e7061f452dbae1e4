"""The long way, which any task can go: its decoded object to raw values, and all else to `extra`.

Here is decided which member of a task feeds which column.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

from scandoc_analytics.frame.members import (
    CALLBACK_PATHS,
    DETECT,
    EXTRACT_TEXT,
    FILE_PATHS,
    PARAMETERS,
    TASK_PATHS,
)
from scandoc_analytics.frame.payloads import is_storable, to_json
from scandoc_analytics.schema import COMPLETED, FAILED, PENDING, PROCESSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scandoc_analytics.frame.members import Keep, Members
    from scandoc_analytics.frame.payloads import JsonObject

__all__ = ["input_ids", "read_objects"]

_TASK_MEMBERS: Final = frozenset({path[0] for path in TASK_PATHS.values()} | {"id"})
_PARAMETERS: Final = frozenset({*PARAMETERS, "input", "callback_url"})
_FILE_MEMBERS: Final = frozenset({path[0] for path in FILE_PATHS.values()} | {"task_id"})
_PROPERTIES: Final = frozenset(path[1] for path in FILE_PATHS.values() if path[0] == "properties")


def read_objects(members: Members, tasks: list[JsonObject], positions: Iterable[int]) -> None:
    """Take the values out of some tasks; nothing of the tasks themselves is kept."""
    first = len(members.positions)
    members.positions += positions
    members.tasks["task_id"] += [task["id"] for task in tasks]
    for name in ("operation", "status", "created_at", "updated_at"):
        members.tasks[name] += [task.get(name) for task in tasks]
    _keep_unknown(tasks, first, _TASK_MEMBERS, members.keep_task)
    parameters = _read_parameters(members, tasks, first)
    members.fill()
    for index, (task, held) in enumerate(zip(tasks, parameters, strict=True), first):
        _read_callback(members, index, task.get("callback_url"), held.get("callback_url"))
        _rename_detection(members, index, task, held)
    _read_results(members, tasks, first)


def _read_parameters(members: Members, tasks: list[JsonObject], first: int) -> list[JsonObject]:
    parameters = _objects(tasks, "parameters", first, members.keep_task)
    for member, name in PARAMETERS.items():
        members.tasks[name] += [held.get(member) for held in parameters]
    members.inputs += [
        input_ids(members, index, held.get("input")) for index, held in enumerate(parameters, first)
    ]
    _keep_unknown(parameters, first, _PARAMETERS, members.keep_task, "parameters")
    return parameters


def input_ids(members: Members, index: int, inputs: object) -> list[str]:
    """Ids in `parameters.input`; what is no id stays in `extra` with all beside it."""
    given = inputs if isinstance(inputs, list) else [] if inputs is None else [inputs]
    ids = [str(value) for value in given if isinstance(value, str) and is_storable(value)]
    if len(ids) != len(given):
        members.keep_task(index, ("parameters", "input"), inputs)
    return ids


def _read_callback(members: Members, index: int, own: object, url: object) -> None:
    """The task's own URL goes before that of its parameters."""
    chosen = None
    for path, value in zip(CALLBACK_PATHS, (own, url), strict=True):
        if value is None or value == chosen:
            continue
        if chosen is None and isinstance(value, str) and is_storable(value):
            chosen = members.tasks["callback_url"][index] = value
        else:
            members.keep_task(index, path, value)


def _rename_detection(members: Members, index: int, task: JsonObject, held: JsonObject) -> None:
    # Every generation of the official SDK types detect-documents as convert.
    if task.get("operation") != "convert":
        return
    result = task.get("result")
    found = isinstance(result, dict) and isinstance(result.get("documents"), list)
    if held.get("target_format") is None or (
        found and task.get("status") not in (PENDING, PROCESSING)
    ):
        members.keep_task(index, ("operation",), "convert")
        members.tasks["operation"][index] = DETECT


def _read_results(members: Members, tasks: list[JsonObject], first: int) -> None:
    files: list[Any] = []
    owners: list[str] = []
    for index, task in enumerate(tasks, first):
        found = _read_result(members, index, task.get("result"))
        if found:
            files += found
            owners += [task["id"]] * len(found)
        members.file_counts.append(None if found is None else len(found))
    _read_files(members, files, owners)


def _read_result(members: Members, index: int, result: object) -> list[Any] | None:
    """Take what columns hold, keep the rest; the generated files, None for no telling."""
    status = members.tasks["status"][index]
    if result is None or result == {}:
        return []
    if status in (PENDING, PROCESSING):
        members.keep_task(index, ("result",), result)
        return []
    if not isinstance(result, dict):
        members.keep_task(index, ("result",), result)
        return None
    rest = dict(result)
    if status == FAILED:
        _read_failure(members, index, rest)
    elif status == COMPLETED:
        _read_outcome(members, index, rest)
    found = _generated_files(rest, settled=status in (COMPLETED, FAILED))
    if rest:
        members.keep_task(index, ("result",), rest)
    return found


def _read_failure(members: Members, index: int, rest: dict[str, Any]) -> None:
    members.tasks["error"][index] = rest.pop("error", None)
    details = rest.pop("details", None)
    if details is not None:
        members.tasks["error_details"][index] = to_json(details, strict=members.strict)


def _read_outcome(members: Members, index: int, rest: dict[str, Any]) -> None:
    operation = members.tasks["operation"][index]
    documents = rest.get("documents")
    content = rest.get("content")
    if operation == DETECT and isinstance(documents, list):
        members.tasks["document_count"][index] = len(documents)
        if not documents:
            del rest["documents"]
    elif operation == EXTRACT_TEXT and isinstance(content, str):
        del rest["content"]
        members.tasks["text_length"][index] = len(content)
        if members.text:
            members.tasks["text"][index] = content
        members.tasks["text_format"][index] = rest.pop("format", None)


def _generated_files(rest: dict[str, Any], *, settled: bool) -> list[Any] | None:
    """Take them out of `rest`; None, and nothing taken, where they cannot be told."""
    files = rest.get("generated_files")
    if files is None:
        rest.pop("generated_files", None)
        return []
    if isinstance(files, list) and (settled or all(isinstance(file, dict) for file in files)):
        return cast("list[Any]", rest.pop("generated_files"))
    return None


def _read_files(members: Members, files: list[Any], owners: list[str]) -> None:
    columns = members.files
    first = len(columns["file_id"])
    for place, file in enumerate(files):
        if not isinstance(file, dict):
            members.file_extra[first + place] = file
            files[place] = {}
    properties = _objects(files, "properties", first, members.keep_file)
    for name, path in FILE_PATHS.items():
        objects = files if len(path) == 1 else properties
        columns[name] += [held.get(path[-1]) for held in objects]
    for index, (file, owner) in enumerate(zip(files, owners, strict=True), first):
        if file.get("task_id") not in (None, owner):
            members.keep_file(index, ("task_id",), file["task_id"])
    _keep_unknown(files, first, _FILE_MEMBERS, members.keep_file)
    _keep_unknown(properties, first, _PROPERTIES, members.keep_file, "properties")


def _objects(holders: list[JsonObject], member: str, first: int, keep: Keep) -> list[JsonObject]:
    """That member of each; an empty object in the place of what is none, which is kept aside."""
    found = [holder.get(member) for holder in holders]
    for place, value in enumerate(found):
        if not isinstance(value, dict):
            if value is not None:
                keep(first + place, (member,), value)
            found[place] = {}
    return cast("list[JsonObject]", found)


def _keep_unknown(
    objects: list[JsonObject], first: int, known: frozenset[str], keep: Keep, *path: str
) -> None:
    if known.issuperset(chain.from_iterable(objects)):
        return
    for index, held in enumerate(objects, first):
        for member in held.keys() - known:
            keep(index, (*path, member), held[member])
