"""What stands in for a widget that nothing draws: exported, without its kernel, not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbconvert import HTMLExporter

import scandoc_analytics as sda
from tests.browser import lab, servers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from scandoc_analytics import Sandbox


@pytest.fixture
def ran(account: Sandbox) -> Any:
    """A notebook with an explorer, as nbconvert has it once it has run it."""
    with account.client(cache=False) as client:
        explorer = sda.TaskExplorer(client.list_tasks())
    outputs = [nbformat.v4.new_output("display_data", data=data) for data in explorer.outputs()]
    state = {"state": {explorer.model_id: {"state": explorer.get_state(["layout"])}}}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("explorer", outputs=outputs)],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "widgets": {"application/vnd.jupyter.widget-state+json": state},
        },
    )


@pytest.mark.parametrize("template", ["lab", "classic"])
@pytest.mark.parametrize("state", ["with state", "without"])
def test_a_still_table_stands_for_the_explorer(
    ran: Any, browser: Browser, tmp_path: Path, template: str, state: str
) -> None:
    if state == "without":
        del ran.metadata["widgets"]
    page_html, _ = HTMLExporter(template_name=template).from_notebook_node(ran)
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


def test_a_still_table_stands_in_a_notebook_that_is_not_trusted(
    notebook: Callable[..., lab.Notebook], ran: Any, jupyterlab: tuple[Path, str, str]
) -> None:
    nbformat.write(ran, jupyterlab[0] / "of-another.ipynb")
    opened = notebook("of-another.ipynb")
    tables = opened.outputs.locator("table", has_text="20 of 304 tasks").filter(visible=True)
    tables.wait_for()
    assert tables.count() == 1


def test_a_still_table_stands_in_a_notebook_whose_kernel_is_gone(
    notebook: Callable[..., lab.Notebook], browser: Browser, jupyterlab: tuple[Path, str, str]
) -> None:
    root, address, token = jupyterlab
    opened = notebook(
        cells=["import scandoc_analytics as sda\nsda.TaskExplorer(sda.Client().list_tasks())"]
    )
    opened.run()
    opened.save()
    (name,) = (path.name for path in root.glob("made-*.ipynb") if "of 304" in path.read_text())
    (root / name).rename(root / "again.ipynb")
    # Not the fixture's page: JupyterLab itself says in this one's console that it has no widget.
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    lab.open_lab(page, address, token)
    again = lab.Notebook.open(page, "again.ipynb")
    again.expect("Error displaying widget: model not found")
    tables = again.outputs.locator("table", has_text="20 of 304 tasks").filter(visible=True)
    tables.wait_for()
    assert tables.count() == 1
    again.close()
    page.close()
