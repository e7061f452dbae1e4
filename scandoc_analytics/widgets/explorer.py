"""Explore all tasks of an account or of a frame: numbers, filters, pictures, and a table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import pandas as pd

from scandoc_analytics import export, units
from scandoc_analytics.client.one_task import Task
from scandoc_analytics.errors import MissingExtraError, ScandocError
from scandoc_analytics.widgets.catalogue import SORT_KEYS, Catalogue
from scandoc_analytics.widgets.controls import StandIn, button, clickable, notice, row, visible
from scandoc_analytics.widgets.copying import code_html
from scandoc_analytics.widgets.desk import Desk, Turn
from scandoc_analytics.widgets.filter_bar import FilterBar
from scandoc_analytics.widgets.filters import Filters, chosen_rows, code_for
from scandoc_analytics.widgets.panel import TaskPanel
from scandoc_analytics.widgets.pictures import PLOTS, picture
from scandoc_analytics.widgets.preview import image_html
from scandoc_analytics.widgets.rebuilding import neighbours, payload_of
from scandoc_analytics.widgets.rows import rows_html
from scandoc_analytics.widgets.saving import free_path
from scandoc_analytics.widgets.sentences import sentence
from scandoc_analytics.widgets.table import PAGE, TaskTable
from scandoc_analytics.widgets.tiles import TILE_COLUMNS, tiles, tiles_html

if TYPE_CHECKING:
    from scandoc_analytics.client import Client

__all__ = ["TaskExplorer"]

_TABLE: Final = "Tasks"
_FORMATS: Final = (".csv", ".parquet", ".xlsx")


class TaskExplorer(StandIn):
    """Filters, headline numbers, pictures and a table for many tasks.

    Filters combine, and choose tasks: a task is shown with all of its files. A row opens its card.

    Parameters
    ----------
    frame_or_client
        A flat frame; or a client, whose whole account is listed first, and which can then preview
        and save files.

    Attributes
    ----------
    frame
        The flat frame of all tasks.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> explorer = sda.TaskExplorer(sda.flatten([{"id": "a", "status": "failed"}, {"id": "b"}]))
    >>> explorer.filter_bar.status.value = ("failed",)
    >>> explorer.selection["task_id"].tolist()
    ['a']
    """

    def __init__(self, frame_or_client: pd.DataFrame | Client) -> None:
        self._client = None if isinstance(frame_or_client, pd.DataFrame) else frame_or_client
        self.frame: pd.DataFrame = (
            frame_or_client
            if isinstance(frame_or_client, pd.DataFrame)
            else frame_or_client.list_tasks(text=True)
        )
        self._catalogue = Catalogue(self.frame)
        # Now, so that the first word is found as quickly as all others.
        self._chosen = self._catalogue.has_word("")
        self._filters = Filters()
        self._opened: str | None = None
        self._cards, self._drawing = Desk(lambda _: None), Desk(lambda _: None)
        self._exporting = Desk(lambda busy: clickable(self.export, not busy))
        self._make_controls()
        super().__init__(
            [
                self.tiles,
                self.filter_bar,
                row(self.remaining, self.note),
                self.view,
                self.sorting,
                self.table,
                self.picture,
                self.panel,
                row(self.format, self.export, self.exported),
                self.code,
            ]
        )
        self.redraw()

    def _make_controls(self) -> None:
        plain = w.Layout(margin="0")
        self.tiles = w.HTML(layout=w.Layout(width="100%", margin="0 0 6px"))
        self.filter_bar = FilterBar(self._catalogue, self.redraw)
        self.remaining, self.note = w.HTML(layout=plain), w.HTML(layout=plain)
        self.view = w.ToggleButtons(
            description="Show",
            options=[_TABLE, *PLOTS],
            style={"button_width": "auto"},
            layout=w.Layout(width="100%"),
        )
        narrow = w.Layout(width="16em", max_width="100%")
        self.sort = w.Dropdown(description="Sort by", options=list(SORT_KEYS), layout=narrow)
        self.descending = w.Checkbox(
            value=True, description="Largest or newest first", indent=False, layout=narrow
        )
        self.sorting = row(self.sort, self.descending)
        self.table = TaskTable(self._open)
        self.picture = w.HTML(layout=w.Layout(width="100%", max_width="68em"))
        self.panel = TaskPanel(self._client)
        self.format = w.Dropdown(
            description="Export as",
            options=[(ending.removeprefix("."), ending) for ending in _FORMATS],
            layout=narrow,
        )
        self.export = button("Export", "Write the filtered table beside the notebook")
        self.exported = w.HTML(layout=w.Layout(margin="0 0 0 4px"))
        self.code = w.HTML(layout=w.Layout(width="100%"))
        self.view.observe(lambda _: self._show_view(), names="value")
        self.sort.observe(lambda _: self._sort(), names="value")
        self.descending.observe(lambda _: self._sort(), names="value")
        self.export.on_click(
            lambda _: self._exporting.start(
                partial(self._export, self.selection, str(self.format.value))
            )
        )

    @property
    def selection(self) -> pd.DataFrame:
        """The filtered flat frame."""
        return self.frame[self._chosen]

    def stand_in(self) -> tuple[str, str]:
        """The numbers and the first tasks, in HTML and as text."""
        shown = self._catalogue.tasks.iloc[self._order()[:PAGE]].to_dict("records")
        count = len(self._order())
        caption = f"{min(PAGE, count):,} of {count:,} tasks"
        return self.tiles.value + rows_html(shown, ids=True, caption=caption), "\n".join(
            ["TaskExplorer", *(f"  {t.name}: {t.value} {t.note}".rstrip() for t in self._tiles())]
        )

    def redraw(self) -> None:
        """Read the filters and show what they choose."""
        try:
            self._filters = self.filter_bar.filters()
        except ValueError as error:
            self.note.value = notice(sentence(error), problem=True)
            return
        self._chosen = chosen_rows(self._catalogue, self._filters)
        self._in_tasks = self._catalogue.in_tasks(self._chosen)
        self.note.value = self.exported.value = ""
        self._close_what_is_not_chosen()
        whole = f"{len(self._in_tasks):,} task{'' if len(self._in_tasks) == 1 else 's'}"
        self.remaining.value = notice(f"{int(self._in_tasks.sum()):,} of {whole}")
        self.tiles.value = tiles_html(self._tiles())
        self.code.value = code_html(code_for(self._filters))
        self._sort()
        self._show_view()

    def _close_what_is_not_chosen(self) -> None:
        rows = (self.frame["task_id"] == self._opened).to_numpy(dtype=bool)
        if self._opened is None or self._chosen[rows].any():
            return
        self._opened = None
        self._cards.cancel()
        self.panel.clear()
        self.table.mark(None)

    def _tiles(self) -> Any:
        return tiles(self._catalogue.tasks[TILE_COLUMNS][self._in_tasks])

    def _order(self) -> Any:
        return self._catalogue.ordered(
            self._in_tasks, key=self.sort.value, descending=self.descending.value
        )

    def _sort(self) -> None:
        self.table.show(self._catalogue.tasks, self._order())

    def _show_view(self) -> None:
        title = self.view.value
        visible(self.table, yes=title == _TABLE)
        visible(self.sorting, yes=title == _TABLE)
        visible(self.picture, yes=title != _TABLE)
        if title == _TABLE:
            self._drawing.cancel()
            return
        self._drawing.start(partial(self._draw, title, self._chosen))

    def _draw(self, title: str, chosen: Any, turn: Turn) -> None:
        try:
            markup = image_html(picture(self.frame[chosen], title), what=f"{title} of the tasks")
        except MissingExtraError as error:
            markup = notice(sentence(error), problem=True)
        turn.show(lambda: setattr(self.picture, "value", markup))

    def _open(self, task_id: str) -> None:
        self._opened = task_id
        self._cards.start(partial(self._show_card, task_id))

    def _show_card(self, task_id: str, turn: Turn) -> None:
        rows = self.frame[(self.frame["task_id"] == task_id).to_numpy(dtype=bool)]
        newest = rows.iloc[-1]
        before, after = neighbours(self.frame, rows)
        fetched_at, from_cache = newest["fetched_at"], newest["from_cache"]
        task = Task(
            payload_of(rows),
            fetched_at=None if pd.isna(fetched_at) else fetched_at,
            from_cache=None if pd.isna(from_cache) else bool(from_cache),
        )
        turn.show(lambda: self.panel.show(task, before=before, after=after))

    def _export(self, selection: pd.DataFrame, ending: str, turn: Turn) -> None:
        rows = f"{len(selection):,} row{'' if len(selection) == 1 else 's'}"
        turn.show(lambda: self._say_exported(f"Writing {rows}…"))
        path = free_path(f"tasks{ending}")
        try:
            export.write_table(selection, path)
        except (ScandocError, OSError, ValueError) as error:
            said = sentence(error)
            turn.show(lambda: self._say_exported(said, problem=True))
        else:
            size = units.bytes_text(path.stat().st_size)
            turn.show(lambda: self._say_exported(f"Exported {rows} to {path.name} ({size})."))

    def _say_exported(self, text: str, *, problem: bool = False) -> None:
        self.exported.value = notice(text, problem=problem)
