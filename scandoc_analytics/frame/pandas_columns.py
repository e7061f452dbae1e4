"""An Arrow array to the column of a DataFrame, in exactly the dtype that the schema says.

On every pandas line: dtypes are built, never inferred.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from scandoc_analytics.frame.values import TEXT, TIME, WHOLE
from scandoc_analytics.schema import BOOL, CATEGORY, FLOAT, INT, LISTS, STR
from scandoc_analytics.schema import TIME as PANDAS_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ARROW_TYPES", "to_column", "to_lists"]

ARROW_TYPES: Final = {
    STR: TEXT,
    INT: WHOLE,
    PANDAS_TIME: TIME,
    BOOL: pa.bool_(),
    FLOAT: pa.float64(),
}


_FEW: Final = 32


def to_column(values: Any, dtype: Any) -> Any:
    """An Arrow array as a pandas array of this dtype, one of the schema's; lists as they are."""
    # By identity: to compare two dtypes of pandas costs as much as to convert a short column.
    if dtype is LISTS:
        return values
    kind = ARROW_TYPES.get(dtype, TEXT)
    if values.type != kind:
        values = values.cast(kind)
    if dtype is CATEGORY:
        return _to_categories(values)
    if dtype is FLOAT:
        return values.to_numpy(zero_copy_only=False)
    return dtype.__from_arrow__(values)


def _to_categories(texts: pa.Array) -> pd.Categorical[Any]:
    """Text as a categorical whose categories are the values seen, sorted."""
    encoded = texts.dictionary_encode()
    seen = encoded.dictionary.to_pylist()
    categories = sorted(seen)
    rank = {value: place for place, value in enumerate(categories)}
    place = np.array([*(rank[value] for value in seen), -1])
    # To make such a dtype is most of what a short column costs, and a few recur time and again.
    make = _recurring if len(categories) <= _FEW else _category
    return pd.Categorical.from_codes(
        place[encoded.indices.fill_null(-1).to_numpy()], dtype=make(tuple(categories))
    )


def _category(categories: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(categories, dtype=STR))


_recurring: Final = lru_cache(maxsize=32)(_category)


def to_lists(values: Sequence[list[str] | None]) -> NDArray[np.object_]:
    """One list per row; numpy would make lists of one length into a table."""
    return np.fromiter(values, dtype=object, count=len(values))
