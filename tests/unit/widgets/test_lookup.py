"""`TaskLookup` on a real sandbox, without a kernel."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics import Sandbox, TaskLookup, errors
from scandoc_analytics.widgets import lookup as module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scandoc_analytics import Task

    Until = Callable[..., None]

TIMES = {"created_at": "2026-10-01T00:00:00Z", "updated_at": "2026-10-01T00:00:04Z"}
FILES = [
    {"id": "file_gone", "name": "../evil", "type": "image/png", "properties": {"size": 1}},
    {"id": "file_odd", "name": 5, "type": "text/plain", "properties": {}},
]
DONE: dict[str, Any] = {
    "id": "task_done",
    "operation": "scan",
    "parameters": {"input": "file_0"},
    "status": "completed",
    "result": {"generated_files": FILES},
    **TIMES,
}
OPEN: dict[str, Any] = {**DONE, "id": "task_open", "status": "pending", "result": {}}
AFTER: dict[str, Any] = {**OPEN, "id": "task_after", "parameters": {"input": "file_gone"}}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(tasks=60, seed=3) as started:
        yield started


@pytest.fixture
def service(running: Sandbox) -> Sandbox:
    """An account with three known tasks, in good health."""
    running.load([DONE, OPEN, AFTER])
    running.faults, running.latency_s, running.subscribed = None, 0.0, True
    running.requests.clear()
    return running


@pytest.fixture
def lookup(service: Sandbox) -> TaskLookup:
    return TaskLookup(service.client(cache=False, retries=0, timeout=5))


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "pauses", lambda: iter([0.02] * 500))


def enter(lookup: TaskLookup, text: str) -> None:
    lookup.box.value = text
    lookup.box.value = text + "\n"


def idle(lookup: TaskLookup) -> bool:
    return bool(lookup.cancel.disabled)


def task_of(lookup: TaskLookup) -> Task | None:
    # A call, so that type checkers do not remember what a thread has changed since.
    return lookup.task


def shown(lookup: TaskLookup) -> list[bool]:
    """Whether the table and the row of the files are on the screen."""
    return [part.layout.display is None for part in (lookup.table, lookup.panel._row)]


def test_enter_shows_the_card(lookup: TaskLookup, until: Until) -> None:
    enter(lookup, "'task_done'")
    until(lambda: lookup.task is not None)
    until(lambda: idle(lookup))
    assert lookup.task is not None
    assert lookup.task.payload == DONE
    assert lookup.frame["file_id"].tolist() == ["file_gone", "file_odd"]
    assert lookup.frame["fetched_at"].notna().all()
    assert 'class="status completed"' in lookup.panel.card.value
    assert shown(lookup) == [False, True]
    assert lookup.panel.file.options == (("../evil", 0), ("file_odd", 1))
    assert lookup.watch.disabled
    assert not lookup.refresh.disabled


def test_typing_alone_asks_nothing(lookup: TaskLookup, service: Sandbox) -> None:
    service.requests.clear()
    for text in ("task", "task_done", "task_done\ntask_open\n", ""):
        lookup.box.value = text
    assert service.requests.total == 0
    assert idle(lookup)


def test_enter_is_seen_though_it_comes_with_other_keys(lookup: TaskLookup, until: Until) -> None:
    """A front end that is busy sends what was typed meanwhile at once."""
    lookup.box.value = "task_do"
    lookup.box.value = "task_done\n"
    until(lambda: lookup.task is not None and idle(lookup))
    assert lookup.task is not None
    assert lookup.task.id == "task_done"


def test_the_button_asks(lookup: TaskLookup, until: Until) -> None:
    lookup.box.value = "task_open"
    lookup.look_up.click()
    until(lambda: lookup.task is not None and idle(lookup))
    assert "This task has not settled: Watch asks again." in lookup.note.value
    assert not lookup.watch.disabled
    assert shown(lookup) == [False, False]


def test_text_that_was_held_back_belongs_to_the_click(lookup: TaskLookup, until: Until) -> None:
    lookup.box.value = "task_d"
    lookup.look_up.click()
    lookup.box.value = "task_done"
    until(lambda: lookup.task is not None)
    assert lookup.task is not None
    assert lookup.task.id == "task_done"


def test_an_empty_box_says_what_to_do(lookup: TaskLookup) -> None:
    lookup.look_up.click()
    assert "There is no id in the box: paste one" in lookup.note.value
    assert idle(lookup)


def test_many_ids_make_a_table_whose_rows_open(
    lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    ids = ["task_done", "task_none", "task_open", "task_after", *service.task_ids[:30]]
    enter(lookup, ", ".join(ids))
    until(lambda: len(lookup.table.openers) == 20 and idle(lookup))
    assert lookup.frame["task_id"].drop_duplicates().tolist() == list(dict.fromkeys(ids))
    assert task_of(lookup) is None
    assert shown(lookup) == [True, False]
    assert "1 could not be fetched" in lookup.note.value
    assert [opener.description for opener in lookup.table.openers[:3]] == ids[:3]
    assert lookup.table.where.value.startswith("1 to 20 of ")
    lookup.table.openers[0].click()
    until(lambda: lookup.task is not None and idle(lookup))
    assert lookup.task is not None
    assert lookup.task.id == "task_done"
    # The frame knows what was made of it.
    assert "<h4>After</h4><ul><li><code>task_after</code>" in lookup.panel.card.value
    lookup.table.next.click()
    assert lookup.table.openers[0].description == lookup.frame["task_id"].unique()[20]
    assert lookup.table.next.disabled
    lookup.table.openers[0].click()
    lookup.table.previous.click()
    lookup.table.openers[1].click()
    until(lambda: "The account has no task" in lookup.note.value)


def test_watch_ends_when_the_task_settles(
    lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    enter(lookup, "task_open")
    until(lambda: not lookup.watch.disabled)
    service.requests.clear()
    lookup.watch.click()
    until(lambda: service.requests.count("/v1/tasks/task_open") >= 2)
    assert "Watching the task: asked again in " in lookup.note.value
    assert not idle(lookup)
    service.load([{**OPEN, "status": "failed", "result": {"error": "no page"}}])
    until(lambda: idle(lookup))
    assert lookup.task is not None
    assert lookup.task.status == "failed"
    assert lookup.frame["error"].tolist() == ["no page"]
    assert lookup.watch.disabled


def test_watch_follows_many_and_keeps_the_page(
    lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    service.load([{**AFTER, "status": "completed"}])
    frame = lookup._client.fetch_tasks(service.task_ids, progress=False)
    settled = frame.loc[frame["status"] == "completed", "task_id"].unique()[:25]
    enter(lookup, "\n".join(["task_open", *settled]))
    until(lambda: not lookup.watch.disabled)
    lookup.table.next.click()
    service.requests.clear()
    lookup.watch.click()
    until(lambda: service.requests.total >= 2)
    service.load([{**OPEN, "status": "completed"}])
    until(lambda: idle(lookup))
    assert set(service.requests.by_path()) == {"/v1/tasks/task_open"}
    assert lookup.frame["status"].iloc[0] == "completed"
    assert lookup.table.page == 1


def test_watch_outlives_a_service_that_fails_for_a_while(
    lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    enter(lookup, "task_open")
    until(lambda: not lookup.watch.disabled)
    service.faults = {"server_error": 1.0}
    lookup.watch.click()
    until(lambda: service.requests.total >= 4)
    assert not idle(lookup)
    service.load([{**OPEN, "status": "completed"}])
    service.faults = None
    until(lambda: idle(lookup))
    assert lookup.task is not None
    assert lookup.task.settled


def test_watch_ends_when_the_task_is_gone(lookup: TaskLookup, until: Until) -> None:
    enter(lookup, "task_open")
    until(lambda: not lookup.watch.disabled)
    lookup._client = OtherAccount()  # type: ignore[assignment]
    lookup.watch.click()
    until(lambda: "The account has no" in lookup.note.value)
    until(lambda: idle(lookup))


class OtherAccount:
    """A client whose account has no task."""

    def task(self, task_id: str, **_: Any) -> None:
        raise errors.NotFoundError(task_id)


@pytest.mark.parametrize("text", ["task_done", "task_done task_open"])
def test_cancel_works_while_the_service_hangs(
    text: str, lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    service.faults = {"hang": 1.0, "hang_s": 60.0}
    enter(lookup, text)
    assert not idle(lookup)
    lookup.cancel.click()
    assert idle(lookup)
    assert "Cancelled." in lookup.note.value
    service.faults = None
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None)


def test_a_late_answer_replaces_nothing(lookup: TaskLookup, service: Sandbox, until: Until) -> None:
    service.latency_s = 0.4
    service.requests.clear()
    enter(lookup, "task_open")
    until(lambda: service.requests.total == 1)
    service.latency_s = 0.0
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None)
    time.sleep(0.6)
    assert lookup.task is not None
    assert lookup.task.id == "task_done"
    assert "task_open" not in lookup.panel.card.value


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"api_key": "wrong"}, "The service does not accept the API key"),
        ({"base_url": "http://127.0.0.1:9"}, "The service cannot be reached"),
        ({}, "The account has no task 'task_none': check the id"),
    ],
)
def test_what_goes_wrong_is_one_sentence_in_place(
    options: dict[str, Any], said: str, service: Sandbox, until: Until
) -> None:
    lookup = TaskLookup(service.client(cache=False, retries=0, **options))
    enter(lookup, "task_none")
    until(lambda: escape(said) in lookup.note.value)
    until(lambda: idle(lookup))
    assert 'role="alert"' in lookup.note.value
    assert lookup.panel.card.value == ""
    assert (len(lookup.frame), lookup.task) == (0, None)


@pytest.mark.parametrize(
    ("fault", "said"),
    [("server_error", "has a problem of its own"), ("rate_limited", "asks for fewer requests")],
)
def test_the_widget_stays_usable_after_a_failure(
    fault: str, said: str, lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    service.faults = {fault: 1.0}
    enter(lookup, "task_done task_open")
    until(lambda: said in lookup.note.value)
    service.faults = None
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None)


def test_no_subscription_is_said_for_many_too(
    lookup: TaskLookup, service: Sandbox, until: Until
) -> None:
    service.subscribed = False
    enter(lookup, "task_done task_open")
    until(lambda: "no active subscription" in lookup.note.value)


def test_refresh_asks_the_service_again(service: Sandbox, tmp_path: Path, until: Until) -> None:
    lookup = TaskLookup(service.client(cache=tmp_path))
    for _ in range(2):
        enter(lookup, "task_done")
        until(lambda: idle(lookup) and lookup.task is not None)
    assert lookup.task is not None
    assert lookup.task.from_cache is True
    assert service.requests.count("/v1/tasks/task_done") == 1
    lookup.refresh.click()
    until(lambda: idle(lookup))
    refreshed = task_of(lookup)
    assert refreshed is not None
    assert refreshed.from_cache is False
    assert service.requests.count("/v1/tasks/task_done") == 2
    enter(lookup, "task_done task_open")
    until(lambda: idle(lookup))
    lookup.refresh.click()
    until(lambda: idle(lookup))
    assert service.requests.count("/v1/tasks/task_done") == 3


def test_recent_ids_come_back(lookup: TaskLookup, until: Until) -> None:
    for text in ("task_open", "task_done", "task_done, task_open", "task_open"):
        enter(lookup, text)
        until(lambda: idle(lookup))
    assert lookup.recent.options == (
        ("–", ""),
        ("task_open", "task_open"),
        ("task_done and 1 more", "task_done\ntask_open"),
        ("task_done", "task_done"),
    )
    lookup.recent.value = "task_done"
    until(lambda: lookup.task is not None and lookup.task.id == "task_done")
    assert lookup.box.value == "task_done"
    for number in range(20):
        enter(lookup, f"other_{number}")
    assert len(lookup.recent.options) == 11
    until(lambda: idle(lookup))


def test_preview_and_save(
    service: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.chdir(tmp_path)
    client = service.client(cache=False)
    frame = client.list_tasks(progress=False)
    images = frame[(frame["file_type"] == "image/png") & (frame["file_size_bytes"] > 1)]
    small = images.sort_values("file_size_bytes").iloc[0]
    lookup = TaskLookup(client)
    enter(lookup, small["task_id"])
    until(lambda: lookup.task is not None and idle(lookup))
    panel = lookup.panel
    panel.file.index = int(small["file_index"])
    panel.preview.click()
    until(lambda: panel.picture.value)
    assert panel.picture.value.startswith('<img alt="Preview of ')
    until(lambda: not panel.save.disabled)
    for count in (1, 2):
        panel.save.click()
        until(lambda: "Saved as" in panel.note.value and not panel.save.disabled)
        assert len(list(tmp_path.iterdir())) == count
        panel.note.value = ""
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {small["file_size_bytes"]}
    monkeypatch.chdir("/proc")
    panel.save.click()
    until(lambda: "The file cannot be written here" in panel.note.value)


def test_a_file_that_is_gone_says_so(lookup: TaskLookup, until: Until) -> None:
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None and idle(lookup))
    panel = lookup.panel
    for button in (panel.preview, panel.save):
        button.click()
        until(lambda: escape("has no file 'file_gone'") in panel.note.value)
        until(lambda: not panel.save.disabled)
        panel.note.value = ""
    panel.file.index = 1
    assert panel.preview.disabled
    assert not panel.save.disabled


def test_a_broken_image_says_so(lookup: TaskLookup, until: Until) -> None:
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None and idle(lookup))
    lookup.panel._client = Broken()  # type: ignore[assignment]
    lookup.panel.preview.click()
    until(lambda: "There is no preview of this file" in lookup.panel.note.value)


class Broken:
    """A client whose files are no pictures."""

    def download(self, _: str) -> bytes:
        return b"not a picture"


def test_where_no_widget_can_be_shown_stands_a_card_or_a_table(
    lookup: TaskLookup, until: Until
) -> None:
    bundle = lookup._repr_mimebundle_()
    assert bundle["text/plain"] == "TaskLookup: no task looked up yet"
    assert "no task looked up yet" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None)
    bundle = lookup._repr_mimebundle_()
    assert bundle["text/plain"].startswith("✓ completed  scan  task_done")
    assert '<article class="scandoc-card"' in bundle["text/html"]
    enter(lookup, "task_done task_open")
    until(lambda: lookup.task is None)
    bundle = lookup._repr_mimebundle_()
    assert bundle["text/plain"] == "TaskLookup: 2 tasks"
    assert "<code>task_open</code>" in bundle["text/html"]


def test_without_a_key_it_says_so_at_once() -> None:
    with pytest.raises(errors.ConfigError, match="no API key"):
        TaskLookup()


def test_without_a_client_the_environment_makes_one(
    service: Sandbox, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.setenv("SCAN_DOCUMENTS_API_KEY", service.api_key)
    monkeypatch.setenv("SCAN_DOCUMENTS_BASE_URL", service.base_url)
    lookup = TaskLookup()
    enter(lookup, "task_done")
    until(lambda: lookup.task is not None)


def test_every_control_has_words(lookup: TaskLookup) -> None:
    controls = [lookup.box, lookup.recent, lookup.look_up, lookup.refresh, lookup.watch]
    controls += [lookup.cancel, lookup.panel.file, lookup.panel.preview, lookup.panel.save]
    controls += [lookup.table.previous, lookup.table.next]
    assert all(control.description for control in controls)
