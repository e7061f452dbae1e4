"""A service that misbehaves: a batch comes back whole, each id once, in the order asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scandoc_analytics.sandbox import Faults, Sandbox
from scandoc_analytics.service.session import Backoff

if TYPE_CHECKING:
    from pathlib import Path


def test_a_thousand_ids_with_ten_percent_of_mixed_faults(tmp_path: Path) -> None:
    # The same faults as ever, but over sooner.
    faults = replace(Faults.mixed(0.10, seed=5, hang_s=1.0), slow_s=0.1, wait_s=0.05)
    with Sandbox(tasks=1000, seed=3, faults=faults) as sandbox:
        client = sandbox.client(cache=tmp_path, workers=32, timeout=1.0)
        client._api.wire.backoff = Backoff(base_s=0.01, most_s=0.05)
        ids = sandbox.task_ids[::-1]
        frame = client.fetch_tasks(ids)
        assert frame["fetch_error"].isna().all()
        assert frame["task_id"].drop_duplicates().tolist() == ids
        assert sandbox.requests.total > 1050
        listed = client.list_tasks()
        assert set(listed["task_id"]) == set(ids)
        client.close()
