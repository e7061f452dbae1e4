"""The plots of a selection, as pictures that need no pyplot."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["PLOTS", "picture"]

#: Title of the view, the function of `scandoc_analytics.plot`, and its options.
PLOTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Status": ("status_mix", {"by": "operation"}),
    "Durations": ("durations", {}),
    "Sizes": ("sizes", {}),
    "Throughput": ("throughput", {}),
    "Failures": ("failures", {}),
}
_INCHES: Final = (9.0, 4.5)
_DPI: Final = 120


def picture(frame: pd.DataFrame, title: str) -> bytes:
    """One of `PLOTS` of a flat frame, as a PNG.

    Raises
    ------
    MissingExtraError
        Plots need packages that are not installed.
    """
    # First: it says what to install where matplotlib is missing.
    from scandoc_analytics import plot  # noqa: PLC0415, I001 - an extra, and slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415 - the same

    name, options = PLOTS[title]
    draw: Callable[..., Any] = getattr(plot, name)
    # A Figure of its own: pyplot's would be drawn by two threads of the kernel at once.
    figure = Figure(figsize=_INCHES, layout="constrained")
    draw(frame, ax=figure.subplots(), **options)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=_DPI)
    return png.getvalue()
