"""Browser tests: real JupyterLab, real Chromium, a real sandbox behind.

They run in a pytest process of their own (`nox -s browser`): Playwright's event loop would be in
the way of the others. Where there is no Chromium they skip and say so, or fail where
REQUIRE_BROWSER=1 says that there must be one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import nbformat
import pytest

from scandoc_analytics import Sandbox
from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV
from tests.browser import lab, servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, Page

_HERE = Path(__file__).parent
_NOTEBOOKS = _HERE.parents[1] / "notebooks"
SCRIPT = "<script>document.title='gotcha'</script><img src=x onerror=\"document.title='gotcha'\">"
HOSTILE: list[dict[str, Any]] = [
    {
        "id": f"task_hostile{number:09}",
        "operation": operation,
        "parameters": {"input": "file_elsewhere", "name": name},
        "status": "failed",
        "result": {"error": SCRIPT, "details": {"html": SCRIPT}},
        "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:01Z",
    }
    for number, (operation, name) in enumerate(
        [("scan", SCRIPT), (SCRIPT, "x" * 5000), ("scan", "\u202etxt.exe"), ("scan", "=cmd()")]
    )
]
_SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", _HERE / "screenshots"))


def _missing(what: str) -> NoReturn:
    message = f"browser tests need {what}"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for all tests of the run."""
    if lab.find_chromium() is None:
        _missing("Chromium: apt-get install chromium, or set CHROMIUM=/path/to/it")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        _missing("Playwright: pip install 'scandoc_analytics[browser]'")
    with sync_playwright() as playwright, lab.chromium(playwright) as running:
        yield running


@pytest.fixture(scope="session")
def account() -> Iterator[Sandbox]:
    """The account behind the notebooks: 300 made-up tasks, and some with hostile names."""
    with Sandbox(tasks=300, seed=7) as sandbox:
        sandbox.load(HOSTILE)
        yield sandbox


@pytest.fixture(scope="session")
def jupyterlab(
    browser: Browser,  # noqa: ARG001 - no server is started for tests that skip
    account: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, str, str]]:
    """JupyterLab over copies of the notebooks: its folder, address and token."""
    root = tmp_path_factory.mktemp("lab")
    for source in _NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(source, root)
    environment = {
        KEY_ENV: account.api_key,
        URL_ENV: account.base_url,
        CACHE_DIR_ENV: str(tmp_path_factory.mktemp("kept")),
    }
    with servers.jupyterlab(root, env=environment) as (address, token):
        yield root, address, token


class Tab:
    """A page in which nothing may go wrong."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(
            viewport={"width": 1280, "height": 1400},
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(lab.WAIT_MS)
        self.watch = lab.Watch(self.page)

    def picture(self, name: str) -> None:
        """Keep what it looks like."""
        _SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(_SCREENSHOTS / f"{name}.png"))

    def close(self) -> None:
        """Close it, and forget what it has stored."""
        if not self.page.is_closed():
            self._context.close()


@contextmanager
def _checked(tab: Tab, request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing went wrong in the page by the end of a test; a picture is kept of what failed."""
    failures = request.session.testsfailed
    passed = False
    try:
        yield
        assert not tab.watch.problems
        passed = request.session.testsfailed == failures
    finally:
        if not passed or "SCREENSHOTS" in os.environ:
            tab.picture(request.node.name)
        if not passed:
            tab.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of its own for a test."""
    tab = Tab(browser)
    with _checked(tab, request):
        yield tab.page
    tab.close()


@pytest.fixture(scope="session")
def open_labs() -> Iterator[list[Tab]]:
    """JupyterLab in a page, if one is open: loading it costs more than most tests."""
    tabs: list[Tab] = []
    yield tabs
    for tab in tabs:
        tab.close()


@pytest.fixture
def notebook(
    browser: Browser,
    jupyterlab: tuple[Path, str, str],
    open_labs: list[Tab],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., lab.Notebook]]:
    """A notebook in JupyterLab, with a kernel of its own.

    ``notebook("03_looking_up_tasks.ipynb")`` opens one that there is, ``notebook(cells=[...])``
    one that is made of these lines; the one before is closed. The page is that of the test before,
    if that passed.
    """
    root, address, token = jupyterlab
    if open_labs:
        tab = open_labs.pop()
    else:
        tab = Tab(browser)
        lab.open_lab(tab.page, address, token)
    opened: list[lab.Notebook] = []

    def close() -> None:
        if opened:
            lab.wait_idle(tab.page)
            assert not lab.cell_errors(tab.page)
            opened.pop().close()

    def open_(name: str | None = None, *, cells: Sequence[str] = ()) -> lab.Notebook:
        if name is None:
            name = f"made-{secrets.token_hex(4)}.ipynb"
            made = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(source) for source in cells],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            )
            nbformat.write(made, root / name)
        close()
        opened.append(lab.Notebook.open(tab.page, name))
        return opened[-1]

    with _checked(tab, request):
        yield open_
        close()
    if not tab.page.is_closed():
        open_labs.append(tab)
