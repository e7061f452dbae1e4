"""The short way for plain tasks: those whose every member has a column, which most are.

Arrow reads whole task objects at once, several times as fast as Python can. It cannot keep what has
no column and gives up at a wrong type; such tasks go the long way, through `Members`. Both ways
must give the same rows: the tests compare them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from scandoc_analytics.frame.members import (
    FILE_MEMBERS,
    FILE_PATHS,
    PARAMETERS,
    PROPERTIES,
    TASK_MEMBERS,
)
from scandoc_analytics.frame.values import TEXT, WHOLE, WHOLE_COLUMNS
from scandoc_analytics.schema import COMPLETED

if TYPE_CHECKING:
    from scandoc_analytics.frame.payloads import JsonObject

__all__ = ["find_plain", "plain_inputs", "read_plain"]

_PARAMETERS: Final = frozenset({*PARAMETERS, "input", "callback_url"})
_ONLY_TEXT: Final = frozenset({str})
_ONLY_OBJECTS: Final = frozenset({dict})
# Arrow would cut the fraction off a float without a word.
_ONLY_WHOLE: Final = frozenset({int, type(None)})
_NUMBERS: Final = tuple(member for member, column in PARAMETERS.items() if column in WHOLE_COLUMNS)


def _kind(column: str) -> pa.DataType:
    return WHOLE if column in WHOLE_COLUMNS else TEXT


_FILE: Final = pa.struct(
    [(path[0], TEXT) for path in FILE_PATHS.values() if len(path) == 1]
    + [
        (
            "properties",
            pa.struct(
                [(path[1], WHOLE) for path in FILE_PATHS.values() if path[0] == "properties"]
            ),
        )
    ]
)
_TASK: Final = pa.struct(
    [(name, TEXT) for name in ("id", "operation", "status", "created_at", "updated_at")]
    + [
        ("callback_url", TEXT),
        (
            "parameters",
            pa.struct(
                [(member, _kind(column)) for member, column in PARAMETERS.items()]
                + [("callback_url", TEXT)]
            ),
        ),
        ("result", pa.struct([("generated_files", pa.list_(_FILE))])),
    ]
)


def find_plain(tasks: list[JsonObject]) -> list[int]:
    """Places of the tasks, from strict JSON, of which columns hold all, judged by their shape."""
    places = [place for place, task in enumerate(tasks) if _is_plain(task)]
    plain = [tasks[place] for place in places]
    made = [
        (task["id"], file)
        for task in plain
        if task.get("result")
        for file in task["result"]["generated_files"]
    ]
    files = [file for _, file in made]
    if not _are_objects(files):
        return []
    properties = [file.get("properties") for file in files]
    # One unknown name is enough to send all the long way: such names come with a new version of
    # the service, and then in most tasks.
    known = (
        _are_objects(properties)
        and TASK_MEMBERS.issuperset(chain.from_iterable(plain))
        and FILE_MEMBERS.issuperset(chain.from_iterable(files))
        and PROPERTIES.issuperset(chain.from_iterable(properties))
        and _ONLY_WHOLE.issuperset(
            map(type, chain.from_iterable(held.values() for held in properties))
        )
        and all(file.get("task_id") in (None, owner) for owner, file in made)
    )
    return places if known else []


def _are_objects(values: list[Any]) -> bool:
    return _ONLY_OBJECTS.issuperset(map(type, values))


def _is_plain(task: JsonObject) -> bool:
    parameters = task.get("parameters")
    if type(parameters) is not dict or not _PARAMETERS.issuperset(parameters):
        return False
    result = task.get("result")
    if result and (
        task.get("status") != COMPLETED
        or type(result) is not dict
        or len(result) != 1
        or type(result.get("generated_files")) is not list
    ):
        return False
    inputs = parameters.get("input")
    if type(inputs) is not str and (
        type(inputs) is not list or not _ONLY_TEXT.issuperset(map(type, inputs))
    ):
        return False
    if not _ONLY_WHOLE.issuperset([type(parameters.get(member)) for member in _NUMBERS]):
        return False
    if task.get("operation") == "convert" and parameters.get("target_format") is None:
        return False
    url = parameters.get("callback_url")
    return url is None or task.get("callback_url") in (None, url)


def plain_inputs(tasks: list[JsonObject]) -> list[list[str]]:
    """The `input_ids` of plain tasks."""
    inputs = [task["parameters"]["input"] for task in tasks]
    return [[held] if type(held) is str else held for held in inputs]


def read_plain(tasks: list[JsonObject]) -> pa.StructArray | None:
    """The tasks as one Arrow array; None if a member of one has the wrong type."""
    try:
        return pa.array(tasks, _TASK)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return None
