"""The card as HTML: no script, no link, no picture, and every text escaped."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from scandoc_analytics.card.facts import read_facts
from scandoc_analytics.card.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from scandoc_analytics.card.facts import Facts, Neighbour, Neighbours

__all__ = ["card_html"]


def card_html(  # noqa: PLR0913 - the payload, and what is known around it
    payload: Any,
    *,
    fetched_at: datetime | None = None,
    from_cache: bool | None = None,
    before: Iterable[Neighbour] = (),
    after: Iterable[Neighbour] = (),
    now: datetime | None = None,
) -> str:
    """The card of a task as a part of a page.

    It follows the theme of the notebook, can be printed, and is well under 50 kB whatever the
    payload holds: long texts and lists are cut, and say so.

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
    >>> card = card_html({"id": "task_a", "operation": "split", "status": "<b>odd</b>"})
    >>> "&lt;b&gt;odd&lt;/b&gt;" in card, "<script" in card
    (True, False)
    """
    facts = read_facts(
        payload, fetched_at=fetched_at, from_cache=from_cache, before=before, after=after, now=now
    )
    parts = [
        _head(facts),
        _pairs([*facts.times, *facts.parameters], _more(facts.more_parameters, "parameter")),
        _error(facts),
        _section("Detected", f"<p>{_text(facts.found)}</p>") if facts.found else "",
        _extracted(facts),
        _files(facts),
        _section("Also", _pairs(facts.others)) if facts.others else "",
        _around("Before", facts.before),
        _around("After", facts.after),
        f'<p class="source">{_text(facts.source)}</p>' if facts.source else "",
    ]
    label = _text(f"Task {facts.task_id}")
    return (
        f"<style>{STYLE}</style>"
        f'<article class="scandoc-card" aria-label="{label}">{"".join(parts)}</article>'
    )


def _head(facts: Facts) -> str:
    return (
        f'<header><span class="status {facts.kind}"><span aria-hidden="true">{facts.mark}</span> '
        f"{_text(facts.status)}</span> <strong>{_text(facts.operation)}</strong> "
        f"<code>{_text(facts.task_id)}</code></header>"
    )


def _pairs(pairs: Sequence[tuple[str, str]], more: str = "") -> str:
    if not pairs:
        return ""
    rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>{more}"


def _error(facts: Facts) -> str:
    if not facts.error:
        return ""
    details = _block(facts.details, facts.more_details)
    return _section("Error", f'<p class="error">{_text(facts.error)}</p>{details}')


def _extracted(facts: Facts) -> str:
    if not facts.text_note:
        return ""
    return _section(f"Text: {facts.text_note}", _block(facts.text, facts.more_text))


def _block(lines: Sequence[str], more: int) -> str:
    if not lines:
        return ""
    text = "\n".join(map(_text, lines))
    return f'<pre dir="auto">{text}</pre>{_more(more, "line")}'


def _files(facts: Facts) -> str:
    if not facts.files:
        return ""
    count = len(facts.files) + facts.more_files
    rows = "".join(
        f"<tr><td>{_text(file.name)}</td><td>{_text(file.type)}</td>"
        f'<td class="number">{_text(file.size)}</td><td class="number">{_text(file.extent)}</td>'
        f"<td><code>{_text(file.file_id)}</code></td></tr>"
        for file in facts.files
    )
    columns = ("name", "type", "size", "dimensions or pages", "id")
    head = "".join(f'<th scope="col"{_number(name)}>{name}</th>' for name in columns)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    title = f"{count:,} file{'' if count == 1 else 's'}"
    return _section(title, f'<div class="wide">{table}</div>{_more(facts.more_files, "file")}')


def _number(column: str) -> str:
    return ' class="number"' if column in {"size", "dimensions or pages"} else ""


def _around(title: str, tasks: Neighbours) -> str:
    if not tasks.shown:
        return ""
    rows = "".join(
        f"<li><code>{_text(task.task_id)}</code> {_text(task.operation)} {_text(task.status)}</li>"
        for task in tasks.shown
    )
    return _section(title, f"<ul>{rows}</ul>{_more(tasks.more, 'task')}")


def _section(title: str, inner: str) -> str:
    return f"<section><h4>{_text(title)}</h4>{inner}</section>"


def _more(count: int, what: str) -> str:
    if not count:
        return ""
    return f'<p class="more">and {count:,} more {what}{"" if count == 1 else "s"}</p>'


def _text(text: str) -> str:
    return html.escape(text, quote=True)
