"""The pieces that the widgets are made of: labelled, wrapping where it is narrow."""

from __future__ import annotations

import html
import uuid
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
from IPython.display import display

from scandoc_analytics import units
from scandoc_analytics.card.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["StandIn", "button", "clickable", "notice", "row", "visible"]

_STYLE: Final = (
    COLOURS.format(".scandoc-note")
    + """.scandoc-note{margin:0;min-height:1.5em;background:none;overflow-wrap:anywhere}
.scandoc-note.problem{color:var(--sd-bad)}"""
).replace("\n", "")


# JupyterLab draws a widget a moment after its output: till then there is nothing to stand in for.
_PATIENCE: Final = """
div:has(> .jupyter-widgets:not(:has(*))) + div .scandoc-still{overflow:hidden;
animation:scandoc-still 2s}@keyframes scandoc-still{from,to{max-height:0}}
""".replace("\n", "")


class StandIn(w.VBox):  # type: ignore[misc]
    """A widget that says what it shows in HTML and text too, for where no widget can be shown."""

    def __init__(self, children: Sequence[w.Widget]) -> None:
        self._still = f"scandoc-still-{uuid.uuid4().hex}"
        # Where this is drawn, all of the widget is.
        hide = w.HTML(f"<style>.{self._still}{{display:none}}</style>")
        visible(hide, yes=False)
        super().__init__([*children, hide])

    def stand_in(self) -> tuple[str, str]:
        """HTML and plain text of what is on the screen."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = dict(super()._repr_mimebundle_(**kwargs) or {})
        shown["text/html"], shown["text/plain"] = self.stand_in()
        return shown

    def outputs(self) -> list[dict[str, Any]]:
        """The outputs that show it in a notebook: the widget, and a still picture of it.

        In one output the widget wins, also where nothing draws it: in a page that nbconvert makes
        of a notebook it ran itself, and in JupyterLab once the kernel is gone. So the picture is
        an output of its own, which the widget hides as soon as it is drawn.
        """
        shown = self._repr_mimebundle_()
        html_, text = shown.pop("text/html"), shown.pop("text/plain")
        still = f'<style>{_PATIENCE}</style><div class="scandoc-still {self._still}">{html_}</div>'
        return [{**shown, "text/plain": ""}, {"text/html": still, "text/plain": text}]

    def _ipython_display_(self) -> None:
        for output in self.outputs():
            display(output, raw=True)


def button(label: str, hint: str, **options: Any) -> w.Button:
    """A button as wide as its label."""
    layout = w.Layout(width="auto", min_width="5em", flex="0 0 auto")
    return w.Button(description=label, tooltip=hint, layout=layout, **options)


def row(*controls: w.Widget) -> w.Box:
    """Controls beside each other, and below each other where it is narrow."""
    layout = w.Layout(display="flex", flex_flow="row wrap", align_items="center", width="100%")
    return w.Box(list(controls), layout=layout)


def visible(control: w.DOMWidget, yes: bool) -> None:  # noqa: FBT001 - a yes or no
    """Show or hide a control."""
    control.layout.display = None if yes else "none"


def clickable(control: w.Widget, yes: bool) -> None:  # noqa: FBT001 - a yes or no
    """Let a control be used or not."""
    control.disabled = not yes


def notice(text: str, *, problem: bool = False) -> str:
    """One line that tells people, and screen readers, what happened."""
    role, mark = ("alert", "✗ ") if problem else ("status", "")
    kind = " problem" if problem else ""
    shown = html.escape(units.plain(text), quote=True)
    return f'<style>{_STYLE}</style><p class="scandoc-note{kind}" role="{role}">{mark}{shown}</p>'
