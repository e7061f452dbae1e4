"""A task's payload put together again from its rows, for where a frame is all that there is."""

from __future__ import annotations

import json
from typing import Any, Final

import pandas as pd

from scandoc_analytics.card import Neighbour

__all__ = ["neighbours", "payload_of"]

_PARAMETERS: Final = {
    "param_name": "name",
    "param_effect": "effect",
    "param_target_format": "target_format",
    "param_format": "format",
    "param_pages": "pages",
    "param_scan_mode": "scan_mode",
    "param_quality": "quality",
    "param_dpi": "dpi",
}
_PROPERTIES: Final = {
    "file_size_bytes": "size",
    "file_width_px": "width",
    "file_height_px": "height",
    "file_page_count": "page_count",
}


def payload_of(rows: pd.DataFrame) -> dict[str, Any]:
    """The payload that the rows of one task came from, as far as the frame has it.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> payload_of(flatten([{"id": "a", "operation": "scan", "status": "failed",
    ...                      "result": {"error": "no page"}}]))
    {'id': 'a', 'operation': 'scan', 'status': 'failed', 'result': {'error': 'no page'}}
    """
    records = [_known(record) for record in rows.to_dict("records")]
    task = records[0]
    parameters = {name: task[column] for column, name in _PARAMETERS.items() if column in task}
    inputs = list(task.get("input_ids") or ())
    if inputs:
        parameters = {"input": inputs[0] if len(inputs) == 1 else inputs, **parameters}
    result = {"error": task.get("error"), "details": _loaded(task.get("error_details"))}
    result |= {"format": task.get("text_format"), "content": task.get("text")}
    files = [_file(record) for record in records if "file_index" in record]
    payload: dict[str, Any] = {
        "id": task.get("task_id"),
        "operation": task.get("operation"),
        "parameters": parameters,
        "status": task.get("status"),
        "result": {name: value for name, value in result.items() if value is not None},
        "callback_url": task.get("callback_url"),
        "created_at": _iso(task.get("created_at")),
        "updated_at": _iso(task.get("updated_at")),
    }
    if files:
        payload["result"]["generated_files"] = files
    if task.get("document_count") == 0:
        payload["result"]["documents"] = []
    extra = _loaded(task.get("extra")) or {}
    extra.pop("file", None)
    # There stands how the service called it; the frame's word is the better one.
    extra.pop("operation", None)
    _merge(payload, extra)
    return {name: value for name, value in payload.items() if value not in (None, {})}


def neighbours(frame: pd.DataFrame, rows: pd.DataFrame) -> tuple[list[Neighbour], list[Neighbour]]:
    """The tasks of a frame that made the input of one task, and those that use what it made.

    Parameters
    ----------
    frame
        A flat frame.
    rows
        Its rows of one task.
    """
    task_id = rows["task_id"].iloc[0]
    inputs = rows["input_ids"].iloc[0] or []
    own = [task_id, *rows["file_id"].dropna()]
    made_input = frame["task_id"].isin(inputs) | frame["file_id"].isin(inputs)
    given = frame["input_ids"].explode()
    uses = frame.index.isin(given.index[given.isin(own)])
    other = frame["task_id"] != task_id
    return _named(frame[made_input & other]), _named(frame[uses & other])


def _named(rows: pd.DataFrame) -> list[Neighbour]:
    tasks = rows.drop_duplicates("task_id")[["task_id", "operation", "status"]]
    texts = tasks.astype(object).fillna("")
    return [Neighbour(*map(str, names)) for names in texts.itertuples(index=False)]


def _known(record: dict[Any, Any]) -> dict[str, Any]:
    return {
        str(name): value
        for name, value in record.items()
        if isinstance(value, list) or not pd.isna(value)
    }


def _file(record: dict[str, Any]) -> dict[str, Any]:
    file = {
        "id": record.get("file_id"),
        "name": record.get("file_name"),
        "type": record.get("file_type"),
        "properties": {
            name: int(record[column]) for column, name in _PROPERTIES.items() if column in record
        },
    }
    return {name: value for name, value in file.items() if value is not None}


def _loaded(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else None


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())


def _merge(payload: dict[str, Any], extra: dict[str, Any]) -> None:
    for name, value in extra.items():
        inside = payload.get(name)
        if isinstance(inside, dict) and isinstance(value, dict):
            _merge(inside, value)
        else:
            payload[name] = value
