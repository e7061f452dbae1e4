"""Notebooks as pages: what stands there where no script of another host draws the widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbconvert import HTMLExporter

import scandoc_analytics as sda
from tests.browser import servers

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from scandoc_analytics import Sandbox


@pytest.fixture
def notebook(account: Sandbox) -> Any:
    """A notebook with an explorer, as nbconvert has it once it has run it."""
    with account.client(cache=False) as client:
        explorer = sda.TaskExplorer(client.list_tasks())
    outputs = [nbformat.v4.new_output("display_data", data=data) for data in explorer.outputs()]
    state = {"state": {explorer.model_id: {"state": explorer.get_state(["layout"])}}}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("explorer", outputs=outputs)],
        metadata={"widgets": {"application/vnd.jupyter.widget-state+json": state}},
    )


@pytest.mark.parametrize("template", ["lab", "classic"])
@pytest.mark.parametrize("state", ["with state", "without"])
def test_a_still_table_stands_for_the_explorer(
    notebook: Any, browser: Browser, tmp_path: Path, template: str, state: str
) -> None:
    if state == "without":
        del notebook.metadata["widgets"]
    page_html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(page_html, encoding="utf-8")
    # Not the fixture's page: this one asks other hosts for what draws widgets, in vain.
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    with servers.pages(tmp_path) as address:
        page.goto(f"{address}/page.html")
        tables = page.locator("table", has_text="20 of 304 tasks").filter(visible=True)
        assert tables.count() == 1
        # Ids and moments are whole.
        for cell in tables.locator("tbody td").all()[:4]:
            assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
    page.close()
