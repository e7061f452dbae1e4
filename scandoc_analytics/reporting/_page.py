"""A run notebook as one HTML page: its prose and outputs, without its code, in our own frame.

nbconvert's full templates load scripts and fonts from the network; its bare one does not, and
what stands around it here is a style sheet and nothing else.
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

from scandoc_analytics import __version__

__all__ = ["to_html"]

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
<footer>Made by scandoc_analytics {version} on {made:%Y-%m-%d %H:%M} UTC. Times are UTC.</footer>
</body>
</html>
"""


def to_html(notebook: Any, title: str) -> str:
    """The page as text; it loads nothing, and no script in it would run."""
    from nbconvert import HTMLExporter  # noqa: PLC0415 - slow to import, and an extra

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _resources = exporter.from_notebook_node(notebook)
    return _PAGE.format(
        title=html.escape(title),
        style=(files("scandoc_analytics.reporting") / "report.css").read_text(encoding="utf-8"),
        body=body,
        version=__version__,
        made=datetime.now(UTC),
    )
