"""How a small table is finished in pandas: summed, shared out, typed and put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from scandoc_analytics import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from pandas.api.extensions import ExtensionDtype

__all__ = ["EVERYTHING", "Dtype", "as_time", "finished", "folded", "share"]

Dtype: TypeAlias = "ExtensionDtype | np.dtype[Any] | str"

#: Stands for the keys where there are none.
EVERYTHING: Final = "_everything"


def folded(table: pd.DataFrame, keys: Sequence[str], **how: str) -> pd.DataFrame:
    """A small table once more: each named column by `sum`, `min` or `max` over equal keys."""
    if not keys:
        table = table.assign(**{EVERYTHING: 0})
    groups = table.groupby(list(keys) or [EVERYTHING], dropna=False, sort=False, as_index=False)
    return groups.agg(how)[[*keys, *how]]


def share(counts: pd.Series[Any], table: pd.DataFrame, groups: Sequence[str]) -> pd.Series[Any]:
    """Each count as a part of the sum of its group."""
    if not groups:
        return counts / counts.sum()
    keys = [table[name] for name in groups]
    return counts / counts.groupby(keys, dropna=False).transform("sum")


def finished(
    table: pd.DataFrame,
    groups: Sequence[str],
    numbers: Mapping[str, Any],
    *,
    most: str | None = None,
    then: Sequence[str] = (),
) -> pd.DataFrame:
    """The table in its columns, dtypes and row order.

    Rows ascend by the groups, missing last; inside a group the largest `most` comes first, and
    `then` decides between equals.
    """
    order = {**dict.fromkeys(groups, True), **({most: False} if most else {})}
    order |= {name: True for name in then if name not in order}
    table = table[list(dict.fromkeys([*groups, *numbers]))]
    times = [name for name, dtype in numbers.items() if dtype == schema.TIME]
    table = table.assign(**{name: as_time(table[name]) for name in times})
    table = table.astype({name: to for name, to in numbers.items() if table[name].dtype != to})
    if order:
        table = table.sort_values(list(order), ascending=list(order.values()), na_position="last")
    return table.reset_index(drop=True)


def as_time(values: pd.Series[Any]) -> pd.Series[Any]:
    """Times of any unit and zone, or none at all, as the flat frame has them."""
    if values.dtype == schema.TIME:
        return values
    return pd.to_datetime(values, utc=True).astype(schema.TIME)
