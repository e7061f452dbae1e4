"""Browser tests: real JupyterLab, real Chromium, a real sandbox behind.

They run in a pytest process of their own (`nox -s browser`): Playwright's event loop would be in
the way of the others. Where there is no Chromium they skip and say so, or fail where
REQUIRE_BROWSER=1 says that there must be one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import urllib.request
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


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in which nothing may go wrong; a picture of its end is kept, passed or not."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(lab.WAIT_MS)
    watch = lab.Watch(page)
    try:
        yield page
        assert not watch.problems
    finally:
        _SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(_SCREENSHOTS / f"{request.node.name}.png"))
        context.close()


@pytest.fixture
def notebook(
    page: Page, jupyterlab: tuple[Path, str, str]
) -> Iterator[Callable[..., lab.Notebook]]:
    """A notebook in JupyterLab, with a kernel of its own.

    ``notebook("03_looking_up_tasks.ipynb")`` opens one that there is, ``notebook(cells=[...])``
    one that is made of these lines.
    """
    root, address, token = jupyterlab
    kernels: list[str] = []

    def open_(name: str | None = None, *, cells: Sequence[str] = ()) -> lab.Notebook:
        if name is None:
            name = f"made-{secrets.token_hex(4)}.ipynb"
            made = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(source) for source in cells],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            )
            nbformat.write(made, root / name)
        opened = lab.Notebook.open(page, address, token, name)
        kernels.append(opened.kernel)
        return opened

    try:
        yield open_
        if kernels:
            lab.wait_idle(page)
            assert not lab.cell_errors(page)
    finally:
        for kernel in kernels:
            end = urllib.request.Request(  # noqa: S310 - on loopback
                f"{address}/api/kernels/{kernel}",
                method="DELETE",
                headers={"Authorization": f"token {token}"},
            )
            urllib.request.urlopen(end).close()  # noqa: S310 - the same
