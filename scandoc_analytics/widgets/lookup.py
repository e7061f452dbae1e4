"""Look tasks up by their ids: a box, a card, and a table where there are many."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import numpy as np

from scandoc_analytics import units
from scandoc_analytics.card import card_html, card_text
from scandoc_analytics.errors import ScandocError
from scandoc_analytics.schema import SETTLED, empty_frame
from scandoc_analytics.widgets.asking import ask_again, ask_many, frame_of, unsettled_ids
from scandoc_analytics.widgets.catalogue import Catalogue
from scandoc_analytics.widgets.controls import StandIn, button, clickable, notice, row, visible
from scandoc_analytics.widgets.desk import Desk, Turn
from scandoc_analytics.widgets.panel import TaskPanel
from scandoc_analytics.widgets.pasted import find_task_ids
from scandoc_analytics.widgets.rebuilding import neighbours
from scandoc_analytics.widgets.rows import rows_html
from scandoc_analytics.widgets.sentences import sentence
from scandoc_analytics.widgets.table import PAGE, TaskTable
from scandoc_analytics.widgets.watching import pauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from scandoc_analytics.card import Neighbour
    from scandoc_analytics.client import Client
    from scandoc_analytics.client.one_task import Task

__all__ = ["TaskLookup"]

_MOST_RECENT: Final = 10
#: Text that comes this soon after a click was typed before it: the front end held it back.
_HELD_BACK_S: Final = 0.25
_ID: Final = 50


class TaskLookup(StandIn):
    """A box for task ids, and below it what became of the tasks.

    Paste one id or many: lines, commas, quotes, JSON of a task or a list, and addresses all work.
    Enter or the button asks. One task shows as a card, several as a table whose rows open. The
    asking runs in a thread, so that a service that is slow or hangs blocks neither the notebook
    nor Cancel.

    Parameters
    ----------
    client
        A client; one made from the environment when it is not given.

    Attributes
    ----------
    frame
        What is on the screen, as a flat frame with texts.
    task
        The task whose card is on the screen; None where there is none.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> lookup = sda.TaskLookup(sda.Client("sk_example", cache=False))
    >>> len(lookup.frame), lookup.task
    (0, None)
    """

    def __init__(self, client: Client | None = None) -> None:
        if client is None:
            from scandoc_analytics.client import Client  # noqa: PLC0415 - most give one

            client = Client()
        self._client = client
        self.frame: pd.DataFrame = empty_frame(text=True)
        self.task: Task | None = None
        self._ids: list[str] = []
        self._clicked_at = -_HELD_BACK_S
        self._desk = Desk(self._busy)
        self._make_controls()
        super().__init__(
            [
                row(self.box, self.recent),
                row(self.look_up, self.refresh, self.watch, self.cancel, self.note),
                self.table,
                self.panel,
            ]
        )
        self._busy(self._desk.turn is not None)

    def _make_controls(self) -> None:
        self.box = w.Textarea(
            description="Task ids",
            placeholder="One id or many: lines, commas, JSON, addresses",
            rows=2,
            # A change with every key: Enter shows as a line break at the end.
            continuous_update=True,
            layout=w.Layout(width="34em", max_width="calc(100% - 4px)", min_height="3.4em"),
        )
        self.recent = w.Dropdown(
            description="Recent",
            options=[("–", "")],
            layout=w.Layout(width="20em", max_width="100%"),
        )
        self.look_up = button("Look up", "Show these tasks (Enter)", button_style="primary")
        self.refresh = button("Refresh", "Ask the service again, whatever the cache has")
        self.watch = button("Watch", "Ask again and again until the tasks have settled")
        self.cancel = button("Cancel", "Stop asking")
        self.note = w.HTML(
            notice("Paste a task id and press Enter."),
            # As wide as its longest sentences: below the buttons where there is no room beside.
            layout=w.Layout(margin="0 0 0 4px", flex="1 1 28em"),
        )
        self.panel = TaskPanel(self._client)
        self.table = TaskTable(self._open)
        visible(self.table, yes=False)
        self.box.observe(self._on_text, names="value")
        self.recent.observe(self._on_recent, names="value")
        self.look_up.on_click(lambda _: self._on_click())
        self.refresh.on_click(lambda _: self._ask(self._ids, refresh=True))
        self.watch.on_click(lambda _: self._desk.start(self._watch))
        self.cancel.on_click(lambda _: self._cancel())

    def stand_in(self) -> tuple[str, str]:
        """The card, the table, or what to do, in HTML and as text."""
        if self.task is not None:
            task = self.task
            known: dict[str, Any] = {"fetched_at": task.fetched_at, "from_cache": task.from_cache}
            return card_html(task.payload, **known), card_text(task.payload, **known)
        count = self.frame["task_id"].nunique()
        if count:
            shown = Catalogue(self.frame).tasks.iloc[:PAGE].to_dict("records")
            return rows_html(shown, ids=True), f"TaskLookup: {count:,} tasks"
        text = "TaskLookup: no task looked up yet"
        return notice(text), text

    def _on_text(self, change: dict[str, Any]) -> None:
        # The front end may send several keys at once: the line break need not come alone.
        added = change["new"][len(change["old"]) :]
        appended = change["new"].startswith(change["old"])
        entered = appended and added.endswith("\n") and added.count("\n") == 1
        if entered or time.monotonic() - self._clicked_at < _HELD_BACK_S:
            self._start()

    def _on_click(self) -> None:
        self._clicked_at = time.monotonic()
        self._start()

    def _on_recent(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.box.value = change["new"]
            self._start()

    def _start(self) -> None:
        task_ids = find_task_ids(self.box.value)
        if task_ids:
            self._ask(task_ids)
        else:
            self._say("There is no id in the box: paste one, such as task_euyrvozb9302uwhq.")

    def _ask(self, task_ids: Sequence[str], *, refresh: bool = False) -> None:
        self._ids = list(task_ids)
        self._remember()
        self._desk.start(partial(self._fetch, self._ids, refresh=refresh))

    def _remember(self) -> None:
        text = "\n".join(self._ids)
        more = f" and {len(self._ids) - 1:,} more" if len(self._ids) > 1 else ""
        label = units.cut(units.plain(self._ids[0]), _ID) + more
        kept = [option for option in self.recent.options[1:] if option[1] != text]
        with self.recent.hold_trait_notifications():
            self.recent.options = [("–", ""), (label, text), *kept][: _MOST_RECENT + 1]

    def _fetch(self, task_ids: list[str], turn: Turn, *, refresh: bool) -> None:
        one = len(task_ids) == 1
        what = f"task {units.cut(task_ids[0], _ID)!r}" if one else f"{len(task_ids):,} tasks"
        turn.show(lambda: self._say(f"Asking for {what}…"))
        try:
            if one:
                task = self._client.task(task_ids[0], refresh=refresh)
                turn.show(partial(self._show_task, task))
            else:
                frame = ask_many(self._client, task_ids, refresh=refresh)
                turn.show(partial(self._show_frame, frame))
        except ScandocError as error:
            turn.show(partial(self._show_nothing, sentence(error, what=what)))

    def _watch(self, turn: Turn) -> None:
        one = self.task if len(self._ids) == 1 else None
        frame = self.frame
        for pause_s in pauses():
            waiting = unsettled_ids(frame)
            if not waiting:
                return
            count = "the task" if one is not None else f"{len(waiting):,} tasks"
            again = f"Watching {count}: asked again in {units.duration_text(round(pause_s, 1))}."
            turn.show(partial(self._say, again))
            if turn.stop.wait(pause_s):
                return
            try:
                if one is not None:
                    one = self._client.task(one.id, refresh=True)
                    frame = frame_of(one)
                    turn.show(partial(self._show_task, one))
                else:
                    frame = ask_again(self._client, frame)
                    turn.show(partial(self._show_frame, frame, keep=True))
            except ScandocError as error:
                turn.show(partial(self._say, sentence(error), problem=True))
                if not error.retryable:
                    return

    def _open(self, task_id: str) -> None:
        def work(turn: Turn) -> None:
            try:
                task = self._client.task(task_id)
                rows = self.frame[(self.frame["task_id"] == task_id).to_numpy(dtype=bool)]
                before, after = neighbours(self.frame, rows)
            except ScandocError as error:
                what = f"task {units.cut(task_id, _ID)!r}"
                turn.show(partial(self._say, sentence(error, what=what), problem=True))
            else:
                turn.show(partial(self._show_card, task, before=before, after=after))

        self._desk.start(work)

    def _show_task(self, task: Task) -> None:
        self.frame = frame_of(task)
        visible(self.table, yes=False)
        self._show_card(task)

    def _show_card(self, task: Task, **around: list[Neighbour]) -> None:
        self.task = task
        self.panel.show(task, **around)
        self._say("" if task.status in SETTLED else "This task has not settled: Watch asks again.")

    def _show_frame(self, frame: pd.DataFrame, *, keep: bool = False) -> None:
        self.frame = frame
        if not keep:
            self.task = None
            self.panel.clear()
            self.table.mark(None)
        tasks = Catalogue(frame).tasks
        self.table.show(tasks, np.arange(len(tasks)), keep_page=keep)
        visible(self.table, yes=True)
        lost, open_ = int(tasks["fetch_error"].notna().sum()), len(unsettled_ids(frame))
        parts = [f"{len(tasks):,} tasks"]
        parts += [f"{lost:,} could not be fetched"] if lost else []
        parts += [f"{open_:,} not settled"] if open_ else []
        self._say(", ".join(parts) + ". A click on an id opens its card below.")

    def _show_nothing(self, text: str) -> None:
        self.frame, self.task = empty_frame(text=True), None
        self.panel.clear()
        visible(self.table, yes=False)
        self._say(text, problem=True)

    def _cancel(self) -> None:
        if self._desk.cancel():
            self._say("Cancelled.")

    def _say(self, text: str, *, problem: bool = False) -> None:
        self.note.value = notice(text, problem=problem)

    def _busy(self, busy: bool) -> None:  # noqa: FBT001 - called as `on_busy`
        clickable(self.refresh, not busy and bool(self._ids))
        clickable(self.watch, not busy and bool(unsettled_ids(self.frame)))
        clickable(self.cancel, busy)
