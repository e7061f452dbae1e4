"""`TaskLookup` as a person uses it: in JupyterLab, by keyboard and mouse, with a service behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scandoc_analytics import Sandbox
from tests.browser import lab
from tests.browser.conftest import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

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
    opened.expect(task_id)
    opened.expect("completed")


def test_enter(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    task_id = first(account, "failed")
    box = opened.field("Task ids")
    box.click()
    box.press_sequentially(task_id)
    box.press("Enter")
    opened.expect("failed")
    opened.expect(task_id)


FORMS = (
    "{0}\n{1}\n{2}",
    "{0}, {1}; {2}",
    '["{0}", "{1}", "{2}"]',
    "'{0}' \"{1}\" https://x/v1/tasks/{2}",
)


def test_paste_many(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    for number, form in enumerate(FORMS):
        # Other ids each time: what stands there from the time before proves nothing.
        ids = account.task_ids[3 * number : 3 * number + 3]
        opened.type(form.format(*ids), into="Task ids")
        opened.click("Look up")
        opened.expect("3 tasks")
        opened.outputs.get_by_role("button").filter(has_text=ids[1][:12]).click()
        opened.outputs.locator("code", has_text=ids[1]).first.wait_for()


def test_unknown_id(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells())
    opened.run()
    opened.type("task_nobody_has_this", into="Task ids")
    opened.click("Look up")
    opened.expect("The account has no task 'task_nobody_has_this'")
    # The widget stays usable.
    task_id = first(account, "completed")
    opened.type(task_id, into="Task ids")
    opened.click("Look up")
    opened.expect(task_id)


def test_wrong_key(notebook: Callable[..., lab.Notebook], account: Sandbox) -> None:
    opened = notebook(cells=cells(f"'sk_wrong', {account.base_url!r}"))
    opened.run()
    opened.type(account.task_ids[0], into="Task ids")
    opened.click("Look up")
    opened.expect("The service does not accept the API key")


def test_service_down_and_back(notebook: Callable[..., lab.Notebook]) -> None:
    with Sandbox(tasks=10, seed=2) as first_run:
        opened = notebook(cells=of_another(first_run, "retries=0"))
        opened.run()
        task_id, port = first_run.task_ids[-1], int(first_run.base_url.rpartition(":")[2])
    opened.type(task_id, into="Task ids")
    opened.click("Look up")
    opened.expect("The service cannot be reached")
    with Sandbox(tasks=10, seed=2, port=port):
        # The same place, but keys are made anew: an answer, and a plain one.
        opened.click("Look up")
        opened.expect("The service does not accept the API key")


def test_watch_until_settled(notebook: Callable[..., lab.Notebook]) -> None:
    with Sandbox(tasks=20, seed=4, task_seconds=4) as sandbox:
        with sandbox.client(cache=False) as client:
            file_id = next(
                item["id"]
                for page in client.iter_pages("files")
                for item in page
                if item["type"] == "image/jpeg"
            )
        opened = notebook(cells=[*of_another(sandbox), _post(sandbox, file_id)])
        opened.run()
        opened.expect("MADE task_")
        task_id = opened.outputs.get_by_text("MADE task_").inner_text().split()[-1]
        opened.type(task_id, into="Task ids")
        opened.click("Look up")
        opened.expect("This task has not settled")
        opened.click("Watch")
        opened.expect("Watching the task")
        opened.outputs.get_by_text("completed").or_(
            opened.outputs.get_by_text("failed")
        ).first.wait_for()


def _post(sandbox: Sandbox, file_id: str) -> str:
    """A cell that makes a task: the library only reads."""
    return (
        "import requests\n"
        f"made = requests.post('{sandbox.base_url}/v1/image-operations/apply-effect',\n"
        f"    json={{'input': '{file_id}', 'effect': 'grayscale'}},\n"
        f"    headers={{'x-api-key': '{sandbox.api_key}'}}, timeout=10)\n"
        "print('MADE', made.json()['id'])"
    )


def test_cancel_while_the_service_hangs(notebook: Callable[..., lab.Notebook]) -> None:
    with Sandbox(tasks=10, seed=5) as sandbox:
        opened = notebook(cells=[*of_another(sandbox), "print('still', 40 + 2)"])
        opened.run()
        sandbox.latency_s = 30
        opened.type(sandbox.task_ids[-1], into="Task ids")
        opened.click("Look up")
        opened.expect("Asking for task")
        opened.click("Cancel")
        opened.expect("Cancelled.")
        sandbox.latency_s = 0
        opened.click("Look up")
        opened.expect(sandbox.task_ids[-1])


def test_hostile_texts_do_nothing(notebook: Callable[..., lab.Notebook]) -> None:
    opened = notebook(cells=cells())
    opened.run()
    for task in HOSTILE:
        opened.type(task["id"], into="Task ids")
        opened.click("Look up")
        opened.outputs.locator("code", has_text=task["id"]).first.wait_for()
        opened.expect("failed")
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
    opened.expect("completed")
    opened.expect(task_id)


def test_what_is_on_the_screen_is_in_python(
    notebook: Callable[..., lab.Notebook], account: Sandbox
) -> None:
    opened = notebook(cells=cells())
    opened.run()
    task_id = first(account, "completed")
    opened.type(task_id, into="Task ids")
    opened.click("Look up")
    opened.expect(task_id)
    told = lab.execute(opened.page, "print(lookup.task.id, len(lookup.frame) > 0)")
    assert told.strip() == f"{task_id} True"
