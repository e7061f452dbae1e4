"""Where the value of each column stands in a task, and lists for some thousand of them.

Two readers fill `Members`: `plain` with tasks that are as known, `objects` with all others. Types
are checked later, whole lists at once, so that a well-formed task costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CALLBACK_PATHS",
    "DETECT",
    "EXTRACT_TEXT",
    "FILE_PATHS",
    "PARAMETERS",
    "TASK_PATHS",
    "Keep",
    "Members",
]

#: Keeps a value by the index of its task or file, and its place in the payload.
Keep: TypeAlias = "Callable[[int, tuple[str, ...], Any], None]"

#: Operations whose results have columns of their own.
DETECT: Final = "detect-documents"
EXTRACT_TEXT: Final = "extract-text"

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
#: Member of `parameters` to its column.
PARAMETERS: Final = {path[1]: name for name, path in TASK_PATHS.items() if path[0] == "parameters"}


class Members:
    """The raw values of some thousand tasks.

    Attributes
    ----------
    tasks
        Column name to one value per task; all lists are equally long.
    inputs
        The ids of the inputs of each task, a single one as it is; None for a task that could not
        be fetched.
    files
        Column name to one value per generated file.
    file_counts
        Generated files of each task; None where that cannot be told.
    positions
        Where each task stands among all that were added.
    strict
        Whether all of them came out of strict JSON.
    extra
        Index of a task to what no column holds of it, nested as in the payload.
    file_extra
        The same by index of the generated file.
    """

    def __init__(self, *, text: bool) -> None:
        self.text = text
        self.strict = True
        names = ("task_id", *TASK_PATHS, "document_count", "text_length", "fetch_error")
        self.tasks: dict[str, list[Any]] = {name: [] for name in names if text or name != "text"}
        self.inputs: list[str | list[str] | None] = []
        self.files: dict[str, list[Any]] = {name: [] for name in FILE_PATHS}
        self.file_counts: list[int | None] = []
        self.positions: list[int] = []
        self.extra: dict[int, dict[str, Any]] = {}
        self.file_extra: dict[int, Any] = {}

    def __len__(self) -> int:
        """Rows that these values may make, at the most."""
        return len(self.file_counts) + len(self.files["file_id"])

    def fill(self) -> None:
        """End each list that is shorter than the list of ids with missing values."""
        tasks = len(self.tasks["task_id"])
        for values in self.tasks.values():
            values.extend([None] * (tasks - len(values)))

    def add_failure(self, task_id: str, message: str, position: int) -> None:
        """Add a task of which only its id is known, and why."""
        self.tasks["task_id"].append(task_id)
        self.fill()
        self.tasks["fetch_error"][-1] = message
        self.inputs.append(None)
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


def _put(extra: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        extra = extra.setdefault(name, {})
    extra[path[-1]] = value
