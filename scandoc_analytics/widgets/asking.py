"""What the look-up asks a client, as plain functions: one task, many, and those not settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from scandoc_analytics.client.merging import replace_tasks
from scandoc_analytics.errors import FetchError
from scandoc_analytics.frame import Flattener
from scandoc_analytics.schema import SETTLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from scandoc_analytics.client import Client
    from scandoc_analytics.client.one_task import Task

__all__ = ["ask_again", "ask_many", "frame_of", "unsettled_ids"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def frame_of(task: Task) -> pd.DataFrame:
    """One task as a flat frame, with its text.

    Examples
    --------
    >>> from scandoc_analytics.client.one_task import Task
    >>> frame_of(Task({"id": "task_a", "status": "pending"}))["status"].tolist()
    ['pending']
    """
    flattener = Flattener(text=True)
    moment = task.fetched_at
    us = None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
    flattener.add(task.payload, fetched_at=us, from_cache=task.from_cache)
    return flattener.finish()


def ask_many(client: Client, task_ids: Sequence[str], *, refresh: bool = False) -> pd.DataFrame:
    """Many tasks as a flat frame with texts; those without an answer say why in `fetch_error`.

    Raises
    ------
    ScandocError
        None of them could be fetched.
    """
    try:
        # "raise", because a warning out of a thread would turn up anywhere in the notebook.
        return client.fetch_tasks(
            task_ids, refresh=refresh, errors="raise", text=True, progress=False
        )
    except FetchError as error:
        if error.frame is None or error.frame["fetch_error"].notna().all():
            raise
        return error.frame


def unsettled_ids(frame: pd.DataFrame) -> list[str]:
    """The tasks that may still change, each once: fetched, and neither completed nor failed.

    Examples
    --------
    >>> from scandoc_analytics import flatten
    >>> unsettled_ids(flatten([{"id": "a", "status": "pending"}, {"id": "b", "status": "failed"}]))
    ['a']
    """
    rows = ~frame["status"].isin(SETTLED) & frame["fetch_error"].isna()
    return [str(task_id) for task_id in frame.loc[rows, "task_id"].unique()]


def ask_again(client: Client, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with new answers for what had not settled; what has none keeps its old rows.

    Raises
    ------
    ScandocError
        None of them could be fetched.
    """
    fresh = ask_many(client, unsettled_ids(frame), refresh=True)
    answered = fresh.loc[fresh["fetch_error"].isna(), "task_id"].unique().tolist()
    return replace_tasks(frame, fresh, answered)
