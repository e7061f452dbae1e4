"""A report to send: a notebook is run over a frame and becomes one self-contained HTML file."""

from __future__ import annotations

from scandoc_analytics.reporting._report import check_paths, copy_template, report

__all__ = ["check_paths", "copy_template", "report"]
