"""What is counted: one row per task, one row per generated file.

The same task may stand in several rows: one for each of its files, the same row twice, or an older
answer beside a newer one. The newest answer counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from scandoc_analytics import schema
from scandoc_analytics.metrics import engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scandoc_analytics.metrics.engine import Rows

__all__ = ["FETCHED", "By", "files", "key_names", "tasks"]

By: TypeAlias = "str | Sequence[str] | None"

#: May be needed of `tasks` like a column: true in the rows that have a payload.
FETCHED: Final = "_fetched"
_FILE_KEY: Final = "_file_key"
#: Of two answers about one task the later counts: a failed request has no time at all.
_NEWEST: Final = ("fetched_at", "updated_at", "status")


def key_names(by: By) -> list[str]:
    """`by` as a list of column names, each once."""
    return list(dict.fromkeys([by] if isinstance(by, str) else by or []))


def tasks(
    frame: object, needed: Iterable[str], by: By = None, *, where: nw.Expr | None = None
) -> Rows:
    """One row per task, with its id, the keys and the needed columns, `FETCHED` among them.

    `where` leaves rows out before the rest is done, so it may only ask for what stays true of a
    task for ever, such as that it failed.
    """
    keys = key_names(by)
    for key in keys:
        if key in schema.FILE_COLUMNS:
            msg = (
                f"by={key!r} describes files, and one task may have several: this number counts "
                "tasks; size_summary counts files"
            )
            raise ValueError(msg)
    wanted = ["task_id", *keys, *needed]
    told = ["fetch_error"] if FETCHED in wanted else []
    columns = [name for name in wanted if name != FETCHED]
    rows = _checked_keys(engine.enter(frame, columns, [*told, *_NEWEST]), keys)
    if where is not None:
        rows = rows.filter(where)
    if told:
        known = "fetch_error" in rows.columns
        fetched = nw.col("fetch_error").is_null() if known else nw.lit(value=True)
        rows = rows.with_columns(fetched.alias(FETCHED))
    return _newest(rows, "task_id", wanted)


def files(frame: object, needed: Iterable[str], by: By = None) -> Rows:
    """One row per generated file, with its task's id, the keys and the needed columns."""
    keys = key_names(by)
    wanted = ["task_id", "file_index", "file_id", *keys, *needed]
    rows = _checked_keys(engine.enter(frame, wanted, _NEWEST), keys)
    rows = rows.filter(~(nw.col("file_id").is_null() & nw.col("file_index").is_null()))
    if isinstance(rows, nw.DataFrame) and not rows["file_id"].is_null().any():
        return _newest(rows, "file_id", wanted)
    place = nw.concat_str(
        nw.col("task_id"), nw.col("file_index").cast(nw.String), separator="/", ignore_nulls=True
    )
    key = nw.when(nw.col("file_id").is_null()).then(place).otherwise(nw.col("file_id"))
    return _newest(rows.with_columns(key.alias(_FILE_KEY)), _FILE_KEY, wanted)


def _newest(rows: Rows, key: str, wanted: Iterable[str]) -> Rows:
    """One row per key, that of the newest answer, with the wanted columns."""
    wanted = list(dict.fromkeys(wanted))
    order = [name for name in _NEWEST if name in rows.columns]
    if isinstance(rows, nw.LazyFrame):
        return rows.unique([key], keep="last", order_by=order or None).select(*wanted)
    native = nw.to_native(rows)
    codes = pd.factorize(native[key])[0]
    chosen = np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1))
    if len(chosen) == len(codes):
        return engine.known(native[wanted])
    ranks = [_rank(native[name]) for name in order]
    if not all(np.array_equal(rank, rank[chosen][codes]) for rank in ranks):
        in_order = np.lexsort([*reversed(ranks), codes])
        chosen = in_order[np.diff(codes[in_order], append=len(codes)) > 0]
    return engine.known(native[wanted].take(chosen))


def _rank(values: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Integers in the order of the values, the smallest for a missing one."""
    if isinstance(values.dtype, (pd.DatetimeTZDtype, np.dtype)) and values.dtype.kind == "M":
        return values.to_numpy("datetime64[us]").view("int64")
    return pd.factorize(values, sort=True)[0]


def _checked_keys(rows: Rows, keys: Sequence[str]) -> Rows:
    dtypes = rows.collect_schema() if keys else {}
    for key in keys:
        if isinstance(dtypes[key], (nw.Object, nw.List, nw.Array, nw.Struct)):
            msg = f"by={key!r} holds lists or objects, which cannot be keys: use a plain column"
            raise TypeError(msg)
    return rows
