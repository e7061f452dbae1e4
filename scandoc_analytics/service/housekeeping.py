"""How much is kept, in words and numbers, and which answers are too old."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scandoc_analytics import units

if TYPE_CHECKING:
    from scandoc_analytics.service.store import Totals

__all__ = ["CacheInfo", "moment_us"]


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache holds.

    Attributes
    ----------
    path
        The file, or the address without its password.
    tasks
        Number of tasks kept.
    bytes
        Size of the file; of the answers alone where only some are counted.
    oldest, newest
        When the service gave the oldest and the newest answer; None where there is none.
    """

    path: str
    tasks: int
    bytes: int
    oldest: datetime | None
    newest: datetime | None

    @classmethod
    def of(cls, path: str, totals: Totals) -> CacheInfo:
        """Info on a place with these totals."""
        return cls(path, totals.tasks, totals.bytes, _moment(totals.oldest), _moment(totals.newest))

    @property
    def summary(self) -> str:
        """Such as ``1,234 tasks (2.1 MB)``."""
        return (
            f"{self.tasks:,} task{'' if self.tasks == 1 else 's'} ({units.bytes_text(self.bytes)})"
        )

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("path", self.path),
            ("tasks", f"{self.tasks:,}"),
            ("size", units.bytes_text(self.bytes)),
            ("oldest answer", _shown(self.oldest)),
            ("newest answer", _shown(self.newest)),
        ]

    def __str__(self) -> str:
        return "\n".join(f"{name:<14} {value}" for name, value in self._rows())

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<tr><th style="text-align:left">{name}</th>'
            f'<td style="text-align:left">{html.escape(value)}</td></tr>'
            for name, value in self._rows()
        )
        return f"<table>{cells}</table>"


def moment_us(older_than: str | timedelta | datetime) -> int:
    """The moment that is this long ago, or this moment; microseconds since 1970.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> moment_us(datetime(2026, 11, 1, tzinfo=UTC))
    1793491200000000
    """
    try:
        if isinstance(older_than, datetime):
            moment = older_than if older_than.tzinfo else older_than.replace(tzinfo=UTC)
        else:
            moment = datetime.now(UTC) - _length(older_than)
    except (ValueError, OverflowError) as error:
        msg = (
            f"older_than={older_than!r} is no length of time and no moment: give one such as "
            "'30d', '12h', a timedelta or a datetime"
        )
        raise ValueError(msg) from error
    return round(moment.timestamp() * 1_000_000)


def _length(given: object) -> timedelta:
    length = given if isinstance(given, timedelta) else units.parse_duration(str(given))
    if not length >= timedelta(0):
        msg = "negative"
        raise ValueError(msg)
    return length


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def _shown(moment: datetime | None) -> str:
    return "none" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
