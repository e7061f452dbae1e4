"""The short way, for plain tasks: their members to raw values, a list at a time.

It must give the same rows as the long way, `objects`: the tests compare them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec import UNSET

from scandoc_analytics.frame.objects import input_ids
from scandoc_analytics.frame.payloads import is_storable, to_json
from scandoc_analytics.frame.structs import NO_PARAMETERS, NO_PROPERTIES
from scandoc_analytics.schema import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scandoc_analytics.frame.members import Members
    from scandoc_analytics.frame.structs import File, PlainTask, Result

__all__ = ["read_plain"]


def read_plain(members: Members, tasks: list[PlainTask], positions: Iterable[int]) -> None:
    """Take the values out of some tasks of which none is odd."""
    members.positions += positions
    first = len(members.tasks["task_id"])
    columns = members.tasks
    columns["task_id"] += [task.id for task in tasks]
    columns["operation"] += [task.operation for task in tasks]
    columns["status"] += [task.status for task in tasks]
    columns["created_at"] += [task.created_at for task in tasks]
    columns["updated_at"] += [task.updated_at for task in tasks]
    _read_parameters(members, tasks, first)
    members.fill()
    _read_results(members, tasks, first)


def _read_parameters(members: Members, tasks: list[PlainTask], first: int) -> None:
    columns = members.tasks
    parameters = [task.parameters or NO_PARAMETERS for task in tasks]
    inputs = [[] if held.input is None else held.input for held in parameters]
    if not is_storable("".join(chain.from_iterable(inputs))):
        inputs = [
            input_ids(members, index, held.input) for index, held in enumerate(parameters, first)
        ]
    members.inputs += inputs
    columns["param_name"] += [held.name for held in parameters]
    columns["param_effect"] += [held.effect for held in parameters]
    columns["param_target_format"] += [held.target_format for held in parameters]
    columns["param_format"] += [held.format for held in parameters]
    columns["param_pages"] += [held.pages for held in parameters]
    columns["param_scan_mode"] += [held.scan_mode for held in parameters]
    columns["param_quality"] += [held.quality for held in parameters]
    columns["param_dpi"] += [held.dpi for held in parameters]
    columns["callback_url"] += [
        held.callback_url if task.callback_url is None else task.callback_url
        for task, held in zip(tasks, parameters, strict=True)
    ]
    for index, held in enumerate(parameters, first):
        if held.vertices is not UNSET:
            members.keep_task(index, ("parameters", "vertices"), held.vertices)
        if held.schema is not UNSET:
            members.keep_task(index, ("parameters", "schema"), held.schema)


def _read_results(members: Members, tasks: list[PlainTask], first: int) -> None:
    files: list[File] = []
    owners: list[str] = []
    for index, task in enumerate(tasks, first):
        result = task.result
        if result is None:
            members.file_counts.append(0)
            continue
        found = result.generated_files
        if found:
            files += found
            owners += [task.id] * len(found)
        members.file_counts.append(len(found) if found else 0)
        if task.status == FAILED:
            _read_failure(members, index, result)
        elif isinstance(result.content, str):
            _read_text(members, index, result.content, result)
        elif result.documents is not UNSET:
            members.tasks["document_count"][index] = len(result.documents)
            if result.documents:
                members.keep_task(index, ("result", "documents"), result.documents)
    _read_files(members, files, owners)


def _read_failure(members: Members, index: int, result: Result) -> None:
    if result.error is not UNSET:
        members.tasks["error"][index] = result.error
    if result.details is not UNSET and result.details is not None:
        members.tasks["error_details"][index] = to_json(result.details, strict=members.strict)


def _read_text(members: Members, index: int, content: str, result: Result) -> None:
    members.tasks["text_length"][index] = len(content)
    if members.text:
        members.tasks["text"][index] = content
    if result.format is not UNSET:
        members.tasks["text_format"][index] = result.format


def _read_files(members: Members, files: list[File], owners: list[str]) -> None:
    columns = members.files
    first = len(columns["file_id"])
    columns["file_id"] += [file.id for file in files]
    columns["file_name"] += [file.name for file in files]
    columns["file_type"] += [file.type for file in files]
    columns["file_created_at"] += [file.created_at for file in files]
    properties = [file.properties or NO_PROPERTIES for file in files]
    columns["file_size_bytes"] += [held.size for held in properties]
    columns["file_width_px"] += [held.width for held in properties]
    columns["file_height_px"] += [held.height for held in properties]
    columns["file_page_count"] += [held.page_count for held in properties]
    makers = [file.task_id for file in files]
    if makers != owners:
        for index, (maker, owner) in enumerate(zip(makers, owners, strict=True), first):
            if maker is not None and maker != owner:
                members.keep_file(index, ("task_id",), maker)
