"""One picture per number: a flat frame in, matplotlib Axes out.

With ``ax=`` a plot draws there and touches nothing else. Without it a plot makes its own figure: in
a notebook the picture appears below the cell, in a script nothing opens and nothing has to be
closed: `ax.figure.savefig(...)` writes it. Global settings stay as they are.
"""

from scandoc_analytics.errors import MissingExtraError

try:
    import matplotlib as _matplotlib  # noqa: F401, ICN001 - only whether it is there
except ModuleNotFoundError as error:
    _FEATURE = "Drawing plots"
    raise MissingExtraError(_FEATURE, "plot") from error

from scandoc_analytics.plot._backlog import backlog
from scandoc_analytics.plot._effects import parameter_effect, size_change
from scandoc_analytics.plot._failures import failure_rate, failures
from scandoc_analytics.plot._lineage import lineage
from scandoc_analytics.plot._overview import overview
from scandoc_analytics.plot._ranges import durations, sizes
from scandoc_analytics.plot._status import status_mix
from scandoc_analytics.plot._throughput import throughput
from scandoc_analytics.plot._tops import coverage, largest, slowest

__all__ = [
    "backlog",
    "coverage",
    "durations",
    "failure_rate",
    "failures",
    "largest",
    "lineage",
    "overview",
    "parameter_effect",
    "size_change",
    "sizes",
    "slowest",
    "status_mix",
    "throughput",
]
