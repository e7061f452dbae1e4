"""A page in a real browser: what went wrong in it, and how a notebook in JupyterLab is worked."""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import (
        Browser,
        ConsoleMessage,
        Locator,
        Page,
        Playwright,
        Request,
        Response,
    )

#: A notebook's outputs and rendered prose; its source is in the page as text too.
OUTPUTS = ".jp-NotebookPanel:not(.lm-mod-hidden) :is(.jp-Cell-outputWrapper, .jp-MarkdownOutput)"
WAIT_MS = 30_000

_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_HERE = {"127.0.0.1", "localhost"}
#: Voila's page asks another host for a font of icons, and does without it where there is none.
_VOILAS_ICONS = "fontawesome-free"
_OPEN = """async name => {
  const {commands, shell} = window.jupyterapp;
  const opened = await commands.execute('docmanager:open', {path: name});
  shell.activateById(opened.id);
  while (shell.currentWidget !== opened) await new Promise(r => setTimeout(r, 10)); }"""
# Disposed of, not closed: that would ask whether to save it.
_CLOSE = """async () => {
  const w = window.jupyterapp.shell.currentWidget;
  await w.sessionContext.shutdown(); w.dispose(); }"""
_KERNEL_READY = """async () => {
  const w = window.jupyterapp.shell.currentWidget;
  await w.context.ready; await w.revealed; await w.sessionContext.ready;
  return w.sessionContext.session?.kernel?.id ?? null;
}"""
_ALL_CELLS_RAN = """() => {
  const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(c => c.type === 'code' && c.sharedModel.getSource().trim());
  const failed = cells.some(c => c.outputs.toJSON().some(o => o.output_type === 'error'));
  return failed || cells.every(c => c.executionCount !== null && c.executionState !== 'running');
}"""
_TO_FIRST_CELL = """() => {
  const {content} = window.jupyterapp.shell.currentWidget;
  content.mode = 'command'; content.activeCellIndex = 0; content.activate();
  return content.widgets.length; }"""
_CELL_RAN = """place => {
  const c = window.jupyterapp.shell.currentWidget.content.model.cells.get(place);
  return c.type !== 'code' || (c.executionCount !== null && c.executionState !== 'running'); }"""
_UNNAMED = """controls => controls.filter(c => !(c.ariaLabel || c.textContent.trim()
  && c.tagName === 'BUTTON' || [...c.labels].some(l => l.textContent.trim())))
  .map(c => c.outerHTML)"""
_CELL_ERRORS = """() =>
  [...window.jupyterapp.shell.currentWidget.content.model.cells].flatMap((c, i) =>
    c.type !== 'code' ? [] : c.outputs.toJSON().filter(o => o.output_type === 'error')
      .map(o => `cell ${i}: ${o.ename}: ${o.evalue}`))"""
_KERNEL_IDLE = """async ([quiet, timeout]) => {
  const k = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const end = performance.now() + timeout; let since = performance.now();
  while (performance.now() - since < quiet) {
    await new Promise(r => setTimeout(r, 25));
    if (k.status !== 'idle' || k.hasPendingInput) since = performance.now();
    if (performance.now() > end) throw new Error('kernel still ' + k.status);
  } }"""


def find_chromium() -> str | None:
    """The Chromium of this machine, if there is one."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium that reaches this machine only."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=_CHROMIUM_ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


class Watch:
    """What went wrong in a page: console errors, failed requests, foreign hosts, kernel errors."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("websocket", lambda socket: socket.on("framereceived", self._on_frame))

    def _on_console(self, message: ConsoleMessage) -> None:
        # A failed load is counted, with its address, by the other two.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text[:400]}")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if _VOILAS_ICONS in url.path:
            return
        if url.scheme in {"http", "https", "ws", "wss"} and url.hostname not in _HERE:
            self.problems.append(f"asked another host: {request.url[:200]}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"HTTP {response.status}: {response.url}")

    def _on_frame(self, data: str | bytes) -> None:
        # An error in a widget's callback is in no cell: only the kernel's message has it.
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if re.search(r'"msg_type": ?"error"', text[:4000]):
            said = re.findall(r'"e(?:name|value)": ?"((?:[^"\\]|\\.)*)"', text)
            self.problems.append("kernel: " + ": ".join(said))


def evaluate(page: Page, script: str, argument: Any = None, timeout_ms: int = WAIT_MS) -> Any:
    """`page.evaluate` with a time limit: Playwright's own waits for ever."""
    return page.evaluate(
        """async ([script, argument, timeout]) => {
            let t; const late = new Promise((_, no) => { t = setTimeout(() => no(new Error(
                `not done in ${timeout} ms: ${script.slice(0, 80)}`)), timeout); });
            try { return await Promise.race([eval(script)(argument), late]); }
            finally { clearTimeout(t); } }""",
        [script, argument, timeout_ms],
    )


def open_lab(page: Page, address: str, token: str) -> None:
    """Open JupyterLab without a document."""
    # A workspace of its own, or the tabs of an earlier page come back and take the focus.
    page.goto(f"{address}/lab/workspaces/t{time.monotonic_ns()}?token={token}")
    page.wait_for_function("() => window.jupyterapp?.restored")
    evaluate(page, "async () => { await window.jupyterapp.restored; }")


def open_notebook(page: Page, name: str) -> None:
    """Open the notebook `name` in a JupyterLab, and wait until its kernel is ready."""
    evaluate(page, _OPEN, name)
    end = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < end:
        if evaluate(page, _KERNEL_READY):
            return
    msg = f"{name} has no kernel: does its metadata name one that this server has?"
    raise AssertionError(msg)


def run_all(page: Page, timeout_ms: int = 4 * WAIT_MS) -> None:
    """Run every cell, and wait until the last has ended and each widget is drawn."""
    command = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
    evaluate(page, command, timeout_ms=timeout_ms)
    page.wait_for_function(_ALL_CELLS_RAN, timeout=timeout_ms)
    page.wait_for_function("() => !document.body.innerText.includes('Loading widget...')")


def wait_idle(page: Page, quiet_ms: int = 150) -> None:
    """Wait until the kernel has been idle for `quiet_ms`: it has seen what was typed."""
    page.evaluate(_KERNEL_IDLE, [quiet_ms, WAIT_MS])


def cell_errors(page: Page) -> list[str]:
    """The cells that ended in an error."""
    return list(page.evaluate(_CELL_ERRORS))


@dataclass(frozen=True)
class Notebook:
    """A notebook in JupyterLab, worked as a person would: by labels and by what stands there."""

    page: Page

    @classmethod
    def open(cls, page: Page, name: str) -> Notebook:
        """Open a notebook of the server's folder in a JupyterLab, and wait for its kernel."""
        open_notebook(page, name)
        return cls(page)

    def save(self) -> None:
        """Write it to its file, with its outputs."""
        evaluate(self.page, "() => window.jupyterapp.commands.execute('docmanager:save')")

    def close(self) -> None:
        """End its kernel, and take it off the page."""
        evaluate(self.page, _CLOSE)

    @property
    def outputs(self) -> Locator:
        """What the cells show, without their source."""
        return self.page.locator(OUTPUTS)

    def run(self) -> None:
        """Run every cell."""
        run_all(self.page)
        wait_idle(self.page)

    def run_cell_by_cell(self) -> None:
        """Press Shift and Enter on each cell, and wait each time until it has ended."""
        for place in range(evaluate(self.page, _TO_FIRST_CELL)):
            self.page.keyboard.press("Shift+Enter")
            self.page.wait_for_function(_CELL_RAN, arg=place)
            wait_idle(self.page)

    def field(self, label: str) -> Locator:
        """The form field with this label or placeholder."""
        return (
            self.outputs.get_by_label(label, exact=True)
            .or_(self.outputs.get_by_placeholder(label, exact=True))
            .first
        )

    def type(self, text: str, *, into: str) -> None:
        """Write a text into a field and leave it; the kernel has seen it afterwards.

        A click right after typing could reach the kernel before the text does.
        """
        field = self.field(into)
        field.click()
        field.fill(text)
        field.press("Tab")
        wait_idle(self.page)

    def paste(self, text: str, *, into: str) -> None:
        """Put a text into a field from the clipboard, and leave it."""
        evaluate(self.page, "text => navigator.clipboard.writeText(text)", text)
        field = self.field(into)
        field.click()
        field.press("Control+a")
        field.press("Control+v")
        field.press("Tab")
        wait_idle(self.page)

    def click(self, button: str) -> None:
        """Click a button by its name."""
        self.outputs.get_by_role("button", name=button, exact=True).first.click()

    def expect(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until this text is to be seen in an output."""
        found = self.outputs.get_by_text(text).filter(visible=True).first
        found.wait_for()
        return found

    def expect_card(self, task_id: str) -> Locator:
        """Wait for the card of this task; its id alone is in other places before that."""
        card = self.outputs.locator("article", has=self.page.locator("header", has_text=task_id))
        card.wait_for()
        return card

    def open_row(self, place: int) -> None:
        """Click on a row of the table."""
        self.outputs.get_by_title("Open the card of this task").nth(place).click()

    def unnamed(self) -> list[str]:
        """The controls that a screen reader has no name for."""
        return list(self.outputs.locator("input, select, textarea, button").evaluate_all(_UNNAMED))


def execute(page: Page, code: str) -> str:
    """What a line of Python prints in the notebook's kernel, without a cell."""
    return str(
        evaluate(
            page,
            """async code => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const future = kernel.requestExecute({code, store_history: false});
                let text = '';
                future.onIOPub = m => {
                    if (m.header.msg_type === 'stream') text += m.content.text;
                    if (m.header.msg_type === 'error') text += m.content.evalue; };
                await future.done; return text; }""",
            code,
        )
    )
