"""The report in a real browser: it loads nothing, runs nothing, and says nothing in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scandoc_analytics as sda
from tests.browser import servers
from tests.browser.conftest import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from scandoc_analytics import Sandbox


def test_report_of_an_account_with_hostile_names(
    page: Page, account: Sandbox, tmp_path: Path
) -> None:
    with account.client(cache=False) as client:
        frame = client.list_tasks()
    title = str(HOSTILE[0]["parameters"]["name"])
    sda.report(frame, tmp_path / "report.html", title=title)
    with servers.pages(tmp_path) as address:
        page.goto(f"{address}/report.html")
        page.get_by_role("heading", name="Status mix").wait_for()
        assert page.title() == title
        assert page.locator("script, img[src='x']").count() == 0
        pictures = page.locator("img")
        assert pictures.count() == 5
        for number in range(pictures.count()):
            assert pictures.nth(number).evaluate("image => image.naturalWidth") > 1000
        # Wide tables and pictures scroll in their own frame: the page itself never does.
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 1400})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
