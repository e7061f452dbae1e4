"""A progress bar for people who wait, and nothing for everybody else."""

from __future__ import annotations

import sys
import time
import warnings
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress"]

#: Work that is shorter needs no bar.
_PATIENCE_S: Final = 1.0


class Progress:
    """Counts what is done; draws a bar when that takes longer than a second.

    Parameters
    ----------
    total
        How many there are; None when that is unknown.
    unit
        What is counted, such as "task".
    wanted
        True draws a bar wherever the standard error goes, False never does; None draws one on a
        terminal and in a notebook.
    """

    def __init__(self, total: int | None, *, unit: str, wanted: bool | None) -> None:
        self._total = total
        self._unit = unit
        self._wanted = wanted
        self._done = 0
        self._since = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def add(self, count: int = 1) -> None:
        """Count some more as done."""
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        elif self._wanted is not False and time.monotonic() - self._since > _PATIENCE_S:
            if self._wanted or _somebody_looks():
                self._bar = self._new_bar()
            else:
                self._wanted = False

    def _new_bar(self) -> Any:
        with warnings.catch_warnings():
            # Without ipywidgets there is a plain bar, which is no reason to warn.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm  # noqa: PLC0415 - few need it

            return tqdm(total=self._total, unit=self._unit, initial=self._done, dynamic_ncols=True)


def _somebody_looks() -> bool:
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    # Only a notebook has loaded this; a plain interpreter need not.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")
