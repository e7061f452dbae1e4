"""Six plots for a glance."""

from __future__ import annotations

import io
from typing import Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from scandoc_analytics.plot import _canvas
from scandoc_analytics.plot._backlog import backlog
from scandoc_analytics.plot._failures import failure_rate
from scandoc_analytics.plot._ranges import durations, sizes
from scandoc_analytics.plot._status import status_mix
from scandoc_analytics.plot._throughput import throughput
from scandoc_analytics.scope import fitting_period, scope_of, scope_text

__all__ = ["overview"]

_SIZE_INCHES: Final = (13.0, 13.0)


class _Shown(Figure):
    """A figure that a notebook shows when it is the value of a cell, without pyplot's help."""

    def _repr_png_(self) -> bytes:
        image = io.BytesIO()
        self.savefig(image, format="png")
        return image.getvalue()


def overview(frame: object) -> Figure:
    """Draw what is there, what comes and goes, how long, how large, what fails and what waits.

    Parameters
    ----------
    frame
        A flat frame of any engine.

    Returns
    -------
    Figure
        Six plots with one footer: `status_mix` by operation, `throughput`, `durations`,
        `failure_rate`, `sizes` and `backlog`. A notebook shows it as the value of a cell;
        `figure.savefig(...)` writes it.

    Examples
    --------
    >>> import scandoc_analytics as sda
    >>> figure = sda.plot.overview(sda.flatten([{"id": "t", "status": "completed"}]))
    >>> len(figure.axes), figure.get_supxlabel()
    (6, '1 task')
    """
    figure = _Shown(figsize=_SIZE_INCHES, layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12))
    scope = scope_of(frame)
    panels = figure.subplots(3, 2).ravel()
    status_mix(frame, by="operation", ax=panels[0])
    throughput(frame, every=fitting_period(scope.first, scope.last), ax=panels[1])
    durations(frame, ax=panels[2])
    failure_rate(frame, ax=panels[3])
    sizes(frame, ax=panels[4])
    backlog(frame, ax=panels[5])
    for panel in panels:
        # All six would say the same.
        for text in [text for text in panel.texts if text.get_gid() == _canvas.FOOTER]:
            text.remove()
    figure.supxlabel(
        " · ".join(scope_text(scope)),
        fontsize=_canvas.SMALL,
        x=0.99,
        ha="right",
        alpha=0.75,
    )
    return figure
