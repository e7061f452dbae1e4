"""Widgets for notebooks and dashboards: look up single tasks, explore all of them."""

from importlib.util import find_spec

from scandoc_analytics.errors import MissingExtraError

if find_spec("ipywidgets") is None:
    _FEATURE = "A widget"
    raise MissingExtraError(_FEATURE, "widgets")

from scandoc_analytics.widgets.explorer import TaskExplorer
from scandoc_analytics.widgets.lookup import TaskLookup

__all__ = ["TaskExplorer", "TaskLookup"]
