"""The card of a task on the screen, and its files to preview and to save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from scandoc_analytics import units
from scandoc_analytics.card import card_html
from scandoc_analytics.errors import ScandocError
from scandoc_analytics.widgets.controls import button, clickable, notice, row, visible
from scandoc_analytics.widgets.desk import Desk, Turn
from scandoc_analytics.widgets.preview import can_preview, image_html, thumbnail
from scandoc_analytics.widgets.saving import safe_name, write_new
from scandoc_analytics.widgets.sentences import sentence

if TYPE_CHECKING:
    from scandoc_analytics.client import Client
    from scandoc_analytics.client.one_task import Task

__all__ = ["TaskPanel"]

_NAME: int = 50


class TaskPanel(w.VBox):  # type: ignore[misc]
    """Shows one task; with a client, its files can be previewed and saved."""

    def __init__(self, client: Client | None) -> None:
        self._client = client
        self._files: list[dict[str, Any]] = []
        self._desk = Desk(self._busy)
        self.card = w.HTML(layout=w.Layout(width="100%", margin="0"))
        self.file = w.Dropdown(
            description="File",
            layout=w.Layout(width="auto", flex="1 1 14em", max_width="26em"),
        )
        self.preview = button("Preview", "Show the image, or the first page of the PDF")
        self.save = button("Save", "Write the file into the folder of the notebook")
        self.note = w.HTML(layout=w.Layout(margin="0 0 0 4px", flex="1 1 20em"))
        self.picture = w.HTML(layout=w.Layout(max_width="42em"))
        self.preview.on_click(lambda _: self._desk.start(self._preview))
        self.save.on_click(lambda _: self._desk.start(self._save))
        self.file.observe(lambda _: self._file_changed(), names="value")
        self._row = row(self.file, self.preview, self.save, self.note)
        super().__init__([self.card, self._row, self.picture])
        self.clear()

    def clear(self) -> None:
        """Show no task."""
        self._show("", [])

    def show(self, task: Task, *, before: Any = (), after: Any = ()) -> None:
        """Show a task.

        Parameters
        ----------
        task
            The task.
        before, after
            The tasks around it, as `card_html` takes them.
        """
        markup = card_html(
            task.payload,
            fetched_at=task.fetched_at,
            from_cache=task.from_cache,
            before=before,
            after=after,
        )
        self._show(markup, [file for file in task.files if isinstance(file.get("id"), str)])

    def _show(self, markup: str, files: list[dict[str, Any]]) -> None:
        same = [file["id"] for file in files] == [file["id"] for file in self._files]
        self.card.value = markup
        # A task that is watched is shown again and again: what was previewed stays.
        if same and files:
            return
        self._desk.cancel()
        self._files = files
        self.note.value = self.picture.value = ""
        self.file.options = [(_label(file), place) for place, file in enumerate(files)]
        # Once it was empty, a dropdown selects nothing by itself.
        self.file.index = 0 if files else None
        visible(self._row, bool(files) and self._client is not None)
        self._file_changed()

    def _file_changed(self) -> None:
        self.picture.value = self.note.value = ""
        self._busy(self._desk.turn is not None)

    def _busy(self, busy: bool) -> None:  # noqa: FBT001 - called as `on_busy`
        file = self._chosen()
        clickable(self.preview, not busy and file is not None and can_preview(file.get("type")))
        clickable(self.save, not busy and file is not None)

    def _chosen(self) -> dict[str, Any] | None:
        place = self.file.value
        return self._files[place] if place is not None and place < len(self._files) else None

    def _download(self, turn: Turn) -> tuple[dict[str, Any], bytes] | None:
        file = self._chosen()
        if file is None or self._client is None:
            return None
        turn.show(lambda: self._say("Fetching the file…"))
        try:
            return file, self._client.download(file["id"])
        except ScandocError as error:
            text = sentence(error, what=f"file {units.cut(file['id'], _NAME)!r}")
            turn.show(lambda: self._say(text, problem=True))
            return None

    def _preview(self, turn: Turn) -> None:
        got = self._download(turn)
        if got is None:
            return
        file, content = got
        try:
            markup = image_html(thumbnail(content), what=f"Preview of {_label(file)}")
        except ScandocError as error:
            text = sentence(error)
            turn.show(lambda: self._say(text, problem=True))
        else:
            turn.show(lambda: self._show_picture(markup))

    def _show_picture(self, markup: str) -> None:
        self.picture.value = markup
        self._say("")

    def _save(self, turn: Turn) -> None:
        got = self._download(turn)
        if got is None:
            return
        file, content = got
        name = file["name"] if isinstance(file.get("name"), str) else None
        try:
            path = write_new(safe_name(name, file.get("type"), fallback=file["id"]), content)
        except OSError as error:
            text = f"The file cannot be written here: {error.strerror or error}."
            turn.show(lambda: self._say(text, problem=True))
        else:
            size = units.bytes_text(len(content))
            turn.show(lambda: self._say(f"Saved as {path.name} ({size})."))

    def _say(self, text: str, *, problem: bool = False) -> None:
        self.note.value = notice(text, problem=problem) if text else ""


def _label(file: dict[str, Any]) -> str:
    name = file.get("name")
    return units.cut(units.plain(name if isinstance(name, str) and name else file["id"]), _NAME)
