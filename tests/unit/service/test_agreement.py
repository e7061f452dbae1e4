"""Whatever is done in whatever order: cache and frame say what the service said last."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

import scandoc_analytics as sda
from scandoc_analytics.client import Client
from scandoc_analytics.service.answers import decode
from tests.unit.conftest import KEY, completed, pending, running

if TYPE_CHECKING:
    from collections.abc import Sequence

IDS = [f"task_{i}" for i in range(6)]
some_ids = st.lists(st.sampled_from(IDS), min_size=1, unique=True)


class Account(RuleBasedStateMachine):
    """A service whose tasks come, settle, change and vanish, and a client that asks at times."""

    def __init__(self) -> None:
        super().__init__()
        self.context = running()
        self.service = self.context.__enter__()
        self.service.page_size = 2
        self.folder = tempfile.TemporaryDirectory()
        self.client = Client(KEY, self.service.base_url, cache=self.folder.name, retries=0)
        #: What the service said last of each task that it was asked for; None for "not found".
        self.said: dict[str, str | None] = {}
        self.versions = 0
        self.frame: pd.DataFrame | None = None

    def teardown(self) -> None:
        self.client.close()
        self.folder.cleanup()
        self.context.__exit__(None, None, None)

    @rule(task_id=st.sampled_from(IDS), settled=st.booleans())
    def change(self, task_id: str, *, settled: bool) -> None:
        self.versions += 1
        task = completed(task_id) if settled else pending(task_id)
        self.service.add(task | {"updated_at": f"v{self.versions}"})

    @rule(task_id=st.sampled_from(IDS))
    def vanish(self, task_id: str) -> None:
        self.service.tasks.pop(task_id, None)

    @rule(ids=some_ids, refresh=st.booleans())
    def fetch(self, ids: list[str], *, refresh: bool) -> None:
        self.service.forget_requests()
        try:
            self.frame = self.client.fetch_tasks(ids, refresh=refresh, errors="raise")
        except sda.FetchError as error:
            self.frame = error.frame
        self.listen_to_ids()
        assert self.frame is not None
        assert self.frame["task_id"].tolist() == ids
        self.agree(self.frame)

    @rule()
    def refresh(self) -> None:
        if self.frame is None:
            return
        asked = self.frame.loc[~self.frame["status"].isin(["completed", "failed"]), "task_id"]
        self.service.forget_requests()
        try:
            self.frame = self.client.refresh(self.frame)
        except sda.FetchError as error:
            self.frame = error.frame
        except UserWarning:
            # One that failed is in the frame of the next call.
            self.frame = None
        assert sorted(self.service.paths) == sorted(f"/v1/tasks/{i}" for i in asked)
        self.listen_to_ids()

    @rule(limit=st.none() | st.integers(1, 3))
    def list(self, limit: int | None) -> None:
        self.service.forget_requests()
        frame = self.client.list_tasks(limit=limit)
        self.listen_to_pages()
        self.agree(frame)

    @rule()
    def walk(self) -> None:
        self.service.forget_requests()
        for _ in self.client.iter_pages():
            self.listen_to_pages()

    @rule()
    def clear(self) -> None:
        self.client.cache.clear()
        assert self.client.cache.info().tasks == 0

    @rule()
    def reopen(self) -> None:
        self.client.close()

    def listen_to_ids(self) -> None:
        for path in self.service.paths:
            task_id = path.removeprefix("/v1/tasks/")
            task = self.service.tasks.get(task_id)
            self.said[task_id] = None if task is None else task["updated_at"]

    def listen_to_pages(self) -> None:
        if self.service.paths:
            self.said.update({i: t["updated_at"] for i, t in self.service.tasks.items()})

    def agree(self, frame: pd.DataFrame) -> None:
        for row in frame.to_dict("records"):
            said = self.said[str(row["task_id"])]
            if said is None:
                assert str(row["fetch_error"]).startswith("not found")
            elif pd.isna(row["from_cache"]) or not row["from_cache"]:
                assert self.shown(row) == said
        kept = self.client.cache.read_tasks(IDS)
        for task_id, answer in kept.items():
            payload: dict[str, Any] = decode(answer.body)
            assert payload["status"] == "completed"
            assert payload["updated_at"] == self.said[task_id]

    def shown(self, row: dict[Any, Any]) -> Sequence[str] | str:
        # No date, so that the frame keeps it as it came.
        return str(decode(str(row["extra"]).encode())["updated_at"])


TestAgreement = Account.TestCase
TestAgreement.settings = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
