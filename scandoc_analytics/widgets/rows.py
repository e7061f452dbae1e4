"""A page of tasks as table rows, for the screen and for where no widget can be shown."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import units
from scandoc_analytics.card import MARKS
from scandoc_analytics.card.style import COLOURS
from scandoc_analytics.schema import NOT_FETCHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["HEIGHT_PX", "cells", "rows_html"]

#: Each row is this high, so that the buttons beside the table stand where their rows are.
HEIGHT_PX: Final = 30
_ID: Final = 40
_TEXT: Final = 60
_COLUMNS: Final = (
    ("status", False),
    ("operation", False),
    ("created", False),
    ("duration", True),
    ("files", True),
    ("bytes", True),
    ("name or error", False),
)
_READ: Final = (
    "status",
    "operation",
    "created_at",
    "duration_s",
    "file_count",
    "file_bytes_total",
    "name",
    "error",
    "fetch_error",
)
_STYLE: Final = (
    COLOURS.format(".scandoc-rows")
    + f"""
.scandoc-rows{{overflow-x:auto;background:none}}
.scandoc-rows table{{table-layout:auto;border-collapse:collapse;margin:0;border:0;width:100%;
font-size:inherit}}
.scandoc-rows caption{{text-align:left;padding:6px 0 0;color:var(--sd-muted)}}
.scandoc-rows tr{{height:{HEIGHT_PX}px;background:none}}
.scandoc-rows th,.scandoc-rows td{{height:{HEIGHT_PX}px;box-sizing:border-box;padding:0 12px 0 0;
border:0;border-bottom:1px solid var(--sd-line);text-align:left!important;white-space:nowrap;
line-height:{HEIGHT_PX - 2}px;vertical-align:middle;max-width:24em;overflow:hidden;
text-overflow:ellipsis;font-weight:400;background:none}}
.scandoc-rows th{{color:var(--sd-muted)}}
.scandoc-rows th:first-child,.scandoc-rows td:first-child{{padding-left:8px}}
.scandoc-rows td:last-child{{width:99%;unicode-bidi:plaintext}}
.scandoc-rows .number{{text-align:right!important;font-variant-numeric:tabular-nums}}
.scandoc-rows .status{{font-weight:600}}.scandoc-rows .completed{{color:var(--sd-good)}}
.scandoc-rows .failed{{color:var(--sd-bad)}}
.scandoc-rows .pending,.scandoc-rows .processing,.scandoc-rows .unknown{{color:var(--sd-wait)}}
"""
).replace("\n", "")


def cells(task: Mapping[Any, Any]) -> tuple[str, ...]:
    """The texts of one table row, from a row of the table per task with its `name`.

    Examples
    --------
    >>> cells({"status": "completed", "operation": "scan", "created_at": None, "duration_s": 4.0,
    ...        "file_count": 1, "file_bytes_total": 24000, "name": "page", "error": None,
    ...        "fetch_error": None})
    ('completed', 'scan', '–', '4 s', '1', '24 kB', 'page')
    """
    known = {name: None if pd.isna(task[name]) else task[name] for name in _READ}
    lost = known["fetch_error"] is not None
    status = NOT_FETCHED if lost else known["status"] or "status unknown"
    created = known["created_at"]
    said = known["fetch_error"] or known["error"] or known["name"] or ""
    return (
        _clean(status),
        _clean(known["operation"] or ("–" if lost else "operation unknown")),
        "–" if created is None else f"{created:%Y-%m-%d %H:%M}",
        _or_dash(known["duration_s"], units.duration_text),
        _or_dash(known["file_count"], units.count_text),
        _or_dash(known["file_bytes_total"] or None, units.bytes_text),
        _clean(said),
    )


def rows_html(tasks: Sequence[Mapping[Any, Any]], *, ids: bool = False, caption: str = "") -> str:
    """Tasks as an HTML table; everything is escaped.

    Parameters
    ----------
    tasks
        Rows of the table per task, as dicts, each with its `name`.
    ids
        With the ids as the first column; without them where buttons stand beside the table.
    caption
        A line above the table.
    """
    titles = [("task", False)] if ids else []
    head = "".join(
        f'<th scope="col"{_class(number)}>{title}</th>' for title, number in (*titles, *_COLUMNS)
    )
    body = "".join(f"<tr>{_row(task, ids=ids)}</tr>" for task in tasks)
    above = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return (
        f'<style>{_STYLE}</style><div class="scandoc-rows"><table>{above}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(task: Mapping[Any, Any], *, ids: bool) -> str:
    texts = cells(task)
    kind = texts[0] if texts[0] in MARKS else "unknown"
    mark = f'<span aria-hidden="true">{MARKS.get(texts[0], "?")}</span> '
    parts = (
        [f"<td><code>{_escaped(units.cut(str(task['task_id']), _ID))}</code></td>"] if ids else []
    )
    parts.append(f'<td class="status {kind}">{mark}{_escaped(texts[0])}</td>')
    parts += [
        f"<td{_class(number)}>{_escaped(text)}</td>"
        for text, (_, number) in zip(texts[1:], _COLUMNS[1:], strict=True)
    ]
    return "".join(parts)


def _class(number: bool) -> str:  # noqa: FBT001 - a yes or no
    return ' class="number"' if number else ""


def _or_dash(value: Any, text: Any) -> str:
    return "–" if value is None else str(text(value))


def _clean(text: str) -> str:
    return units.cut(units.plain(str(text)[: 2 * _TEXT]), _TEXT)


def _escaped(text: str) -> str:
    return html.escape(units.plain(text), quote=True)
