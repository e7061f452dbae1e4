"""Tables as files, by the ending of the name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import scandoc_analytics as sda
from scandoc_analytics import export

if TYPE_CHECKING:
    from pathlib import Path

TASK = {
    "id": "task_a",
    "operation": "merge",
    "parameters": {"input": ["file_a", "file_b"], "name": "=HYPERLINK(1)"},
    "status": "completed",
    "result": {
        "generated_files": [
            {
                "id": "file_c",
                "name": "Größe 契約",
                "type": "application/pdf",
                "properties": {"size": 1024, "page_count": 3},
                "created_at": "2026-01-02T03:04:05.250Z",
            }
        ]
    },
    "created_at": "2026-01-02T03:04:00Z",
    "updated_at": "2026-01-02T03:04:06Z",
}


@pytest.fixture
def frame() -> pd.DataFrame:
    return sda.flatten([TASK, {"id": "task_b", "status": "pending"}])


def test_csv(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = export.write_table(frame, tmp_path / "tasks.csv")
    read = pd.read_csv(path)
    assert read["task_id"].tolist() == ["task_a", "task_b"]
    assert json.loads(read["input_ids"][0]) == ["file_a", "file_b"]
    assert read["param_name"][0] == "'=HYPERLINK(1)"
    assert read["file_name"][0] == "Größe 契約"
    assert read["file_size_bytes"][0] == 1024
    assert read["created_at"][0] == "2026-01-02 03:04:00+00:00"


def test_json(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = export.write_table(frame, str(tmp_path / "tasks.JSON"))
    first, second = json.loads(path.read_text(encoding="utf-8"))
    assert first["input_ids"] == ["file_a", "file_b"]
    # JSON is for programs, which run no formulas: the text is as it came.
    assert first["param_name"] == "=HYPERLINK(1)"
    assert first["file_created_at"] == "2026-01-02T03:04:05.250000Z"
    assert first["file_size_bytes"] == 1024
    assert second["created_at"] is None
    assert list(first) == list(frame.columns)


def test_parquet_of_a_flat_frame_is_a_snapshot(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = export.write_table(frame, tmp_path / "tasks.parquet")
    pd.testing.assert_frame_equal(sda.load(path), frame)


def test_parquet_of_another_table(tmp_path: Path) -> None:
    table = pd.DataFrame({"status": ["completed"], "tasks": [3]})
    path = export.write_table(table, tmp_path / "mix.parquet")
    assert pd.read_parquet(path).to_dict("list") == {"status": ["completed"], "tasks": [3]}


def test_xlsx(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = export.write_table(frame, tmp_path / "tasks.xlsx")
    read = pd.read_excel(path)
    assert read["param_name"][0] == "'=HYPERLINK(1)"
    assert read["created_at"][0] == pd.Timestamp("2026-01-02T03:04:00")
    assert json.loads(read["input_ids"][0]) == ["file_a", "file_b"]
    assert list(read.columns) == list(frame.columns)


def test_xlsx_cuts_what_no_cell_holds(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["x" * 40_000]})
    path = export.write_table(table, tmp_path / "t.xlsx")
    assert len(pd.read_excel(path)["text"][0]) == 32_767


def test_workbook_of_several_tables(tmp_path: Path) -> None:
    tables = {"status mix": pd.DataFrame({"tasks": [1]}), "b" * 40: pd.DataFrame({"n": [2]})}
    path = export.write_workbook(tables, tmp_path / "tables.xlsx")
    read = pd.read_excel(path, sheet_name=None)
    assert list(read) == ["status mix", "b" * 31]
    assert read["status mix"]["tasks"].tolist() == [1]
    with pytest.raises(ValueError, match=r"need the ending \.xlsx"):
        export.write_workbook(tables, tmp_path / "tables.csv")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_text_becomes_a_formula(start: str, ending: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"name": pd.Categorical([f"{start}cmd()"]), "number": [-5]})
    path = export.write_table(table, tmp_path / f"t{ending}")
    read = pd.read_csv(path) if ending == ".csv" else pd.read_excel(path)
    assert read["name"][0].startswith("'")
    assert read["number"][0] == -5


def test_the_table_itself_stays_as_it_is(frame: pd.DataFrame, tmp_path: Path) -> None:
    before = frame.copy(deep=True)
    for ending in export.ENDINGS:
        export.write_table(frame, tmp_path / f"t{ending}")
    pd.testing.assert_frame_equal(frame, before)


def test_an_unknown_ending_says_which_there_are(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'tasks\.doc'.*\.csv, \.json, \.parquet, \.xlsx"):
        export.write_table(frame, tmp_path / "tasks.doc")
    with pytest.raises(FileNotFoundError, match="no folder"):
        export.write_table(frame, tmp_path / "nowhere" / "tasks.csv")
    assert list(tmp_path.iterdir()) == []


def test_without_openpyxl_one_sentence_says_what_to_install(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(sda.MissingExtraError, match=r"scandoc_analytics\[excel\]"):
        export.write_table(frame, tmp_path / "tasks.xlsx")


def test_empty(tmp_path: Path) -> None:
    for ending in export.ENDINGS:
        assert export.write_table(sda.flatten([]), tmp_path / f"t{ending}").exists()
