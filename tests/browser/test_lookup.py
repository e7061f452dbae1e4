"""`TaskLookup` as a person uses it: in JupyterLab, by keyboard and mouse, with a service behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scandoc_analytics import Sandbox
from scandoc_analytics.sandbox import Faults
from tests.browser import lab
from tests.browser.conftest import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOOKUP = """
import scandoc_analytics as sda
lookup = sda.TaskLookup(sda.Client({options}))
lookup
"""


def cells(options: str = "") -> list[str]:
    return [LOOKUP.format(options=options)]


def of_another(sandbox: Sandbox, options: str = "") -> list[str]:
    """A look-up in an account of its own."""
    return cells(f"{sandbox.api_key!r}, {sandbox.base_url!r}, cache=False, {options}")


def typed(sandbox: Sandbox, file_type: str) -> str:
    """The newest task that made a file of this type."""
    with sandbox.client(cache=False) as client:
        frame = client.list_tasks()
    return str(frame.loc[frame["file_type"] == file_type, "task_id"].iloc[0])


def first(sandbox: Sandbox, status: str) -> str:
    with sandbox.client(cache=False) as client:
        frame = client.list_tasks()
    return str(frame.loc[frame["status"] == status, "task_id"].iloc[0])


def test_type_and_click(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    task_id = first(account, "completed")
    opened.type(task_id, into="Task ids")
    opened.click("Look up")
    opened.expect_card(task_id).get_by_text("completed").first.wait_for()
    # What is on the screen is in Python too.
    told = lab.execute(opened.page, "print(lookup.task.id, len(lookup.frame) > 0)")
    assert told.strip() == f"{task_id} True"


def test_enter(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    task_id = first(account, "failed")
    box = opened.field("Task ids")
    box.click()
    box.press_sequentially(task_id)
    box.press("Enter")
    opened.expect_card(task_id).get_by_text("failed").first.wait_for()


FORMS = (
    "{0}\n{1}\n{2}",
    "{0}, {1}; {2}",
    '["{0}", "{1}", "{2}"]',
    "'{0}' \"{1}\" https://x/v1/tasks/{2}",
    '{{"data": [{{"id": "{0}"}}, {{"id": "{1}"}}, {{"id": "{2}"}}]}}',
)


def test_paste_many(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    for number, form in enumerate(FORMS):
        # Other ids each time: what stands there from the time before proves nothing.
        ids = account.task_ids[3 * number : 3 * number + 3]
        opened.paste(form.format(*ids), into="Task ids")
        opened.click("Look up")
        opened.expect("3 tasks")
        opened.outputs.get_by_role("button").filter(has_text=ids[1][:12]).click()
        opened.expect_card(ids[1])


def test_preview_and_save(
    notebook: Callable[..., lab.Notebook], account: Sandbox, jupyterlab: tuple[Path, str, str]
) -> None:
    opened = notebook(cells=cells())
    opened.run()
    for file_type in ("image/jpeg", "application/pdf"):
        task_id = typed(account, file_type)
        opened.type(task_id, into="Task ids")
        opened.click("Look up")
        opened.expect_card(task_id)
        assert opened.outputs.locator("img").count() == 0
        opened.click("Preview")
        shown = opened.outputs.locator("img[alt^='Preview of']")
        shown.wait_for()
        # Scaled: the sandbox's pages are larger than this.
        assert 300 < shown.evaluate("image => image.naturalHeight") <= 1000
    opened.click("Save")
    opened.expect("Saved as")
    (saved,) = jupyterlab[0].glob("*.pdf")
    assert saved.read_bytes().startswith(b"%PDF-")
    saved.unlink()


@pytest.fixture
def other() -> Iterator[Sandbox]:
    """An account of its own, which a test may break."""
    with Sandbox(tasks=20, seed=5) as sandbox:
        yield sandbox


def test_what_goes_wrong_is_one_sentence(
    notebook: Callable[..., lab.Notebook], other: Sandbox
) -> None:
    opened = notebook(cells=of_another(other, "retries=0"))
    opened.run()
    opened.type("task_nobody_has_this", into="Task ids")
    opened.click("Look up")
    opened.expect("The account has no task 'task_nobody_has_this'")
    opened.type(other.task_ids[-1], into="Task ids")
    for faults, said in (
        (Faults(rate_limited_with_wait=1.0), "The service asks for fewer requests"),
        (Faults(server_error=1.0), "The service has a problem of its own"),
        (Faults(reset=1.0), "The service cannot be reached"),
    ):
        other.faults = faults
        opened.click("Look up")
        assert opened.expect(said).get_attribute("role") == "alert"
    # The widget stays usable.
    other.faults = Faults()
    opened.click("Look up")
    opened.expect_card(other.task_ids[-1])


def test_wrong_key(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells(f"'sk_wrong', {account.base_url!r}"))
    opened.run()
    opened.type(account.task_ids[0], into="Task ids")
    opened.click("Look up")
    opened.expect("The service does not accept the API key")


def test_service_down_and_back(notebook: Callable[..., lab.Notebook]) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with Sandbox(tasks=10, seed=2, now=now) as before:
        opened = notebook(cells=of_another(before, "retries=0"))
        opened.run()
        task_id, port = before.task_ids[-1], int(before.base_url.rpartition(":")[2])
    opened.type(task_id, into="Task ids")
    opened.click("Look up")
    opened.expect("The service cannot be reached")
    after = Sandbox(tasks=10, seed=2, now=now, port=port)
    after._keys = before._keys
    with after:
        opened.click("Look up")
        opened.expect_card(task_id)


def test_watch_until_settled(notebook: Callable[..., lab.Notebook]) -> None:
    with Sandbox(tasks=20, seed=4, task_seconds=3600) as sandbox:
        with sandbox.client(cache=False) as client:
            file_id = next(
                item["id"]
                for page in client.iter_pages("files")
                for item in page
                if item["type"] == "image/jpeg"
            )
        opened = notebook(cells=[*of_another(sandbox), _post(sandbox, file_id)])
        opened.run()
        task_id = opened.expect("MADE task_").inner_text().split()[-1]
        opened.type(task_id, into="Task ids")
        opened.click("Look up")
        opened.expect("This task has not settled")
        opened.click("Watch")
        opened.expect("Watching the task")
        # An hour passes, when the test says so: however slow the machine, not before.
        sandbox._accounts[0]._clock._start_ms += 3_600_000
        card = opened.expect_card(task_id)
        card.get_by_text("completed").or_(card.get_by_text("failed")).first.wait_for()
        # Nothing is left to watch.
        assert opened.outputs.get_by_role("button", name="Watch", exact=True).is_disabled()


def _post(sandbox: Sandbox, file_id: str) -> str:
    """A cell that makes a task: the library only reads."""
    return (
        "import requests\n"
        f"made = requests.post('{sandbox.base_url}/v1/image-operations/apply-effect',\n"
        f"    json={{'input': '{file_id}', 'effect': 'grayscale'}},\n"
        f"    headers={{'x-api-key': '{sandbox.api_key}'}}, timeout=10)\n"
        "print('MADE', made.json()['id'])"
    )


def test_cancel_while_the_service_hangs(
    notebook: Callable[..., lab.Notebook], other: Sandbox
) -> None:
    opened = notebook(cells=of_another(other))
    opened.run()
    other.latency_s = 30
    opened.type(other.task_ids[-1], into="Task ids")
    opened.click("Look up")
    opened.expect("Asking for task")
    # The notebook is free meanwhile.
    assert lab.execute(opened.page, "print(40 + 2)").strip() == "42"
    opened.click("Cancel")
    opened.expect("Cancelled.")
    other.latency_s = 0
    opened.click("Look up")
    opened.expect_card(other.task_ids[-1])


def test_hostile_texts_do_nothing(notebook: Callable[..., lab.Notebook]) -> None:
    opened = notebook(cells=cells())
    opened.run()
    for task in HOSTILE:
        opened.type(task["id"], into="Task ids")
        opened.click("Look up")
        opened.expect_card(task["id"]).get_by_text("failed").first.wait_for()
        assert opened.outputs.locator("script, img[src='x']").count() == 0
        assert "gotcha" not in opened.page.title()


def test_keyboard_alone(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    task_id = first(account, "completed")
    opened.field("Task ids").focus()
    opened.page.keyboard.type(task_id)
    order = []
    for _ in range(2):
        opened.page.keyboard.press("Tab")
        order.append(opened.page.evaluate("document.activeElement.textContent.trim()"))
    assert order[1] == "Look up"
    lab.wait_idle(opened.page)
    opened.page.keyboard.press("Enter")
    opened.expect_card(task_id).get_by_text("completed").first.wait_for()
    assert opened.unnamed() == []
