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

from scandoc_analytics import metrics, scope, tables, units
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
#: The gid of a plot's text that says that there is nothing to draw.
_EMPTY: Final = "empty"
_CHANGE: Final = "_change"
_UNIT_PREFIXES: Final = {"seconds_": "duration_", "bytes_": "size_"}


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
    about = _scope_line("", frame)
    if compare is not None:
        about += _scope_line("Compared with: ", compare)
    return Block(f"<h1>{html.escape(text)}</h1>{about}")


def fitting_period(frame: pd.DataFrame) -> str:
    """The period word that gives a legible number of bars for the tasks of a frame."""
    counted = scope.scope_of(frame)
    return scope.fitting_period(counted.first, counted.last)


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
        The sentence that stands in the place of a table without rows, if any.
    """
    if result.empty:
        return Block(f"<p>{html.escape(empty)}</p>" if empty else "")
    shown = tables.humanise(result)
    numbers = {
        name
        for name in result.columns
        if pd.api.types.is_numeric_dtype(result[name].dtype) or str(name).endswith(_CHANGE)
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
    """A plot as an image in the page, or a sentence where there is nothing to draw.

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
    ax = draw(frame, ax=figure.subplots(), **options)
    for text in ax.texts:
        if text.get_gid() == _EMPTY:
            nothing = html.escape(text.get_text())
            return Block(f"<p>{nothing[:1].upper()}{nothing[1:]}.</p>")
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=_DPI)
    data = base64.b64encode(image.getvalue()).decode()
    image_tag = f'<img alt="{html.escape(what)}" src="data:image/png;base64,{data}">'
    return Block(f'<div class="wide">{image_tag}</div>')


def with_change(
    result: pd.DataFrame, before: pd.DataFrame | None, *, keys: Sequence[str], value: str
) -> pd.DataFrame:
    """The table with one column more, as `tasks_change`: how much `value` grew since `before`.

    What there was before and is no more stands below the rest.

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
    names = list(keys)
    earlier = before[[*names, value]].rename(columns={value: "_before"})
    found = earlier.merge(result[names], on=names, how="left", indicator="_found")
    gone = earlier[(found["_found"] == "left_only").to_numpy()]
    gone = gone[gone["_before"].fillna(0) != 0]
    both = result.merge(earlier, on=names, how="left")
    if len(gone):
        both = pd.concat([both, gone], ignore_index=True)
    human = tables.unit_of(value)
    changes = [
        _change(now, was, human) for now, was in zip(both[value], both["_before"], strict=True)
    ]
    changes[len(result) :] = [f"gone (was {human(was)})" for was in gone["_before"]]
    return both.drop(columns="_before").assign(
        **{f"{value}{_CHANGE}": pd.Series(changes, dtype="object")}
    )


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
        low, high = (_unbroken(row[end], units.share_text) for end in ("rate_low", "rate_high"))
        numbers["failed"] = (units.share_text(row["rate"]), f"95 % interval {low} to {high}")
    numbers["unsettled"] = (units.count_text(len(unsettled)), _oldest(frame, unsettled))
    total = files["file_size_bytes"].sum()
    numbers["in generated files"] = (units.bytes_text(total), units.counted(len(files), "file"))
    p95 = durations["seconds_p95"].iloc[0] if len(durations) else float("nan")
    if pd.isna(p95):
        numbers["p95 duration"] = ("–", "no duration is known")
    else:
        numbers["p95 duration"] = (units.duration_text(p95), "95 of 100 settled tasks took less")
    return numbers


def _scope_line(start: str, frame: pd.DataFrame) -> str:
    parts = [html.escape(part) for part in scope.scope_text(scope.scope_of(frame))]
    return f'<p class="scope">{start}<span>{"</span> · <span>".join(parts)}</span></p>'


def _oldest(frame: pd.DataFrame, unsettled: pd.DataFrame) -> str:
    created = unsettled["created_at"].min()
    if pd.isna(created):
        return ""
    as_of = frame["fetched_at"].max()
    if pd.isna(as_of):
        as_of = frame["updated_at"].max()
    return f"the oldest for {_unbroken((as_of - created).total_seconds(), units.duration_text)}"


def _unbroken(value: float, human: Callable[[float], str]) -> str:
    """A value that stays on one line with its unit."""
    return human(value).replace(" ", "\N{NO-BREAK SPACE}")


def _kind(column: pd.Series[Any], *, number: bool) -> str:
    """The class of a column's cells: numbers stand to the right, long texts may be broken."""
    if number:
        return "number"
    return "long" if column.str.len().max() > _SHORT else "short"


def _cell(text: str) -> str:
    return units.cut(units.plain(text), _CELL_CHARACTERS)


def _title(name: str) -> str:
    """A column's name as a heading; the cells below it say the unit."""
    for unit, noun in _UNIT_PREFIXES.items():
        if name.startswith(unit):
            name = noun + name.removeprefix(unit)
    return name.removesuffix("_bytes").removesuffix("_s").replace("_", " ")
