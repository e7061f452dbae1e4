"""The widgets in a real JupyterLab in a real Chromium: from the click to the last change on screen.

    python benchmarks/widgets.py [--lookups 20] [--tasks 100000] [--rounds 3]

Needs a checkout, the extras `all` and `browser`, and Chromium. Times are of the wall, and so of the
machine and of whatever else it does: let nothing else run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from playwright.sync_api import sync_playwright

import scandoc_analytics as sda
from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser import lab, servers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

LOOKUP_TARGET_MS, FILTER_TARGET_MS = 150, 300
#: Milliseconds from what `act` does to the last change in the outputs; 400 without one end it.
TIMED = """([act, label, value]) => new Promise((done, fail) => {
  const root = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const find = (tag, text) =>
    [...root.querySelectorAll(tag)].find(x => x.textContent.trim() === text);
  const start = performance.now(); let last = null;
  const changes = new MutationObserver(() => { last = performance.now(); });
  for (const output of root.querySelectorAll('.jp-Cell-outputWrapper'))
    changes.observe(output, {subtree: true, childList: true, characterData: true});
  const end = setInterval(() => { if (last !== null && performance.now() - last > 400) {
    clearInterval(end); changes.disconnect(); done(last - start); } }, 20);
  setTimeout(() => fail(new Error('nothing changed')), 20000);
  if (act === 'click') { find('button', label).click(); return; }
  const control = document.getElementById(find('label', label).htmlFor);
  if (control.tagName === 'SELECT')
    for (const option of control.options) option.selected = option.textContent.startsWith(value);
  else control.value = value;
  for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, {bubbles: true}));
})"""
#: An account as often as it takes, each time under other ids and a minute earlier.
MANY = """
import pandas as pd
import scandoc_analytics as sda
listed = sda.Client().list_tasks()
copies = range(-(-{tasks} // listed["task_id"].nunique()))
frame = pd.concat(
    [
        listed.assign(
            task_id=listed["task_id"] + f"_{{copy}}",
            created_at=listed["created_at"] - pd.Timedelta(minutes=copy),
        )
        for copy in copies
    ],
    ignore_index=True,
)
explorer = sda.TaskExplorer(frame)
explorer
"""
KEPT = """
import scandoc_analytics as sda
client = sda.Client()
_ = client.fetch_tasks({ids!r}, progress=False)
lookup = sda.TaskLookup(client)
lookup
"""
#: Filters one after the other; "#" chooses nothing.
CHANGES = (
    *(("Status", "failed"), ("Operation", "scan"), ("Status", "#"), ("File type", "image/png")),
    *(("Size from", "1 MB"), ("Operation", "#"), ("File type", "#"), ("Size from", "")),
    *(("Words", "invoice"), ("Words", "receipt 6838"), ("Words", "")),
)


def opened(page: Page, root: Path, name: str, code: str) -> lab.Notebook:
    """A notebook of one cell that has run."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(code)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / name)
    notebook = lab.Notebook.open(page, name)
    notebook.run()
    return notebook


def timed(page: Page, *action: str) -> float:
    """Milliseconds until the screen has changed for the last time."""
    lab.wait_idle(page)
    return float(lab.evaluate(page, TIMED, list(action)))


def show(what: str, times: Iterable[float], target_ms: float) -> None:
    """One line: median, slowest, and whether the median keeps the promise."""
    values = list(times)
    median = statistics.median(values)
    met = "met" if median <= target_ms else "NOT MET"
    print(f"{what:32}{median:6.0f} ms{max(values):8.0f} ms   {target_ms:.0f} ms {met}")


def measure(page: Page, root: Path, ids: list[str], options: argparse.Namespace) -> None:
    """Both widgets, one after the other."""
    print(f"{'':32}{'median':>9}{'slowest':>11}   target")
    notebook = opened(page, root, "lookup.ipynb", KEPT.format(ids=ids))
    lookups = []
    for task_id in ids:
        notebook.type(task_id, into="Task ids")
        lookups.append(timed(page, "click", "Look up", ""))
        notebook.expect_card(task_id)
    show(f"look up, cached, {len(ids)} times", lookups, LOOKUP_TARGET_MS)
    notebook.close()
    opened(page, root, "explorer.ipynb", MANY.format(tasks=options.tasks))
    times: dict[tuple[str, str], list[float]] = {change: [] for change in CHANGES}
    for _ in range(options.rounds):
        for change in CHANGES:
            times[change].append(timed(page, "change", *change))
    for (label, value), taken in times.items():
        show(f"{label}: {value.strip('#') or 'nothing'}", taken, FILTER_TARGET_MS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lookups", type=int, default=20)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sda.Sandbox(tasks=max(300, 2 * options.lookups), seed=7) as sandbox,
        sync_playwright() as playwright,
        lab.chromium(playwright) as browser,
    ):
        root = Path(folder)
        with sandbox.client(cache=False) as client:
            tasks: Any = sda.per_task(client.list_tasks())
        settled = tasks.loc[tasks["status"].isin(["completed", "failed"]), "task_id"]
        environment = {
            KEY_ENV: sandbox.api_key,
            URL_ENV: sandbox.base_url,
            CACHE_DIR_ENV: str(root / "kept"),
        }
        with servers.jupyterlab(root, env=environment) as (address, token):
            page = browser.new_page(viewport={"width": 1280, "height": 1400})
            lab.open_lab(page, address, token)
            measure(page, root, settled.head(options.lookups).tolist(), options)


if __name__ == "__main__":
    main()
