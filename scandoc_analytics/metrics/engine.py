"""How a frame of any engine is taken in, reduced where it lies, and brought over to pandas.

Polars, DuckDB and PySpark frames stay in their engine until `collect` brings a small table over.
PyArrow has no grouped quantile, and not all grouped results of Dask are right: of these two the
needed columns go over to pandas first.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa
from narwhals.stable.v2.dependencies import is_dask_dataframe

from scandoc_analytics import schema
from scandoc_analytics.metrics.tables import EVERYTHING, as_time, finished

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pandas.api.extensions import ExtensionDtype

__all__ = ["Rows", "collect", "enter", "grouped", "hours", "known", "top"]

Rows: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

_US_PER_HOUR: Final = 3_600_000_000


def enter(frame: object, needed: Iterable[str], optional: Iterable[str] = ()) -> Rows:
    """The needed columns of a frame, and those of the optional columns that it has.

    Raises
    ------
    TypeError
        The argument is no frame of a known engine, or a key column holds lists.
    ValueError
        A column is not there; the message names close matches and what there is.
    """
    if is_dask_dataframe(frame):
        columns = _wanted(list(frame.columns), needed, optional)
        return known(frame[columns].compute())
    held = nw.from_native(frame, pass_through=True)
    if not isinstance(held, (nw.DataFrame, nw.LazyFrame)):
        msg = (
            f"expected a flat frame (pandas, Polars, PyArrow, DuckDB, PySpark or Dask), "
            f"got {type(frame).__name__}: make one with fetch_tasks, flatten or load"
        )
        raise TypeError(msg)
    narrow: Rows = held.select(*_wanted(held.columns, needed, optional))
    if narrow.implementation.is_pandas():
        return narrow
    if isinstance(narrow, nw.LazyFrame) or narrow.implementation.is_polars():
        return _plain_strings(narrow.lazy())
    return known(collect(narrow))


def _wanted(there: list[str], needed: Iterable[str], optional: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(needed))
    for name in wanted:
        if name not in there:
            close = get_close_matches(str(name), there)
            hint = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
            msg = f"the frame has no column {name!r}: {hint}its columns are {', '.join(there)}"
            raise ValueError(msg)
    return list(dict.fromkeys([*wanted, *(name for name in optional if name in there)]))


def grouped(rows: Rows, keys: Sequence[str], **numbers: nw.Expr) -> pd.DataFrame:
    """Each number for each group of equal keys, as pandas; a missing key is a group of its own.

    Without keys there is one group, or none where there are no rows.
    """
    if not keys:
        rows = rows.with_columns(nw.lit(0).alias(EVERYTHING))
    reduced = rows.group_by(list(keys) or [EVERYTHING], drop_null_keys=False).agg(
        *(number.alias(name) for name, number in numbers.items())
    )
    table = collect(reduced)[[*keys, *numbers]]
    return table.assign(**{key: _plain_key(table[key]) for key in keys})


def hours(rows: Rows, column: str, name: str) -> Rows:
    """Add the hours since 1970 in UTC of a time, whatever the session's time zone is."""
    dtype = rows.collect_schema()[column]
    if not isinstance(dtype, nw.Datetime):
        msg = (
            f"column {column!r} holds {dtype}, not times: read the frame with load, "
            "or convert the column with pandas.to_datetime(..., utc=True)"
        )
        raise TypeError(msg)
    native = nw.to_native(rows)
    if rows.implementation.is_duckdb():
        quoted = '"' + column.replace('"', '""') + '"'
        return known(native.project(f"*, epoch_us({quoted}) // {_US_PER_HOUR} AS {name}"))
    if rows.implementation.is_pyspark():
        hour = f"unix_micros(`{column}`) div {_US_PER_HOUR} AS {name}"
        return known(native.selectExpr("*", hour))
    return rows.with_columns((nw.col(column).dt.timestamp("us") // _US_PER_HOUR).alias(name))


def top(
    rows: Rows, measure: str, n: int, numbers: Mapping[str, Any], *, ties: Sequence[str]
) -> pd.DataFrame:
    """The `n` rows with the largest known measure, between equals in the order of `ties`."""
    if n < 0:
        msg = f"n={n!r} rows cannot be shown: use 0 or more"
        raise ValueError(msg)
    rows = rows.filter(~nw.col(measure).is_null())
    if isinstance(rows, nw.DataFrame):
        # Sorting all rows costs much more than finding the least measure that is shown.
        least = nw.to_native(rows)[measure].nlargest(n).min()
        rows = rows.filter(nw.col(measure) >= least) if n and len(rows) else rows.head(0)
    order = [measure, *ties]
    highest = [name == measure for name in order]
    rows = rows.sort(order, descending=highest, nulls_last=True).head(n)
    table = collect(rows.select(*dict.fromkeys([*numbers, *order])))
    table = table.sort_values(order, ascending=[not high for high in highest])
    return finished(table[list(numbers)], [], numbers)


def collect(rows: Rows) -> pd.DataFrame:
    """Rows as pandas, with missing values in the dtypes of the flat frame."""
    if rows.implementation.is_pandas():
        here: pd.DataFrame = nw.to_native(rows)
        return here.reset_index(drop=True)
    table = rows.collect("pyarrow") if isinstance(rows, nw.LazyFrame) else rows
    arrow: pa.Table = table.to_arrow()
    brought: pd.DataFrame = arrow.to_pandas(types_mapper=_pandas_dtype)
    return brought


def known(native: Any) -> Rows:
    """A native frame as Narwhals sees it."""
    frame: Rows = nw.from_native(native)
    return frame


def _plain_strings(rows: Rows) -> Rows:
    columns = rows.collect_schema().items()
    named = [name for name, dtype in columns if isinstance(dtype, (nw.Categorical, nw.Enum))]
    return rows.with_columns(nw.col(*named).cast(nw.String)) if named else rows


def _plain_key(key: pd.Series[Any]) -> pd.Series[Any]:
    dtype: Any = key.dtype
    if isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) or dtype.kind == "O":
        return key.astype(schema.STR)
    if dtype.kind == "M":
        return as_time(key)
    if dtype.kind == "f":
        return key.astype(schema.FLOAT)
    return key.astype(schema.BOOL if dtype.kind == "b" else schema.INT)


def _pandas_dtype(dtype: pa.DataType) -> ExtensionDtype | None:
    if pa.types.is_string(dtype) or pa.types.is_large_string(dtype) or pa.types.is_null(dtype):
        return schema.STR
    if pa.types.is_integer(dtype):
        return schema.INT
    return schema.BOOL if pa.types.is_boolean(dtype) else None
