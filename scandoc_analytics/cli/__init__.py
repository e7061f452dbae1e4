"""The command line, `scandoc`: tables on standard output, everything else on standard error.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some ids could not be fetched.
"""

from __future__ import annotations

from scandoc_analytics.cli._main import main

__all__ = ["main"]
