"""Code on the screen, with a button that copies it."""

from __future__ import annotations

import html
from typing import Final

__all__ = ["code_html"]

_COPY: Final = (
    "const code=this.nextElementSibling;"
    "getSelection().selectAllChildren(code);"
    "navigator.clipboard?navigator.clipboard.writeText(code.textContent)"
    ":document.execCommand('copy');this.textContent='Copied'"
)
_PRE: Final = (
    "margin:4px 2px;padding:6px 8px;white-space:pre-wrap;overflow-wrap:anywhere;"
    "background:var(--jp-layout-color2,rgba(128,128,128,0.12))"
)


def code_html(code: str) -> str:
    """The code as a part of a page, below a button that puts it on the clipboard.

    It is written out and gets selected, so that it can be copied by hand where a page may not use
    the clipboard.
    """
    # Only the page reaches the clipboard: a widget's button would ask the kernel. The classes make
    # it look like those buttons.
    return (
        '<button type="button" class="lm-Widget jupyter-widgets jupyter-button widget-button" '
        f'style="width:auto" onclick="{html.escape(_COPY, quote=True)}" '
        'title="Copy the Python that makes this selection">Copy code</button>'
        f'<pre style="{_PRE}">{html.escape(code)}</pre>'
    )
