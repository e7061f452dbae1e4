"""A table as a file: the name's ending picks the format, and the file is whole or not there."""

from __future__ import annotations

import csv
import importlib.util
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scandoc_analytics import frame as frames
from scandoc_analytics import schema
from scandoc_analytics.errors import MissingExtraError
from scandoc_analytics.files import whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

__all__ = ["ENDINGS", "check_path", "write_table", "write_workbook"]

#: A spreadsheet reads text that starts so as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
#: The columns of a flat frame, without and with the text.
_FLAT: Final = (set(schema.columns()), set(schema.columns(text=True)))
#: What one cell of a workbook holds at the most.
_CELL_CHARACTERS: Final = 32_767


def check_path(path: str | os.PathLike[str]) -> Path:
    """The path, once it is certain that a table can be written there.

    Raises
    ------
    ValueError
        The ending is none of `ENDINGS`.
    FileNotFoundError
        Its folder does not exist.
    MissingExtraError
        Workbooks need a package that is not installed.
    """
    target = Path(path).expanduser()
    if target.suffix.lower() not in ENDINGS:
        msg = (
            f"{target.name!r}: the ending picks the format, and must be one of {', '.join(ENDINGS)}"
        )
        raise ValueError(msg)
    if not target.parent.is_dir():
        msg = f"there is no folder {str(target.parent)!r} to write {target.name!r} into"
        raise FileNotFoundError(msg)
    if target.suffix.lower() == ".xlsx" and importlib.util.find_spec("openpyxl") is None:
        feature = "Writing .xlsx"
        raise MissingExtraError(feature, "excel")
    return target


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as csv, json, parquet or xlsx, whole or not at all.

    A flat frame goes to Parquet as a snapshot, which `scandoc_analytics.load` reads back. In csv
    and xlsx, text that a spreadsheet would run as a formula gets an apostrophe before it, lists
    become JSON text, and times lose nothing but, in xlsx, their offset (they are UTC).

    Parameters
    ----------
    table
        Any DataFrame; its index is not written.
    path
        Where to; an existing file is replaced.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ValueError, FileNotFoundError, MissingExtraError
        See `check_path`.
    """
    target = check_path(path)
    with whole_file(target) as unfinished:
        ENDINGS[target.suffix.lower()](table, unfinished)
    return target


def write_workbook(tables: Mapping[str, pd.DataFrame], path: str | os.PathLike[str]) -> Path:
    """Write several tables into one xlsx file, one sheet each, whole or not at all.

    Raises
    ------
    ValueError, FileNotFoundError, MissingExtraError
        See `check_path`.
    """
    target = check_path(path)
    if target.suffix.lower() != ".xlsx":
        msg = f"{target.name!r}: several tables in one file need the ending .xlsx"
        raise ValueError(msg)
    with whole_file(target) as unfinished, pd.ExcelWriter(unfinished, engine="openpyxl") as book:
        for name, table in tables.items():
            _for_workbook(table).to_excel(book, sheet_name=name[:31], index=False)
    return target


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    # Every text in quotes: the csv module leaves a lone carriage return outside of them.
    _without_formulas(_plain(table)).to_csv(path, index=False, quoting=csv.QUOTE_NONNUMERIC)


def _write_json(table: pd.DataFrame, path: Path) -> None:
    table.to_json(
        path, orient="records", date_format="iso", date_unit="us", indent=1, force_ascii=False
    )


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    if set(table.columns) in _FLAT:
        frames.save(table, path)
    else:
        table.to_parquet(path, index=False)


def _write_xlsx(table: pd.DataFrame, path: Path) -> None:
    write_workbook({"tasks": table}, path)


#: How a table is written, by the ending of the file's name.
ENDINGS: Final[dict[str, Callable[[pd.DataFrame, Path], None]]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}


def _for_workbook(table: pd.DataFrame) -> pd.DataFrame:
    plain = _plain(table)
    for name in plain.columns:
        if isinstance(plain[name].dtype, pd.DatetimeTZDtype):
            plain[name] = plain[name].dt.tz_localize(None)
    return _without_formulas(plain, limit=_CELL_CHARACTERS)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Lists as JSON text, periods as ISO 8601 text: what a cell can hold."""
    plain = table.copy()
    for name in plain.columns:
        if plain[name].dtype == object:
            plain[name] = plain[name].map(_cell_text)
    return plain


def _cell_text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _without_formulas(table: pd.DataFrame, *, limit: int | None = None) -> pd.DataFrame:
    safe = table
    inert = partial(_inert, limit=limit)
    for name in safe.columns:
        if pd.api.types.is_numeric_dtype(safe[name].dtype):
            continue
        if not isinstance(safe[name].dtype, pd.DatetimeTZDtype):
            safe[name] = safe[name].astype(object).map(inert)
    return safe


def _inert(value: Any, *, limit: int | None) -> Any:
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(_FORMULA) else value
    return text[:limit]
