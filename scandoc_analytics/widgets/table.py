"""A paged table of tasks whose rows open: a button per row, and the facts beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from scandoc_analytics import units
from scandoc_analytics.widgets.controls import button, clickable, row
from scandoc_analytics.widgets.rows import HEIGHT_PX, rows_html

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["PAGE", "TaskTable"]

#: Rows on a page: all that travels to the browser.
PAGE: Final = 20
_ID: Final = 40
_HEAD: Final = (
    f'<div style="line-height:{HEIGHT_PX - 2}px;color:var(--jp-content-font-color2,inherit)">'
    "task</div>"
)


class TaskTable(w.VBox):  # type: ignore[misc]
    """Shows some tasks of a table, a page at a time.

    Parameters
    ----------
    on_open
        Called with the id of the task whose row was opened.
    """

    def __init__(self, on_open: Callable[[str], object]) -> None:
        self._on_open = on_open
        self._tasks: pd.DataFrame | None = None
        self._order: Any = ()
        self._ids: list[str] = []
        self._marked: str | None = None
        self.page = 0
        height = f"{HEIGHT_PX}px"
        self._buttons = [self._row_button(place, height) for place in range(PAGE)]
        head = w.HTML(_HEAD, layout=w.Layout(height=height, margin="0", padding="0 4px"))
        self._openers = w.VBox([head], layout=w.Layout(flex="0 0 auto", width="14em", margin="0"))
        self._head = head
        self._facts = w.HTML(layout=w.Layout(flex="1 1 0", min_width="0", margin="0"))
        self.previous = button("Previous", "Show the page before")
        self.next = button("Next", "Show the page after")
        self.where = w.Label()
        self.previous.on_click(lambda _: self._turn(-1))
        self.next.on_click(lambda _: self._turn(1))
        body = w.HBox([self._openers, self._facts], layout=w.Layout(width="100%"))
        super().__init__([body, row(self.previous, self.next, self.where)])

    def _row_button(self, place: int, height: str) -> w.Button:
        layout = w.Layout(width="100%", height=height, margin="0", flex="0 0 auto")
        made = w.Button(tooltip="Open the card of this task", layout=layout)
        made.style.font_size = "12px"
        made.style.font_family = "var(--jp-code-font-family, monospace)"
        made.on_click(partial(self._open, place))
        return made

    @property
    def openers(self) -> list[w.Button]:
        """The buttons of the rows that are shown."""
        return self._buttons[: len(self._ids)]

    def show(
        self, tasks: pd.DataFrame, order: NDArray[np.intp], *, keep_page: bool = False
    ) -> None:
        """Show the first page, or the same one again.

        Parameters
        ----------
        tasks
            The table per task, with its `name`.
        order
            Positions in it: which tasks to show, and in which order.
        keep_page
            Stay on the page that is shown.
        """
        self._tasks, self._order = tasks, order
        if not keep_page:
            self.page = 0
        self._draw()

    def mark(self, task_id: str | None) -> None:
        """Show which row's task is open; None for none."""
        self._marked = task_id
        self._style()

    def _style(self) -> None:
        for opener, task_id in zip(self._buttons, self._ids, strict=False):
            marked = task_id == self._marked
            opener.button_style = "info" if marked else ""
            # Not the colour alone.
            opener.style.font_weight = "bold" if marked else None

    def _turn(self, pages: int) -> None:
        self.page += pages
        self._draw()

    def _draw(self) -> None:
        if self._tasks is None:
            return
        total = len(self._order)
        first = self.page * PAGE
        places = self._order[first : first + PAGE]
        shown = self._tasks.iloc[places].to_dict("records")
        self._ids = [str(task["task_id"]) for task in shown]
        for opener, task_id in zip(self._buttons, self._ids, strict=False):
            opener.description = units.cut(units.plain(task_id), _ID)
        self._openers.children = (self._head, *self.openers)
        self._style()
        self._facts.value = rows_html(shown)
        last = first + len(shown)
        self.where.value = f"{first + 1:,} to {last:,} of {total:,}" if total else "no tasks"
        clickable(self.previous, self.page > 0)
        clickable(self.next, last < total)

    def _open(self, place: int, _: w.Button) -> None:
        if place < len(self._ids):
            self.mark(self._ids[place])
            self._on_open(self._ids[place])
