"""Task ids out of whatever somebody pastes: lines, commas, quotes, JSON, addresses."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import unquote, urlsplit

__all__ = ["find_task_ids"]

#: Quotes of several languages, brackets and sentence signs that stand around an id.
_AROUND: Final = "\"'`\u00b4\u2018\u2019“”„\u201a«»\u2039\u203a()[]{}<>,;:.!?|*"
_BETWEEN: Final = re.compile(r"[\s,;|]+")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TASK_ID: Final = re.compile(r"\btask_[0-9A-Za-z]+\b")


def find_task_ids(text: str) -> list[str]:
    """Each task id in a pasted text once, in the order of first appearance.

    JSON of a task, of a list page, or of a list of either gives the ids of its tasks, not those of
    their files. Of an address the part after ``/tasks/`` counts. In prose and logs, words that
    look like the service's ids (``task_`` and letters or digits) count, and nothing else; where
    there is none, each word is taken for an id.

    Examples
    --------
    >>> find_task_ids("'task_a1', task_b2")
    ['task_a1', 'task_b2']
    >>> find_task_ids('{"id": "task_a1", "parameters": {"input": "task_zz"}}')
    ['task_a1']
    >>> find_task_ids("https://api.scan-documents.com/v1/tasks/task_a1?x=1")
    ['task_a1']
    """
    cleaned = _INVISIBLE.sub("", text).strip()
    found = _from_json(cleaned)
    if found is None:
        found = [task_id for word in _BETWEEN.split(cleaned) for task_id in _from_word(word)]
        likely = [task_id for task_id in found if _TASK_ID.fullmatch(task_id)]
        found = likely or found
    return list(dict.fromkeys(found))


def _from_json(text: str) -> list[str] | None:
    if not text.startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _ids_in(value)


def _ids_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return _from_word(value.strip())
    if isinstance(value, list):
        return [task_id for item in value for task_id in _ids_in(item)]
    if isinstance(value, dict):
        for member in ("data", "tasks", "task"):
            if isinstance(value.get(member), (list, dict)):
                return _ids_in(value[member])
        for member in ("id", "task_id"):
            if isinstance(value.get(member), str):
                return [value[member].strip()] if value[member].strip() else []
    return []


def _from_word(word: str) -> list[str]:
    bare = word.strip(_AROUND)
    if "://" in bare:
        parts = urlsplit(bare).path.split("/")
        after = parts[parts.index("tasks") + 1 :] if "tasks" in parts else []
        return [unquote(after[0])] if after and after[0] else []
    inside = _TASK_ID.findall(bare)
    if inside:
        return inside
    return [bare] if bare else []
