"""`TaskExplorer` without a kernel."""

from __future__ import annotations

import base64
import html
import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from scandoc_analytics import TaskExplorer, flatten, load
from scandoc_analytics.widgets.pictures import PLOTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scandoc_analytics.sandbox import Sandbox

    Until = Callable[..., None]


@pytest.fixture
def explorer(small: pd.DataFrame) -> TaskExplorer:
    return TaskExplorer(small)


def letters(explorer: TaskExplorer) -> str:
    return "".join(explorer.selection["task_id"].str[-1].unique())


def listed(explorer: TaskExplorer) -> list[str]:
    return [opener.description for opener in explorer.table.openers]


def code(explorer: TaskExplorer) -> str:
    found = re.search(r"<pre[^>]*>(.*?)</pre>", explorer.code.value, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_it_begins_with_all_tasks_newest_first(explorer: TaskExplorer) -> None:
    assert letters(explorer) == "abcdef"
    assert listed(explorer) == ["task_d", "task_c", "task_b", "task_a", "task_e", "task_f"]
    assert "6 of 6 tasks" in explorer.remaining.value
    assert '<dd class="value">33.3 %</dd>' in explorer.tiles.value
    assert code(explorer) == "selection = frame"
    assert explorer.table.where.value == "1 to 6 of 6"


def test_filters_combine_and_say_how_many_remain(explorer: TaskExplorer) -> None:
    bar = explorer.filter_bar
    bar.file_type.value = ("image/png",)
    assert (letters(explorer), "2 of 6 tasks" in explorer.remaining.value) == ("ab", True)
    bar.least.value = "1 kB"
    assert letters(explorer) == "a"
    bar.least.value = ""
    bar.most.value = "4 kB"
    assert letters(explorer) == "b"
    bar.words.value = "Invoice"
    bar.since.value, bar.until.value = date(2026, 10, 2), date(2026, 10, 2)
    assert letters(explorer) == "b"
    bar.operation.value = ("scan",)
    assert letters(explorer) == ""
    assert "0 of 6 tasks" in explorer.remaining.value
    assert (explorer.table.where.value, listed(explorer)) == ("no tasks", [])


def test_the_code_makes_the_selection(explorer: TaskExplorer) -> None:
    explorer.filter_bar.status.value = ("failed", "not fetched")
    explorer.filter_bar.words.value = "not"
    names: dict[str, Any] = {"frame": explorer.frame}
    exec(code(explorer), names)  # noqa: S102 - it is what users do with it
    pd.testing.assert_frame_equal(names["selection"], explorer.selection)
    assert letters(explorer) == "cf"


def test_options_say_how_many_tasks_they_stand_for(explorer: TaskExplorer) -> None:
    assert explorer.filter_bar.status.options == (
        ("completed (2)", "completed"),
        ("failed (1)", "failed"),
        ("pending (1)", "pending"),
        ("not fetched (1)", "not fetched"),
    )
    assert explorer.filter_bar.file_type.options == (
        ("application/pdf (1)", "application/pdf"),
        ("image/png (2)", "image/png"),
    )


def test_clear_filters_redraws_once(explorer: TaskExplorer) -> None:
    bar = explorer.filter_bar
    bar.status.value, bar.words.value, bar.since.value = ("failed",), "x", date(2026, 1, 1)
    drawn: list[str] = []
    explorer.remaining.observe(lambda change: drawn.append(change["new"]), names="value")
    bar.reset.click()
    assert letters(explorer) == "abcdef"
    assert len(drawn) == 1
    assert not bar.filters().active


def test_a_size_that_cannot_be_read_says_so_and_changes_nothing(explorer: TaskExplorer) -> None:
    explorer.filter_bar.status.value = ("failed",)
    explorer.filter_bar.least.value = "<b>big"
    assert "&lt;b&gt;big" in explorer.note.value
    assert "is no size" in explorer.note.value
    assert letters(explorer) == "c"
    explorer.filter_bar.least.value = ""
    assert explorer.note.value == ""


def test_sorting(explorer: TaskExplorer) -> None:
    explorer.sort.value = "Bytes"
    assert listed(explorer)[:2] == ["task_b", "task_a"]
    explorer.descending.value = False
    assert listed(explorer)[-3:] == ["task_a", "task_b", "task_f"]


def test_pages_of_a_long_table() -> None:
    explorer = TaskExplorer(flatten({"id": f"task_{number:03}"} for number in range(45)))
    explorer.sort.value = "Task id"
    explorer.descending.value = False
    table = explorer.table
    assert (table.previous.disabled, table.next.disabled) == (True, False)
    table.next.click()
    table.next.click()
    assert listed(explorer) == [f"task_{number:03}" for number in range(40, 45)]
    assert table.where.value == "41 to 45 of 45"
    assert (table.previous.disabled, table.next.disabled) == (False, True)
    explorer.filter_bar.words.value = "task_00"
    assert listed(explorer) == [f"task_{number:03}" for number in range(10)]
    # Only a page travels.
    assert len(table._facts.value) < 6_000


def test_a_row_opens_its_card(explorer: TaskExplorer, until: Until) -> None:
    explorer.table.openers[2].click()
    until(lambda: explorer.panel.card.value)
    card = explorer.panel.card.value
    assert "<code>task_b</code></header>" in card
    assert "Invoice 7" in card
    assert "<h4>Before</h4><ul><li><code>task_a</code> scan completed</li></ul>" in card
    assert "<code>task_c</code> scan failed" in card
    # Without a client there is nothing to preview or to save.
    assert explorer.panel._row.layout.display == "none"


def marked(explorer: TaskExplorer) -> list[str]:
    openers = explorer.table.openers
    assert {one.style.font_weight for one in openers if not one.button_style} <= {None}
    return [one.description for one in openers if one.style.font_weight == "bold"]


def test_the_open_row_is_marked_and_closes_once_it_is_filtered_away(
    explorer: TaskExplorer, until: Until
) -> None:
    explorer.table.openers[2].click()
    until(lambda: explorer.panel.card.value)
    assert marked(explorer) == ["task_b"]
    explorer.descending.value = False
    explorer.filter_bar.operation.value = ("split",)
    assert marked(explorer) == ["task_b"]
    assert "<code>task_b</code></header>" in explorer.panel.card.value
    explorer.filter_bar.operation.value = ("scan",)
    assert marked(explorer) == []
    assert explorer.panel.card.value == ""


def test_with_a_client_the_account_is_listed_and_files_can_be_seen(
    sandbox: Sandbox, until: Until
) -> None:
    explorer = TaskExplorer(sandbox.client(cache=False))
    assert explorer.frame["task_id"].nunique() == 300
    explorer.filter_bar.file_type.value = ("application/pdf",)
    explorer.table.openers[0].click()
    until(lambda: not explorer.panel.preview.disabled)
    assert "From the service, fetched " in explorer.panel.card.value
    explorer.panel.preview.click()
    until(lambda: explorer.panel.picture.value)


@pytest.mark.parametrize("title", PLOTS)
def test_only_the_visible_plot_is_drawn(title: str, explorer: TaskExplorer, until: Until) -> None:
    assert explorer.picture.value == ""
    explorer.view.value = title
    assert explorer.table.layout.display == "none"
    until(lambda: explorer.picture.value)
    found = re.fullmatch(
        rf'<img alt="{title} of the tasks" src="data:image/png;base64,([^"]+)" style="[^"]+">',
        explorer.picture.value,
    )
    assert found is not None
    picture = Image.open(io.BytesIO(base64.b64decode(found[1])))
    assert picture.size == (1080, 540)
    before = explorer.picture.value
    explorer.filter_bar.status.value = ("pending",)
    until(lambda: explorer.picture.value != before)
    explorer.view.value = "Tasks"
    assert explorer.table.layout.display is None
    assert explorer.picture.layout.display == "none"


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_export_writes_the_selection(
    ending: str,
    explorer: TaskExplorer,
    until: Until,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    explorer.filter_bar.operation.value = ("split",)
    explorer.format.value = ending
    for name in (f"tasks{ending}", f"tasks (2){ending}"):
        explorer.export.click()
        until(lambda name=name: f"Exported 3 rows to {name}" in explorer.exported.value)
        until(lambda: not explorer.export.disabled)
    for name in (f"tasks{ending}", f"tasks (2){ending}"):
        path = tmp_path / name
        if ending == ".parquet":
            assert load(path)["file_name"].tolist() == ["Invoice 7", "=cmd()", "Thumb"]
        else:
            read = pd.read_csv if ending == ".csv" else pd.read_excel
            # Text that a spreadsheet would run is made inert.
            assert read(path)["file_name"].tolist() == ["Invoice 7", "'=cmd()", "Thumb"]


def test_an_export_that_fails_says_so(
    explorer: TaskExplorer, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/proc")
    explorer.export.click()
    until(lambda: 'role="alert"' in explorer.exported.value)
    until(lambda: not explorer.export.disabled)


def test_a_frame_of_no_tasks(empty: pd.DataFrame) -> None:
    explorer = TaskExplorer(empty)
    assert "0 of 0 tasks" in explorer.remaining.value
    assert len(explorer.selection) == 0
    assert explorer.stand_in()[1].startswith("TaskExplorer\n  tasks: 0\n")


def test_what_is_no_flat_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="this is no flat frame"):
        TaskExplorer(pd.DataFrame({"task_id": ["a"]}))


def test_hostile_texts_stay_texts(until: Until) -> None:
    text = "<img src=x onerror=alert(1)>"
    explorer = TaskExplorer(
        flatten([{"id": text, "status": text, "operation": text, "parameters": {"name": text}}])
    )
    explorer.filter_bar.words.value = text
    explorer.filter_bar.status.value = (text,)
    explorer.table.openers[0].click()
    until(lambda: explorer.panel.card.value)
    shown = [explorer.tiles, explorer.remaining, explorer.code, explorer.table._facts]
    shown += [explorer.panel.card]
    assert not any("<img" in part.value for part in shown)
    assert letters(explorer) == ">"


def test_exported_pages_show_numbers_and_a_table(explorer: TaskExplorer) -> None:
    """As nbconvert renders an output whose widget state is not in the notebook."""
    bundle = explorer._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=bundle)
    cell = nbformat.v4.new_code_cell("explorer", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert "<caption>6 of 6 tasks</caption>" in page
    assert "<code>task_d</code>" in page
    assert bundle["text/plain"].splitlines()[:3] == [
        "TaskExplorer",
        "  tasks: 6 1 not fetched",
        "  failed: 33.3 % 1 of 3 settled",
    ]


def test_every_control_has_words(explorer: TaskExplorer) -> None:
    controls = [*explorer.filter_bar._controls, explorer.filter_bar.reset, explorer.view]
    controls += [explorer.sort, explorer.descending, explorer.format, explorer.export]
    assert all(control.description for control in controls)
