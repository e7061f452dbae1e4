"""Whatever is done in whatever order: cache and frame say what the service said last.

Two clients of one cache keep list pages for different times, and the service changes settled tasks
too, which it says it does not.
"""

from __future__ import annotations

import tempfile
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pandas as pd
import requests
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import scandoc_analytics as sda
from scandoc_analytics.client import Client
from scandoc_analytics.service.answers import decode
from tests.unit.conftest import KEY, Reply, Service, completed, pending, running

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLED = ["completed", "failed"]
ASKED = ["fetch", "look_up", "refresh", "list", "walk", "offline"]
#: Few, so that the same task is met again and again. In each place one task follows another.
one_place = st.integers(0, 1)
some_places = st.lists(one_place, min_size=1, unique=True)
#: Two notebooks on one cache.
clients = st.sampled_from(["one", "two"])


class Talking(Service):
    """Remembers what it said last of each task: its version, or None for "not found"."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, dict[str, Any] | None] = {}

    def reply(self, path: str, headers: dict[str, str]) -> Reply:
        reply = super().reply(path, headers)
        where = urlsplit(path).path
        if where == "/v1/tasks":
            self.said.update({task["id"]: task for task in reply.body["data"]})
        else:
            found = reply.status == 200
            self.said[unquote(where.removeprefix("/v1/tasks/"))] = reply.body if found else None
        return reply


class NoNetwork(requests.adapters.HTTPAdapter):
    """Gets no request through."""

    def send(self, *_: Any, **__: Any) -> requests.Response:
        raise requests.exceptions.ConnectionError


class Account(RuleBasedStateMachine):
    """A service whose tasks come, settle, change and vanish, and two clients that ask at times."""

    def __init__(self) -> None:
        super().__init__()
        self.context = running(Talking())
        self.service: Any = self.context.__enter__()
        self.service.page_size = 2
        self.folder = tempfile.TemporaryDirectory()
        self.clients = {name: self.client(list_ttl=ttl) for name, ttl in (("one", 60), ("two", 0))}
        self.offline = self.client(offline=True)
        alone = requests.Session()
        alone.mount("http://", NoNetwork())
        self.cut_off = self.client(session=alone)
        self.versions = 0
        self.names = ["task_0", "task_1"]
        self.every_name = set(self.names)
        self.frame: pd.DataFrame | None = None

    def client(self, **options: Any) -> Client:
        return Client(KEY, self.service.base_url, cache=self.folder.name, retries=0, **options)

    def teardown(self) -> None:
        for client in (*self.clients.values(), self.offline, self.cut_off):
            client.close()
        self.folder.cleanup()
        self.context.__exit__(None, None, None)

    @rule(place=one_place, status=st.sampled_from(["pending", "processing", *SETTLED, "gone"]))
    def change(self, place: int, status: str) -> None:
        if status == "gone":
            self.service.tasks.pop(self.names[place], None)
            return
        self.versions += 1
        now = self.service.tasks.get(self.names[place])
        if now is None and self.names[place] in self.service.said:
            # That is the contract: no id comes twice.
            self.names[place] = f"task_{place}_{self.versions}"
            self.every_name.add(self.names[place])
        task = (completed if status in SETTLED else pending)(self.names[place])
        # No date, so that the frame keeps it as it came.
        self.service.add(task | {"status": status, "updated_at": f"v{self.versions}"})

    # Two rules, so that what happens at the service and what is asked come by turns.
    @rule(
        what=st.sampled_from([*ASKED, "clear", "reopen"]),
        who=clients,
        places=some_places,
        refresh=st.booleans(),
    )
    def ask(self, what: str, who: str, places: list[int], *, refresh: bool) -> None:
        client, ids = self.clients[who], [self.names[place] for place in places]
        if what == "fetch":
            self.fetch(client, ids, refresh=refresh)
        elif what == "look_up":
            self.look_up(client, ids[0], refresh=refresh)
        elif what == "refresh":
            self.refresh(client)
        elif what == "list":
            self.list_tasks(client, limit=len(places) if refresh else None)
        elif what == "walk":
            self.walk(client)
        elif what == "offline":
            self.fetch_offline(ids)
        elif what == "clear":
            client.cache.clear()
            assert client.cache.info().tasks == 0
        else:
            client.close()

    def fetch(self, client: Client, ids: list[str], *, refresh: bool) -> None:
        self.frame = self.listened(lambda: client.fetch_tasks(ids, refresh=refresh))
        assert self.frame["task_id"].tolist() == ids
        if refresh:
            assert len(self.service.requests) == len(ids)

    def look_up(self, client: Client, task_id: str, *, refresh: bool) -> None:
        self.service.forget_requests()
        try:
            task = client.task(task_id, refresh=refresh)
        except sda.NotFoundError:
            assert self.service.said[task_id] is None
        else:
            assert task.payload == self.service.said[task_id]
            assert task.from_cache == (not self.service.requests)

    def refresh(self, client: Client) -> None:
        old = self.frame
        if old is None:
            return
        asked = old.loc[~old["status"].isin(SETTLED), "task_id"].tolist()
        self.frame = self.listened(lambda: client.refresh(old), only=asked)
        assert sorted(self.service.paths) == sorted(f"/v1/tasks/{task_id}" for task_id in asked)
        assert self.frame["task_id"].tolist() == old["task_id"].tolist()

    def list_tasks(self, client: Client, limit: int | None) -> None:
        frame = self.listened(lambda: client.list_tasks(limit=limit))
        if limit is None and self.service.requests:
            assert set(frame["task_id"]) == set(self.service.tasks)

    def walk(self, client: Client) -> None:
        for page in client.iter_pages():
            for task in page:
                assert task == self.service.said[task["id"]]

    def fetch_offline(self, ids: list[str]) -> None:
        kept = self.offline.cache.read_tasks(ids)
        frame = self.listened(lambda: self.offline.fetch_tasks(ids))
        assert frame["fetch_error"].isna().tolist() == [task_id in kept for task_id in ids]
        assert self.service.requests == []

    @invariant()
    def the_cache_says_what_the_service_said_last(self) -> None:
        for task_id, answer in self.offline.cache.read_tasks([*self.every_name]).items():
            payload = decode(answer.body)
            assert payload["status"] in SETTLED
            assert payload == self.service.said[task_id]
        with suppress(sda.NetworkError):
            # As far as the pages are kept.
            for page in self.cut_off.iter_pages():
                for task in page:
                    assert task == self.service.said[task["id"]]

    def listened(
        self, ask: Callable[[], pd.DataFrame], only: list[str] | None = None
    ) -> pd.DataFrame:
        """The frame that a call gives, each row compared with what the service said last."""
        self.service.forget_requests()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sda.FetchWarning)
            try:
                frame: pd.DataFrame | None = ask()
            except sda.FetchError as error:
                frame = error.frame
        assert frame is not None
        asked = {path.removeprefix("/v1/tasks/") for path in self.service.paths}
        for row in frame.to_dict("records"):
            task_id = str(row["task_id"])
            if only is not None and task_id not in only:
                continue
            said = self.service.said.get(task_id)
            if pd.notna(row["fetch_error"]):
                assert said is None or str(row["fetch_error"]).startswith("offline=True")
                continue
            assert said is not None
            assert row["status"] == said["status"]
            assert decode(str(row["extra"]).encode())["updated_at"] == said["updated_at"]
            if task_id in asked:
                assert row["from_cache"] is False
        return frame


TestAgreement = Account.TestCase
TestAgreement.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
