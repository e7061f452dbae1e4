"""The same as a client's methods, on a client made from the environment."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scandoc_analytics.client.client import Client
from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from scandoc_analytics.client.one_task import Task

__all__ = ["fetch_tasks", "list_tasks", "task"]


def fetch_tasks(task_ids: Iterable[str] | str, **options: Any) -> pd.DataFrame:
    """Fetch tasks by their ids, on a client made from the environment: `Client.fetch_tasks`."""
    return _default_client().fetch_tasks(task_ids, **options)


def list_tasks(**options: Any) -> pd.DataFrame:
    """Fetch the account's tasks, on a client made from the environment: `Client.list_tasks`."""
    return _default_client().list_tasks(**options)


def task(task_id: str, *, refresh: bool = False) -> Task:
    """Look up one task, on a client made from the environment: `Client.task`."""
    return _default_client().task(task_id, refresh=refresh)


def _default_client() -> Client:
    names = (URL_ENV, CACHE_DIR_ENV)
    return _client_for(Secret(os.getenv(KEY_ENV, "")), *map(os.getenv, names))


@lru_cache(maxsize=1)
def _client_for(key: Secret, base_url: str | None, cache_dir: str | None) -> Client:  # noqa: ARG001 - another folder makes another client
    return Client(key or None, base_url)
