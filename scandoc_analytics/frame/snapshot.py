"""A flat frame as one Parquet file with its provenance, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scandoc_analytics.errors import ScandocError
from scandoc_analytics.files import whole_file
from scandoc_analytics.frame.grain import check_flat
from scandoc_analytics.frame.pandas_columns import ARROW_TYPES, to_column, to_lists
from scandoc_analytics.frame.values import TEXT
from scandoc_analytics.schema import CATEGORY, COLUMNS, LISTS, SCHEMA_VERSION, STR, columns

if TYPE_CHECKING:
    import os

__all__ = ["PROVENANCE", "load", "save"]

#: Where a frame's provenance stands in `DataFrame.attrs`.
PROVENANCE: Final = "scandoc"
_KEY: Final = b"scandoc_analytics"


def save(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Save a flat frame with its provenance, to run an analysis again without key and network.

    The file is written whole or not at all. Its Parquet metadata say, under the key
    ``scandoc_analytics``, the version of the schema, the newest answer (`as_of`), how many rows
    and tasks there are, and what the client noted in ``frame.attrs["scandoc"]``: the query and
    a fingerprint of the account, never the key.

    Parameters
    ----------
    frame
        A flat frame. Other columns are refused rather than lost.
    path
        A file whose name ends in ``.parquet``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        The name ends otherwise, columns are missing, or there are columns of another kind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from scandoc_analytics import flatten
    >>> frame = flatten([{"id": "task_a", "status": "pending"}])
    >>> with TemporaryDirectory() as folder:
    ...     again = load(save(frame, f"{folder}/tasks.parquet"))
    >>> again["task_id"].tolist()
    ['task_a']
    """
    target = _checked_path(path)
    check_flat(frame, tuple(COLUMNS))
    schema = columns(text="text" in frame.columns)
    others = [str(name) for name in frame.columns if name not in schema]
    if others:
        msg = f"a snapshot holds a flat frame and nothing else: drop {', '.join(others)}"
        raise ValueError(msg)
    newest = frame["fetched_at"].max()
    metadata = {
        "schema_version": SCHEMA_VERSION,
        "as_of": None if pd.isna(newest) else newest.isoformat(),
        "rows": len(frame),
        "tasks": int(frame["task_id"].nunique()),
        "provenance": frame.attrs.get(PROVENANCE, {}),
    }
    table = pa.table({name: _to_arrow(frame[name], dtype) for name, dtype in schema.items()})
    table = table.replace_schema_metadata({_KEY: json.dumps(metadata, default=str)})
    with whole_file(target) as part:
        pq.write_table(table, part, compression="zstd")
    return target


def load(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a flat frame back as `save` wrote it: the same dtypes, the same provenance.

    Parameters
    ----------
    path
        A file that `save` wrote.

    Returns
    -------
    pandas.DataFrame
        The flat frame; what the client had noted stands in ``attrs["scandoc"]``.

    Raises
    ------
    ValueError
        The name does not end in ``.parquet``.
    ScandocError
        The file is damaged, no snapshot, or made by a newer version of this package.
    """
    source = _checked_path(path)
    try:
        with pq.ParquetFile(source) as file:
            metadata = _metadata(file.schema_arrow.metadata, source)
            table = file.read()
    except pa.ArrowException as error:
        msg = f"{str(source)!r} is damaged, or no Parquet file ({error}): save it again"
        raise ScandocError(msg) from error
    schema = columns(text="text" in table.column_names)
    if set(table.column_names) != set(schema):
        names = ", ".join(sorted(set(table.column_names) ^ set(schema)))
        msg = (
            f"{str(source)!r} was changed after it was saved; columns too many or too few: {names}"
        )
        raise ScandocError(msg)
    frame = pd.DataFrame(
        {name: _to_pandas(table[name], dtype) for name, dtype in schema.items()}, copy=False
    )
    if metadata["provenance"]:
        frame.attrs[PROVENANCE] = metadata["provenance"]
    return frame


def _checked_path(path: str | os.PathLike[str]) -> Path:
    checked = Path(path).expanduser()
    if checked.suffix.lower() != ".parquet":
        msg = f"{str(path)!r}: a snapshot is a Parquet file, so its name must end in .parquet"
        raise ValueError(msg)
    return checked


def _metadata(found: dict[bytes, bytes] | None, source: Path) -> dict[str, Any]:
    if not found or _KEY not in found:
        msg = (
            f"{str(source)!r} is no snapshot: it is Parquet, but was not written by "
            "scandoc_analytics.save; pandas.read_parquet can read it"
        )
        raise ScandocError(msg)
    metadata: dict[str, Any] = json.loads(found[_KEY])
    if metadata["schema_version"] > SCHEMA_VERSION:
        msg = (
            f"{str(source)!r} was saved by a newer version of scandoc_analytics (schema "
            f"{metadata['schema_version']}, this one knows {SCHEMA_VERSION}): upgrade the package"
        )
        raise ScandocError(msg)
    return metadata


def _to_arrow(column: pd.Series[Any], dtype: Any) -> pa.Array:
    if dtype == CATEGORY:
        column = column.astype(STR)
    if dtype == LISTS:
        return pa.array(column.tolist(), pa.list_(TEXT))
    return pa.array(column, ARROW_TYPES.get(dtype, TEXT), from_pandas=True)


def _to_pandas(column: pa.ChunkedArray, dtype: Any) -> Any:
    if dtype == LISTS:
        return to_lists(column.to_pylist())
    return to_column(column.combine_chunks(), dtype)
