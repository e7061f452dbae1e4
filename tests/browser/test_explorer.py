"""`TaskExplorer` as a person uses it, and the notebooks and the dashboard around both widgets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import scandoc_analytics as sda
from tests.browser import lab, servers
from tests.browser.conftest import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from scandoc_analytics import Sandbox

EXPLORER = """
import scandoc_analytics as sda
explorer = sda.TaskExplorer(sda.Client())
explorer
"""


@pytest.fixture
def opened(notebook: Callable[..., lab.Notebook]) -> lab.Notebook:
    opened = notebook(cells=[EXPLORER])
    opened.run()
    return opened


#: The label of what has the focus.
FOCUSED = """() => { const c = document.activeElement;
  return (c.labels?.[0] ?? c).textContent.trim(); }"""


def remaining(page: lab.Notebook) -> int:
    text = page.outputs.get_by_text(re.compile(r"^[\d,]+ of [\d,]+ tasks$")).first.inner_text()
    return int(text.split()[0].replace(",", ""))


def choose(page: lab.Notebook, label: str, word: str) -> None:
    """Choose the option that begins with a word; a count stands behind it."""
    option = page.field(label).locator("option", has_text=word).first
    page.field(label).select_option(label=option.inner_text())
    lab.wait_idle(page.page)


def test_filters_combine_and_say_how_many_remain(opened: lab.Notebook, account: Sandbox) -> None:
    with account.client(cache=False) as client:
        tasks = sda.per_task(client.list_tasks())
    failed = tasks["status"] == "failed"
    scans = tasks["operation"] == "scan"
    assert remaining(opened) == len(tasks)
    choose(opened, "Status", "failed")
    opened.expect(f"{failed.sum():,} of {len(tasks):,} tasks")
    choose(opened, "Operation", "scan")
    opened.expect(f"{(failed & scans).sum():,} of {len(tasks):,} tasks")
    told = lab.execute(opened.page, "print(explorer.selection['task_id'].nunique())")
    assert int(told) == (failed & scans).sum()
    opened.click("Clear filters")
    opened.expect(f"{len(tasks):,} of {len(tasks):,} tasks")
    opened.type("cmd()", into="Words")
    opened.expect(f"1 of {len(tasks):,} tasks")
    opened.type("gotcha", into="Words")
    opened.expect(f"{len(HOSTILE)} of {len(tasks):,} tasks")
    opened.open_row(0)
    opened.expect_card("task_hostile")
    assert opened.outputs.locator("script, img[src='x']").count() == 0
    assert "gotcha" not in opened.page.title()


def test_a_size_that_cannot_be_read_is_a_sentence(opened: lab.Notebook) -> None:
    opened.type("many", into="Size from")
    opened.expect(re.compile("many"))
    opened.type("1 MB", into="Size from")
    opened.outputs.get_by_text(re.compile(r"^\d+ of 304 tasks$")).first.wait_for()


def test_sorting_and_paging(opened: lab.Notebook) -> None:
    opened.expect("1 to 20 of 304")
    opened.click("Next")
    opened.expect("21 to 40 of 304")
    opened.click("Previous")
    opened.expect("1 to 20 of 304")
    opened.field("Sort by").select_option(label="Duration")
    lab.wait_idle(opened.page)
    longest = lab.execute(
        opened.page,
        "print(explorer.frame.loc[explorer.frame['duration_s'].idxmax(), 'task_id'][:12])",
    ).strip()
    opener = opened.outputs.get_by_title("Open the card of this task").first
    assert opener.inner_text().startswith(longest)
    opener.click()
    opened.expect_card(longest)


def test_pictures(opened: lab.Notebook) -> None:
    for name in ("Status", "Sizes", "Durations", "Throughput", "Failures"):
        opened.click(name)
        drawn = opened.outputs.locator(f"img[alt^='{name}']").first
        drawn.wait_for()
        assert drawn.evaluate("image => image.naturalWidth") > 300
    opened.click("Tasks")
    opened.expect("1 to 20 of 304")


def test_export_is_the_selection(opened: lab.Notebook, jupyterlab: tuple[Path, str, str]) -> None:
    choose(opened, "Status", "failed")
    choose(opened, "Export as", "parquet")
    opened.click("Export")
    opened.expect(re.compile(r"^Exported [\d,]+ rows to tasks.*\.parquet"))
    opened.click("Copy code")
    opened.expect("Copied")
    copied = opened.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[1] == 'chosen &= frame["status"].isin(["failed"])'
    (written,) = jupyterlab[0].glob("tasks*.parquet")
    exported = sda.load(written)
    assert set(exported["status"]) == {"failed"}
    written.unlink()


def test_keyboard_alone(opened: lab.Notebook) -> None:
    keyboard = opened.page.keyboard
    opened.field("Status").focus()
    keyboard.press("Home")
    opened.expect(re.compile(r"^2\d\d of 304 tasks$"))
    seen: list[str] = []
    while not seen or seen[-1] != "Next":
        assert len(seen) < 60
        keyboard.press("Tab")
        seen.append(lab.evaluate(opened.page, FOCUSED))
        lab.wait_idle(opened.page, quiet_ms=30)
    order = ["Operation", "File type", "From day", "Words", "Clear filters", "Sort by"]
    # A day is several stops: month, day, year.
    assert list(dict.fromkeys(name for name in seen if name in order)) == order
    # Each row is a stop on the way.
    assert sum(name.startswith("task_") for name in seen) == 20
    keyboard.press("Enter")
    opened.expect(re.compile("^21 to 40 of 2"))
    # From "Next" over "Previous", which can be used by now, to the last row.
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    task_id = lab.evaluate(opened.page, FOCUSED)
    keyboard.press("Enter")
    opened.expect_card(task_id)
    assert opened.unnamed() == []


def test_quickstart_cell_by_cell(notebook: Callable[..., lab.Notebook]) -> None:
    quickstart = notebook("01_quickstart.ipynb")
    quickstart.run_cell_by_cell()
    quickstart.expect("image/png")
    assert quickstart.outputs.locator("img").count() == 2


def test_both_widgets_of_the_notebook(notebook: Callable[..., lab.Notebook]) -> None:
    opened = notebook("03_looking_up_tasks.ipynb")
    opened.run()
    opened.expect("Paste a task id and press Enter.")
    opened.expect("1 to 20 of 304")
    still = opened.outputs.locator("table", has_text="20 of 304 tasks").filter(visible=True)
    assert still.count() == 0


def test_dashboard(page: Page, account: Sandbox, jupyterlab: tuple[Path, str, str]) -> None:
    source = jupyterlab[0] / "03_looking_up_tasks.ipynb"
    environment = {"SCAN_DOCUMENTS_API_KEY": account.api_key}
    environment["SCAN_DOCUMENTS_BASE_URL"] = account.base_url
    with servers.voila(source, env=environment) as address:
        page.goto(address, wait_until="domcontentloaded")
        page.get_by_text("1 to 20 of 304").wait_for()
        # No code for somebody who never opens a notebook.
        assert page.get_by_text("sda.TaskLookup(client)").count() == 0
        box = page.get_by_label("Task ids", exact=True)
        box.click()
        box.press_sequentially(account.task_ids[-1])
        box.press("Enter")
        page.locator("article header", has_text=account.task_ids[-1]).wait_for()
        status = page.get_by_label("Status", exact=True)
        failed = status.locator("option", has_text="failed").inner_text()
        status.select_option(label=failed)
        count = re.sub(r"\D", "", failed)
        # The still table says the same where the count is that of its rows; it is hidden here.
        page.get_by_role("status").filter(has_text=f"{count} of 304 tasks").wait_for()
