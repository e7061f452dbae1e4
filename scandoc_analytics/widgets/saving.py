"""Files written where the notebook runs: under a tame name, and never over another file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["free_path", "safe_name", "write_new"]

_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
#: Names that stand for devices on Windows, whatever their ending.
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
#: What some system gives a meaning of its own; control characters come on top.
_SPECIAL: Final = re.compile(r"""[<>:"/\\|?*$%&;'`~]+""")
#: A file name may be 255 bytes long at the most, and a character has up to four.
_LONGEST: Final = 60
_MOST_TRIES: Final = 1000


def safe_name(name: str | None, file_type: str | None, *, fallback: str) -> str:
    """A file name made of a name that comes from outside.

    It names no folder, is not hidden, holds no control character, is at most 60 characters and an
    ending long, and its ending is that of the file's type.

    Parameters
    ----------
    name
        The file's name, as the service has it.
    file_type
        Its MIME type; an unknown one gives the ending ``.bin``.
    fallback
        What to call it when nothing of the name is left, such as its id.

    Examples
    --------
    >>> safe_name("../../etc/passwd", "image/png", fallback="file_a1")
    'etc_passwd.png'
    >>> safe_name("October.pdf", "application/pdf", fallback="file_a1")
    'October.pdf'
    """
    ending = _ENDINGS.get(file_type or "", ".bin")
    stem = _tame(name or "")
    if stem.lower().endswith(ending):
        stem = stem[: -len(ending)].rstrip(" .")
    stem = stem or _tame(fallback) or "file"
    return f"_{stem}{ending}" if _DEVICES.fullmatch(stem) else f"{stem}{ending}"


def _tame(text: str) -> str:
    shown = "".join(sign for sign in text[: 4 * _LONGEST] if sign.isprintable())
    return _SPECIAL.sub("_", shown).lstrip(" ._-")[:_LONGEST].rstrip(" ._")


def free_path(name: str, folder: Path | None = None) -> Path:
    """A path for a new file in a folder: the name, or the name with a number.

    Parameters
    ----------
    name
        A file name without a folder.
    folder
        Where; the current folder when it is not given.

    Examples
    --------
    >>> free_path("surely not there.csv").name
    'surely not there.csv'
    """
    return next(path for path in _candidates(name, folder) if not path.exists())


def write_new(name: str, content: bytes, folder: Path | None = None) -> Path:
    """Write a new file, under the name or the name with a number; no file is ever replaced.

    Parameters
    ----------
    name
        A file name without a folder, as of `safe_name`.
    content
        What to write.
    folder
        Where; the current folder when it is not given.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind.
    """
    for path in _candidates(name, folder):
        try:
            # "x" refuses whatever is there already, links included.
            file = path.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(content)
        except OSError:
            path.unlink()
            raise
        return path
    msg = f"there are too many files called {name!r}: move some away"
    raise FileExistsError(msg)


def _candidates(name: str, folder: Path | None) -> Iterator[Path]:
    folder = Path.cwd() if folder is None else folder
    path = folder / Path(name).name
    yield path
    for number in range(2, _MOST_TRIES):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")
