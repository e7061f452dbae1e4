"""Task objects to lists of raw values, one list per column, and what no column holds.

Here is decided which member of a task feeds which column. Types are not checked here but for
whole lists later, so that a well-formed task costs little.
"""

from __future__ import annotations

from itertools import chain, compress
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from scandoc_analytics.frame.payloads import is_storable, to_json
from scandoc_analytics.schema import COMPLETED, FAILED, PENDING, PROCESSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scandoc_analytics.frame.payloads import JsonObject

__all__ = [
    "CALLBACK_PATHS",
    "FILE_MEMBERS",
    "FILE_PATHS",
    "PARAMETERS",
    "PROPERTIES",
    "TASK_MEMBERS",
    "TASK_PATHS",
    "Keep",
    "Members",
]

#: Keeps a value by the index of its task or file, and its place in the payload.
Keep: TypeAlias = "Callable[[int, tuple[str, ...], Any], None]"


DETECT: Final = "detect-documents"

#: Where the value of each column of a task stands in its payload.
TASK_PATHS: Final = {
    "operation": ("operation",),
    "status": ("status",),
    "created_at": ("created_at",),
    "updated_at": ("updated_at",),
    "param_name": ("parameters", "name"),
    "param_effect": ("parameters", "effect"),
    "param_target_format": ("parameters", "target_format"),
    "param_format": ("parameters", "format"),
    "param_pages": ("parameters", "pages"),
    "param_scan_mode": ("parameters", "scan_mode"),
    "param_quality": ("parameters", "quality"),
    "param_dpi": ("parameters", "dpi"),
    "callback_url": ("callback_url",),
    "error": ("result", "error"),
    "error_details": ("result", "details"),
    "text_format": ("result", "format"),
    "text": ("result", "content"),
}
#: Where a callback URL may stand; the first goes before the second.
CALLBACK_PATHS: Final = (("callback_url",), ("parameters", "callback_url"))
#: The same for one generated file.
FILE_PATHS: Final = {
    "file_id": ("id",),
    "file_name": ("name",),
    "file_type": ("type",),
    "file_size_bytes": ("properties", "size"),
    "file_width_px": ("properties", "width"),
    "file_height_px": ("properties", "height"),
    "file_page_count": ("properties", "page_count"),
    "file_created_at": ("created_at",),
}
#: Columns that few tasks fill: lists of (index of the task, value) instead of one value a task.
_SPARSE: Final = (
    *(name for name, path in TASK_PATHS.items() if len(path) == 2),  # noqa: PLR2004 - nested ones
    "callback_url",
    "document_count",
    "text_length",
    "fetch_error",
)
_ONLY_TEXT: Final = frozenset({str})
PARAMETERS: Final = {path[1]: name for name, path in TASK_PATHS.items() if path[0] == "parameters"}
TASK_MEMBERS: Final = frozenset(
    {path[0] for path in TASK_PATHS.values()} | {"id", "parameters", "result"}
)
FILE_MEMBERS: Final = frozenset({path[0] for path in FILE_PATHS.values()} | {"task_id"})
PROPERTIES: Final = frozenset(path[1] for path in FILE_PATHS.values() if path[0] == "properties")


class Members:
    """The raw values of some thousand tasks.

    Attributes
    ----------
    tasks
        Column name to one value per task.
    sparse
        Column name to (indices of tasks, values), for columns that few tasks fill.
    files
        Column name to one value per generated file.
    file_counts
        Generated files of each task; None where that cannot be told.
    positions
        Where each task stands among all that were added.
    extra
        Index of a task to what no column holds of it, nested as in the payload.
    file_extra
        The same by index of the generated file.
    """

    def __init__(self, *, text: bool) -> None:
        self._text = text
        self.strict = True
        self.tasks: dict[str, list[Any]] = {
            name: []
            for name in ("task_id", "operation", "status", "created_at", "updated_at", "input_ids")
        }
        self.sparse: dict[str, tuple[list[int], list[Any]]] = {
            name: ([], []) for name in _SPARSE if text or name != "text"
        }
        self.files: dict[str, list[Any]] = {name: [] for name in FILE_PATHS}
        self.file_counts: list[int | None] = []
        self.positions: list[int] = []
        self.extra: dict[int, dict[str, Any]] = {}
        self.file_extra: dict[int, Any] = {}

    def __len__(self) -> int:
        """Rows that these values may make, at the most."""
        return len(self.file_counts) + len(self.files["file_id"])

    def read(self, tasks: list[JsonObject], positions: Iterable[int], *, strict: bool) -> None:
        """Take the values out of some tasks; nothing of the tasks themselves is kept."""
        self.positions += positions
        self.strict = self.strict and strict
        first = len(self.file_counts)
        columns = self.tasks
        columns["task_id"] += [task["id"] for task in tasks]
        columns["operation"] += [task.get("operation") for task in tasks]
        columns["status"] += [task.get("status") for task in tasks]
        columns["created_at"] += [task.get("created_at") for task in tasks]
        columns["updated_at"] += [task.get("updated_at") for task in tasks]
        _keep_unknown(tasks, first, TASK_MEMBERS, self.keep_task)
        self._read_parameters(tasks, first, strict=strict)
        self._read_results(tasks, first)

    def _read_parameters(self, tasks: list[JsonObject], first: int, *, strict: bool) -> None:
        parameters: list[Any] = [task.get("parameters") for task in tasks]
        for place in _places_but(dict, parameters):
            if parameters[place] is not None:
                self.keep_task(first + place, ("parameters",), parameters[place])
            parameters[place] = {}
        urls = self._read_by_shape(parameters, first)
        inputs = [held.get("input") for held in parameters]
        if strict and _ONLY_TEXT.issuperset(map(type, inputs)):
            self.tasks["input_ids"] += [[held] for held in inputs]
        else:
            self.tasks["input_ids"] += map(
                self._input_ids, range(first, first + len(inputs)), inputs
            )
        own_urls = [task.get("callback_url") for task in tasks]
        for index, own in enumerate(own_urls, first):
            if own is not None or index in urls:
                self._read_callback(index, own, urls.get(index))
        self._rename_detections(tasks, parameters, first)

    def _read_by_shape(self, parameters: list[JsonObject], first: int) -> dict[int, Any]:
        """Read all but the inputs; the callback URLs by the index of their task."""
        urls: dict[int, Any] = {}
        for shape, (indices, alike) in _by_shape(parameters, first).items():
            for member in shape:
                if member in PARAMETERS:
                    self._extend(PARAMETERS[member], indices, [held[member] for held in alike])
                elif member == "callback_url":
                    urls.update(zip(indices, [held[member] for held in alike], strict=True))
                elif member != "input":
                    for index, held in zip(indices, alike, strict=True):
                        self.keep_task(index, ("parameters", member), held[member])
        return urls

    def _rename_detections(
        self, tasks: list[JsonObject], parameters: list[JsonObject], first: int
    ) -> None:
        operations = self.tasks["operation"]
        for index, held in enumerate(parameters, first):
            if operations[index] == "convert" and _is_detection(held, tasks[index - first]):
                self.keep_task(index, ("operation",), "convert")
                operations[index] = DETECT

    def _read_results(self, tasks: list[JsonObject], first: int) -> None:
        add_count = self.file_counts.append
        files: list[Any] = []
        owners: list[str] = []
        results = [task.get("result") for task in tasks]
        statuses = self.tasks["status"][first:]
        for place, (result, status) in enumerate(zip(results, statuses, strict=True)):
            if status == COMPLETED and type(result) is dict and len(result) == 1:
                found = result.get("generated_files")
                if type(found) is not list:
                    found = self._read_result(first + place, status, result)
            elif not result and (result is None or isinstance(result, dict)):
                found = []
            else:
                found = self._read_result(first + place, status, result)
            if found:
                files += found
                owners += [tasks[place]["id"]] * len(found)
            add_count(None if found is None else len(found))
        self._read_files(files, owners)

    def _read_result(self, index: int, status: object, result: object) -> list[Any] | None:
        """Take what columns hold, keep the rest; the generated files, None for no telling."""
        if status in (PENDING, PROCESSING):
            self.keep_task(index, ("result",), result)
            return []
        if not isinstance(result, dict):
            self.keep_task(index, ("result",), result)
            return None
        rest = dict(result)
        if status == FAILED:
            self._read_failure(index, rest)
        elif status == COMPLETED:
            self._read_outcome(index, rest)
        found = _generated_files(rest, settled=status in (COMPLETED, FAILED))
        if rest:
            self.keep_task(index, ("result",), rest)
        return found

    def _read_failure(self, index: int, rest: dict[str, Any]) -> None:
        error = rest.pop("error", None)
        if error is not None:
            self._add("error", index, error)
        details = rest.pop("details", None)
        if details is not None:
            self._add("error_details", index, to_json(details, strict=self.strict))

    def _read_outcome(self, index: int, rest: dict[str, Any]) -> None:
        operation = self.tasks["operation"][index]
        documents = rest.get("documents")
        content = rest.get("content")
        if operation == DETECT and isinstance(documents, list):
            self._add("document_count", index, len(documents))
            if not documents:
                del rest["documents"]
        elif operation == "extract-text" and isinstance(content, str):
            del rest["content"]
            self._add("text_length", index, len(content))
            if self._text:
                self._add("text", index, content)
            text_format = rest.pop("format", None)
            if text_format is not None:
                self._add("text_format", index, text_format)

    def _read_files(self, files: list[Any], owners: list[str]) -> None:
        first = len(self.files["file_id"])
        for place in _places_but(dict, files):
            self.file_extra[first + place] = files[place]
            files[place] = {}
        columns = self.files
        columns["file_id"] += [file.get("id") for file in files]
        columns["file_name"] += [file.get("name") for file in files]
        columns["file_type"] += [file.get("type") for file in files]
        columns["file_created_at"] += [file.get("created_at") for file in files]
        makers = [file.get("task_id") for file in files]
        if makers != owners:
            for index, (maker, owner) in enumerate(zip(makers, owners, strict=True), first):
                if maker is not None and maker != owner:
                    self.keep_file(index, ("task_id",), maker)
        properties = [file.get("properties") for file in files]
        for place in _places_but(dict, properties):
            if properties[place] is not None:
                self.keep_file(first + place, ("properties",), properties[place])
            properties[place] = {}
        columns["file_size_bytes"] += [held.get("size") for held in properties]
        columns["file_width_px"] += [held.get("width") for held in properties]
        columns["file_height_px"] += [held.get("height") for held in properties]
        columns["file_page_count"] += [held.get("page_count") for held in properties]
        _keep_unknown(files, first, FILE_MEMBERS, self.keep_file)
        _keep_unknown(properties, first, PROPERTIES, self.keep_file, "properties")

    def _add(self, column: str, index: int, value: object) -> None:
        indices, values = self.sparse[column]
        indices.append(index)
        values.append(value)

    def _extend(self, column: str, indices: list[int], values: list[Any]) -> None:
        if None in values:
            kept = [value is not None for value in values]
            indices = list(compress(indices, kept))
            values = list(compress(values, kept))
        self.sparse[column][0].extend(indices)
        self.sparse[column][1].extend(values)

    def _input_ids(self, index: int, inputs: object) -> list[str]:
        """Ids in `parameters.input`; what is no id stays in `extra` with all beside it."""
        given = inputs if isinstance(inputs, list) else [] if inputs is None else [inputs]
        ids = [str(value) for value in given if isinstance(value, str) and is_storable(value)]
        if len(ids) != len(given):
            self.keep_task(index, ("parameters", "input"), inputs)
        return ids

    def _read_callback(self, index: int, own: object, url: object) -> None:
        """The task's own URL goes before that of its parameters."""
        chosen = None
        for path, value in zip(CALLBACK_PATHS, (own, url), strict=True):
            if value is None or value == chosen:
                continue
            if chosen is None and isinstance(value, str) and is_storable(value):
                chosen = value
                self._add("callback_url", index, chosen)
            else:
                self.keep_task(index, path, value)

    def add_failure(self, task_id: str, message: str, position: int) -> None:
        """Add a task of which only its id is known, and why."""
        self._add("fetch_error", len(self.file_counts), message)
        for values in self.tasks.values():
            values.append(None)
        self.tasks["task_id"][-1] = task_id
        self.file_counts.append(None)
        self.positions.append(position)

    def keep_task(self, index: int, path: tuple[str, ...], value: object) -> None:
        """Put what no column holds of a task at the place that it has in the payload."""
        if path[0] == "file":
            # The name is taken: it holds what is left of a generated file.
            path = ("task.file",)
        _put(self.extra.setdefault(index, {}), path, value)

    def keep_file(self, index: int, path: tuple[str, ...], value: object) -> None:
        """The same for a generated file."""
        _put(self.file_extra.setdefault(index, {}), path, value)


def _by_shape(
    objects: list[JsonObject], first: int
) -> dict[tuple[str, ...], tuple[list[int], list[JsonObject]]]:
    """Indices and objects by the names of their members: few shapes, however many objects."""
    shapes: dict[tuple[str, ...], tuple[list[int], list[JsonObject]]] = {}
    for index, held in enumerate(objects, first):
        shape = tuple(held)
        if shape not in shapes:
            shapes[shape] = ([], [])
        indices, alike = shapes[shape]
        indices.append(index)
        alike.append(held)
    return shapes


def _places_but(kind: type, values: list[Any]) -> list[int]:
    """Where something else stands; most often nowhere, which costs little to see."""
    if all(issubclass(found, kind) for found in set(map(type, values))):
        return []
    return [place for place, value in enumerate(values) if not isinstance(value, kind)]


def _keep_unknown(
    objects: list[JsonObject],
    first: int,
    known: frozenset[str],
    keep: Keep,
    *path: str,
) -> None:
    if known.issuperset(chain.from_iterable(objects)):
        return
    for index, held in enumerate(objects, first):
        for member in held.keys() - known:
            keep(index, (*path, member), held[member])


def _put(extra: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        extra = extra.setdefault(name, {})
    extra[path[-1]] = value


def _is_detection(parameters: JsonObject, task: JsonObject) -> bool:
    # Every generation of the official SDK types detect-documents as convert.
    if parameters.get("target_format") is None:
        return True
    result = task.get("result")
    if not isinstance(result, dict) or task.get("status") in (PENDING, PROCESSING):
        return False
    return isinstance(result.get("documents"), list)


def _generated_files(rest: dict[str, Any], *, settled: bool) -> list[Any] | None:
    """Take them out of `rest`; None, and nothing taken, where they cannot be told."""
    files = rest.get("generated_files")
    if files is None:
        rest.pop("generated_files", None)
        return []
    if isinstance(files, list) and (settled or all(isinstance(file, dict) for file in files)):
        return cast("list[Any]", rest.pop("generated_files"))
    return None
