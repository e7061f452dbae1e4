"""Work off the kernel's main thread, one piece at a time, of which only the newest shows itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Desk", "Turn"]


class Turn:
    """One piece of work: `stop` asks it to end, and `show` lets it speak while it is the newest."""

    def __init__(self, desk: Desk) -> None:
        self.stop = threading.Event()
        self._desk = desk

    def show(self, action: Callable[[], object]) -> bool:
        """Do something that people see, unless a newer piece of work has begun.

        Parameters
        ----------
        action
            Sets traits of widgets, and does nothing that takes long.

        Returns
        -------
        bool
            Whether it was done.
        """
        with self._desk.lock:
            if self._desk.turn is not self:
                return False
            action()
            return True


class Desk:
    """Takes one piece of work after the other; a newer one silences the one before.

    Threads are daemons: a service that hangs neither holds up the notebook nor its end.

    Parameters
    ----------
    on_busy
        Called with True when work begins and with False when none is left.

    Examples
    --------
    >>> said = []
    >>> desk = Desk(lambda busy: said.append(busy))
    >>> desk.start(lambda turn: turn.show(lambda: said.append("done"))).join()
    >>> said
    [True, 'done', False]
    """

    def __init__(self, on_busy: Callable[[bool], object]) -> None:
        self.lock = threading.RLock()
        self.turn: Turn | None = None
        self._on_busy = on_busy

    def start(self, work: Callable[[Turn], object]) -> threading.Thread:
        """Begin a piece of work in a thread of its own; the one before may no longer speak."""
        with self.lock:
            self._silence()
            self.turn = turn = Turn(self)
            self._tell()
        thread = threading.Thread(target=self._run, args=(work, turn), daemon=True)
        thread.start()
        return thread

    def cancel(self) -> bool:
        """Silence the work that is under way; says whether there was any."""
        with self.lock:
            was_busy = self.turn is not None
            self._silence()
            if was_busy:
                self._tell()
        return was_busy

    def _tell(self) -> None:
        self._on_busy(self.turn is not None)

    def _silence(self) -> None:
        if self.turn is not None:
            self.turn.stop.set()
            self.turn = None

    def _run(self, work: Callable[[Turn], object], turn: Turn) -> None:
        try:
            work(turn)
        finally:
            turn.show(self.cancel)
