"""What the report's notebook shows: headline tiles, tables, pictures. Everything is escaped.

These are for use in a copy of the report's notebook::

    from scandoc_analytics.reporting import blocks
"""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import metrics, tables, units
from scandoc_analytics.frame import per_file, per_task
from scandoc_analytics.schema import SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Block", "fitting_period", "headline", "picture", "table", "title", "with_change"]

_DPI: Final = 200
_WIDTH_INCHES: Final = 9.0
#: A cell shows this much of a text; the workbook and the snapshot have all of it.
_CELL_CHARACTERS: Final = 160
#: A text of at most this many characters is not broken over lines.
_SHORT: Final = 24


class Block:
    """A piece of HTML that a notebook shows."""

    def __init__(self, markup: str) -> None:
        self.markup = markup

    def _repr_html_(self) -> str:
        return self.markup


def title(text: str, frame: pd.DataFrame, compare: pd.DataFrame | None = None) -> Block:
    """The report's heading, and below it what it is about.

    Parameters
    ----------
    text
        The heading.
    frame, compare
        The flat frame, and the earlier one if there is one.
    """
    scope = _scope(frame)
    if compare is not None:
        scope += f" Compared with: {_scope(compare)}"
    return Block(f'<h1>{html.escape(text)}</h1><p class="scope">{html.escape(scope)}</p>')


def fitting_period(frame: pd.DataFrame) -> str:
    """The period word that gives a legible number of bars for the tasks of a frame."""
    created = frame["created_at"].dropna()
    days = (created.max() - created.min()).total_seconds() / 86_400 if len(created) else 0
    for word, most_days in (("1h", 2), ("1d", 92), ("1w", 730)):
        if days <= most_days:
            return word
    return "1mo"


def headline(frame: pd.DataFrame, compare: pd.DataFrame | None = None) -> Block:
    """Tiles: tasks, failed share, unsettled and the oldest of them, bytes, the slow end.

    Parameters
    ----------
    frame
        A flat frame.
    compare
        An earlier one; each tile then also says what it was.
    """
    now = _headline_numbers(frame)
    was = _headline_numbers(compare) if compare is not None else {}
    tiles = []
    for name, (value, note) in now.items():
        earlier = f"<small>before: {html.escape(was[name][0])}</small>" if was else ""
        remark = f"<small>{html.escape(note)}</small>" if note else ""
        tiles.append(
            f'<div class="tile"><b>{html.escape(value)}</b><span>{html.escape(name)}</span>'
            f"{remark}{earlier}</div>"
        )
    return Block(f'<div class="tiles">{"".join(tiles)}</div>')


def table(result: pd.DataFrame, *, empty: str = "Nothing to show.") -> Block:
    """A result table in human units.

    Parameters
    ----------
    result
        What a metric returned.
    empty
        The sentence that stands in the place of a table without rows.
    """
    if result.empty:
        return Block(f"<p>{html.escape(empty)}</p>")
    shown = tables.humanise(result)
    numbers = {
        name
        for name in result.columns
        if pd.api.types.is_numeric_dtype(result[name].dtype) or name == "change"
    }
    kinds = [_kind(shown[name], number=name in numbers) for name in shown.columns]
    head = "".join(
        f'<th scope="col" class="{kind}">{html.escape(_title(str(name)))}</th>'
        for name, kind in zip(shown.columns, kinds, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}">{html.escape(_cell(text))}</td>'
            for text, kind in zip(row, kinds, strict=True)
        )
        + "</tr>"
        for row in shown.itertuples(index=False)
    )
    inner = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return Block(f'<div class="wide"><table>{inner}</table></div>')


def picture(
    draw: Callable[..., Any], frame: pd.DataFrame, *, what: str, height: float = 4.2, **options: Any
) -> Block:
    """A plot as an image in the page.

    Parameters
    ----------
    draw
        One of `scandoc_analytics.plot`'s functions.
    frame
        A flat frame.
    what
        What the picture shows, for people who cannot see it.
    height
        Inches; the width is that of the page.
    options
        Handed on to `draw`.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, and an extra

    # A Figure of its own: pyplot would keep a reference, and draw it a second time.
    figure = Figure(figsize=(_WIDTH_INCHES, height), layout="constrained")
    draw(frame, ax=figure.subplots(), **options)
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=_DPI)
    data = base64.b64encode(image.getvalue()).decode()
    return Block(f'<img alt="{html.escape(what)}" src="data:image/png;base64,{data}">')


def with_change(
    result: pd.DataFrame, before: pd.DataFrame | None, *, keys: Sequence[str], value: str
) -> pd.DataFrame:
    """The table with a column `change`: how much `value` grew since the earlier table.

    Parameters
    ----------
    result, before
        The same metric of now and of an earlier frame; without an earlier one nothing is added.
    keys
        The columns that say which rows belong together.
    value
        The column to compare.
    """
    if before is None:
        return result
    earlier = before[[*keys, value]].rename(columns={value: "_before"})
    both = result.merge(earlier, on=list(keys), how="left")
    human = tables.unit_of(value)
    changes = [
        _change(now, was, human) for now, was in zip(both[value], both["_before"], strict=True)
    ]
    return result.reset_index(drop=True).assign(change=pd.Series(changes, dtype="object"))


def _change(now: Any, was: Any, human: Callable[[Any], str]) -> str:
    if pd.isna(now):
        return "–"
    if pd.isna(was):
        return "new"
    if now == was:
        return "±0"
    sign = "+" if now > was else "−"
    relative = f" ({sign}{abs(now - was) / abs(was):.0%})" if was else ""
    return f"{sign}{human(abs(now - was))}{relative}"


def _headline_numbers(frame: pd.DataFrame) -> dict[str, tuple[str, str]]:
    tasks = per_task(frame)
    rate = metrics.failure_rate(frame)
    unsettled = tasks[~tasks["status"].isin(SETTLED) & tasks["fetch_error"].isna()]
    durations = metrics.duration_summary(frame, by=[])
    missed = int(tasks["fetch_error"].notna().sum())
    files = per_file(frame)
    numbers: dict[str, tuple[str, str]] = {}
    note = f"{units.count_text(missed)} not fetched" if missed else ""
    numbers["tasks"] = (units.count_text(len(tasks)), note)
    if rate.empty or not rate["settled"].iloc[0]:
        numbers["failed"] = ("–", "nothing has settled")
    else:
        row = rate.iloc[0]
        low, high = units.share_text(row["rate_low"]), units.share_text(row["rate_high"])
        numbers["failed"] = (units.share_text(row["rate"]), f"95 % interval {low} to {high}")
    numbers["unsettled"] = (units.count_text(len(unsettled)), _oldest(frame, unsettled))
    total = files["file_size_bytes"].sum()
    numbers["in generated files"] = (
        units.bytes_text(total),
        f"{units.count_text(len(files))} file{'' if len(files) == 1 else 's'}",
    )
    p95 = durations["seconds_p95"].iloc[0] if len(durations) else float("nan")
    slow = "–" if pd.isna(p95) else units.duration_text(p95)
    numbers["p95 duration"] = (slow, "95 of 100 settled tasks took less")
    return numbers


def _scope(frame: pd.DataFrame) -> str:
    count = frame["task_id"].nunique()
    tasks = f"{units.count_text(count)} task{'' if count == 1 else 's'}"
    created, as_of = frame["created_at"].dropna(), frame["fetched_at"].max()
    if len(created):
        first, last = units.time_text(created.min()), units.time_text(created.max())
        tasks += f", created {first} to {last} UTC"
    return f"{tasks}." if pd.isna(as_of) else f"{tasks}; as of {units.time_text(as_of)} UTC."


def _oldest(frame: pd.DataFrame, unsettled: pd.DataFrame) -> str:
    created = unsettled["created_at"].min()
    if pd.isna(created):
        return ""
    as_of = frame["fetched_at"].max()
    if pd.isna(as_of):
        as_of = frame["updated_at"].max()
    return f"the oldest for {units.duration_text((as_of - created).total_seconds())}"


def _kind(column: pd.Series[Any], *, number: bool) -> str:
    """The class of a column's cells: numbers stand to the right, long texts may be broken."""
    if number:
        return "number"
    return "long" if column.str.len().max() > _SHORT else "short"


def _cell(text: str) -> str:
    return units.cut(units.plain(text), _CELL_CHARACTERS)


def _title(name: str) -> str:
    return name.replace("_", " ")
