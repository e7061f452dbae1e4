"""The controls in which somebody says which tasks are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from scandoc_analytics.schema import NOT_FETCHED
from scandoc_analytics.widgets.controls import button, row
from scandoc_analytics.widgets.filters import Filters, parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from scandoc_analytics.widgets.catalogue import Catalogue

__all__ = ["FilterBar"]

_SEVERAL = "Ctrl or Cmd and a click chooses several; none chosen means all"
_WIDTH = "20em"


class FilterBar(w.VBox):  # type: ignore[misc]
    """Filters that combine; each change calls `on_change`.

    Parameters
    ----------
    catalogue
        What there is to choose from.
    on_change
        Called after each change, without arguments.
    """

    def __init__(self, catalogue: Catalogue, on_change: Callable[[], object]) -> None:
        self._on_change = on_change
        self._clearing = False
        statuses = _counted(catalogue, "status")
        lost = int(catalogue.in_tasks(catalogue.not_fetched).sum())
        if lost:
            statuses.append((f"{NOT_FETCHED} ({lost:,})", NOT_FETCHED))
        self.status = _choice("Status", statuses)
        self.operation = _choice("Operation", _counted(catalogue, "operation"))
        self.file_type = _choice("File type", _counted(catalogue, "file_type"))
        self.since = _day("From day", "Created on this day or later (UTC)")
        self.until = _day("To day", "Created on this day or earlier (UTC)")
        self.least = _text("Size from", "500 kB", "The task has a file of at least this size")
        self.most = _text("Size to", "2 MB", "The task has a file of at most this size")
        self.words = _text(
            "Words", "names, ids, errors", "Each word stands in a name, an id or an error"
        )
        self.reset = button("Clear filters", "Show all tasks again")
        self.reset.on_click(lambda _: self.clear())
        for control in self._controls:
            control.observe(self._changed, names="value")
        super().__init__(
            [
                row(self.status, self.operation, self.file_type),
                row(self.since, self.until, self.least, self.most, self.words, self.reset),
            ]
        )

    @property
    def _controls(self) -> tuple[Any, ...]:
        choices = (self.status, self.operation, self.file_type)
        return (*choices, self.since, self.until, self.least, self.most, self.words)

    def filters(self) -> Filters:
        """What the controls say.

        Raises
        ------
        ValueError
            A size cannot be read; the message says what would do.
        """
        return Filters(
            statuses=self.status.value,
            operations=self.operation.value,
            since=self.since.value,
            until=self.until.value,
            file_types=self.file_type.value,
            least_bytes=parse_size(self.least.value),
            most_bytes=parse_size(self.most.value),
            words=self.words.value.strip(),
        )

    def clear(self) -> None:
        """Ask for nothing: all tasks."""
        self._clearing = True
        for choice in (self.status, self.operation, self.file_type):
            choice.value = ()
        for text in (self.least, self.most, self.words):
            text.value = ""
        self.since.value = self.until.value = None
        self._clearing = False
        self._on_change()

    def _changed(self, _: dict[str, Any]) -> None:
        if not self._clearing:
            self._on_change()


def _counted(catalogue: Catalogue, column: str) -> list[tuple[str, str]]:
    return [
        (f"{value} ({int(catalogue.in_tasks(catalogue.is_in(column, (value,))).sum()):,})", value)
        for value in catalogue.values(column)
    ]


def _choice(label: str, options: list[tuple[str, str]]) -> w.SelectMultiple:
    layout = w.Layout(width=_WIDTH, max_width="calc(100% - 4px)", height="6.6em")
    return w.SelectMultiple(
        description=label, options=options, rows=4, tooltip=_SEVERAL, layout=layout
    )


def _day(label: str, hint: str) -> w.DatePicker:
    layout = w.Layout(width=_WIDTH, max_width="calc(100% - 4px)")
    return w.DatePicker(description=label, tooltip=hint, layout=layout)


def _text(label: str, example: str, hint: str) -> w.Text:
    layout = w.Layout(width=_WIDTH, max_width="calc(100% - 4px)")
    # Not with every key: a change is a redraw.
    return w.Text(
        description=label,
        placeholder=example,
        tooltip=hint,
        continuous_update=False,
        layout=layout,
    )
