"""The card as plain text, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scandoc_analytics.card.facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from scandoc_analytics.card.facts import Facts, Neighbour, Neighbours

__all__ = ["card_text"]


def card_text(  # noqa: PLR0913 - the payload, and what is known around it
    payload: Any,
    *,
    fetched_at: datetime | None = None,
    from_cache: bool | None = None,
    before: Iterable[Neighbour] = (),
    after: Iterable[Neighbour] = (),
    now: datetime | None = None,
) -> str:
    """The card of a task as lines of plain text.

    Parameters
    ----------
    payload
        The task as the service gave it, decoded. Missing members and wrong types are left out.
    fetched_at, from_cache
        When the service gave it, and whether a cache handed it on.
    before, after
        Tasks that made its input, and tasks that used what it made.
    now
        What "ago" counts from; the present when it is not given.

    Examples
    --------
    >>> print(card_text({"id": "task_a", "operation": "split", "status": "pending",
    ...                  "parameters": {"input": "file_b"}}))
    … pending  split  task_a
      input  file_b
    """
    facts = read_facts(
        payload, fetched_at=fetched_at, from_cache=from_cache, before=before, after=after, now=now
    )
    lines = [f"{facts.mark} {facts.status}  {facts.operation}  {facts.task_id}"]
    lines += _table([*facts.times, *facts.parameters])
    lines += _more(facts.more_parameters, "parameter")
    lines += _result(facts)
    lines += _table(facts.others)
    lines += _around("before", facts.before) + _around("after", facts.after)
    if facts.source:
        lines.append(f"  {facts.source}")
    return "\n".join(line.rstrip() for line in lines)


def _result(facts: Facts) -> list[str]:
    lines = []
    if facts.error:
        lines.append(f"  error: {facts.error}")
        lines += [f"    {line}" for line in facts.details] + _more(facts.more_details, "line")
    if facts.found:
        lines.append(f"  found {facts.found}")
    if facts.text_note:
        lines.append(f"  text: {facts.text_note}")
        lines += [f"    {line}" for line in facts.text] + _more(facts.more_text, "line")
    if facts.files:
        lines.append("  files:")
        rows = [(f.name, f.type, f.size, f.extent, f.file_id) for f in facts.files]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [
            "    " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
            for row in rows
        ]
        lines += _more(facts.more_files, "file")
    return lines


def _table(pairs: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in pairs), default=0)
    return [f"  {name.ljust(width)}  {value}" for name, value in pairs]


def _around(word: str, tasks: Neighbours) -> list[str]:
    lines = [f"  {word}: {'  '.join(text for text in task if text)}" for task in tasks.shown]
    return lines + _more(tasks.more, "task")


def _more(count: int, what: str) -> list[str]:
    return [f"    and {count:,} more {what}{'' if count == 1 else 's'}"] if count else []
