"""The pieces that the widgets are made of: labelled, wrapping where it is narrow."""

from __future__ import annotations

import html
from typing import Any, Final

import ipywidgets as w
from IPython.display import display

from scandoc_analytics import units
from scandoc_analytics.card.style import COLOURS

__all__ = ["StandIn", "button", "clickable", "notice", "row", "visible"]

_STYLE: Final = (
    COLOURS.format(".scandoc-note")
    + """.scandoc-note{margin:0;min-height:1.5em;background:none;overflow-wrap:anywhere}
.scandoc-note.problem{color:var(--sd-bad)}"""
).replace("\n", "")


#: Shown right after a widget of an exported page that no script has drawn: no network, no kernel.
_STILL: Final = """
div:has(> div > script[type$="widget-view+json"]):not(:has(.jupyter-widgets .jupyter-widgets,
.output_widget_view .jupyter-widgets)) + div .scandoc-still{display:block}
""".replace("\n", "")


class StandIn(w.VBox):  # type: ignore[misc]
    """A widget that says what it shows in HTML and text too, for where no widget can be shown."""

    def stand_in(self) -> tuple[str, str]:
        """HTML and plain text of what is on the screen."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = dict(super()._repr_mimebundle_(**kwargs) or {})
        shown["text/html"], shown["text/plain"] = self.stand_in()
        return shown

    def outputs(self) -> list[dict[str, Any]]:
        """The outputs that show it in a notebook.

        A page that nbconvert makes of a notebook it ran itself takes the widget, never the HTML
        beside it, and leaves it to scripts of another host to draw it. For a page without those
        a still picture follows, which is hidden everywhere else.
        """
        shown = self._repr_mimebundle_()
        still = f'<div class="scandoc-still" hidden>{shown["text/html"]}</div>'
        return [shown, {"text/html": f"<style>{_STILL}</style>{still}"}]

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
