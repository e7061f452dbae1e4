"""Newer rows of some tasks put in the place of the older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from scandoc_analytics.schema import COLUMNS, STR

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["replace_tasks"]


def replace_tasks(
    frame: pd.DataFrame, fresh: pd.DataFrame, task_ids: Collection[str]
) -> pd.DataFrame:
    """A flat frame with the rows of these tasks taken from ``fresh``, where the old ones stood.

    Parameters
    ----------
    frame
        A flat frame; it is not changed.
    fresh
        Another one, with rows for ``task_ids``.
    task_ids
        The tasks to replace.

    Examples
    --------
    >>> from scandoc_analytics.frame import flatten
    >>> old = flatten([{"id": "a", "status": "pending"}, {"id": "b", "status": "failed"}])
    >>> new = flatten([{"id": "a", "status": "completed"}])
    >>> replace_tasks(old, new, ["a"])["status"].tolist()
    ['completed', 'failed']
    """
    old = frame[~frame["task_id"].isin(task_ids)]
    new = fresh[fresh["task_id"].isin(task_ids)]
    open_categories = {
        name: STR
        for name, dtype in COLUMNS.items()
        if isinstance(dtype, pd.CategoricalDtype) and name in frame.columns
    }
    parts = [part.astype(open_categories) for part in (old, new) if len(part)]
    if not parts:
        return frame.copy()
    merged = pd.concat(parts, ignore_index=True)
    for name in open_categories:
        seen = pd.Index(sorted(merged[name].dropna().unique()), dtype=STR)
        merged[name] = merged[name].astype(pd.CategoricalDtype(seen))
    first = frame["task_id"].drop_duplicates(ignore_index=True)
    places = pd.Series(first.index, index=first)
    order = merged["task_id"].map(places).argsort(kind="stable")
    merged = merged.iloc[order.to_numpy()].reset_index(drop=True)
    merged = merged[list(frame.columns)]
    merged.attrs = dict(frame.attrs)
    return merged
