"""The report in a real browser: it loads nothing, runs nothing, and says nothing in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scandoc_analytics as sda
from tests.browser import servers
from tests.browser.conftest import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from scandoc_analytics import Sandbox


TITLE = str(HOSTILE[0]["parameters"]["name"])


@pytest.fixture(scope="module")
def folder(account: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report of an account with hostile names."""
    folder = tmp_path_factory.mktemp("report")
    with account.client(cache=False) as client:
        sda.report(client.list_tasks(), folder / "report.html", title=TITLE)
    return folder


@pytest.mark.parametrize("width", [400, 1280])
def test_report_of_an_account_with_hostile_names(page: Page, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1400})
    with servers.pages(folder) as address:
        page.goto(f"{address}/report.html")
        page.get_by_role("heading", name="Status mix").wait_for()
        assert page.title() == TITLE
        assert page.locator("script, img[src='x']").count() == 0
        pictures = page.locator("img")
        assert pictures.count() == 5
        for number in range(pictures.count()):
            assert pictures.nth(number).evaluate("image => image.naturalWidth") > 1000
        # Wide tables scroll in their own frame: the page itself never does.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
