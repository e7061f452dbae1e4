"""A snapshot comes back as it was, or the reason is said."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scandoc_analytics import ScandocError, flatten, load, per_task, save
from scandoc_analytics.frame import Flattener
from scandoc_analytics.schema import empty_frame

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples"


def _frame(*, text: bool = False) -> pd.DataFrame:
    flattener = Flattener(text=text)
    for path in sorted(EXAMPLES.glob("task-*.json")):
        flattener.add(path.read_bytes(), fetched_at=1_760_000_000_000_000, from_cache=True)
    flattener.add_failure("task_gone", "no such task")
    frame = flattener.finish()
    frame.attrs["scandoc"] = {"query": {"limit": 3}, "account": "0123456789abcdef"}
    return frame


@pytest.mark.parametrize("text", [False, True])
def test_frame_dtypes_and_provenance_survive(tmp_path: Path, text: bool) -> None:  # noqa: FBT001
    frame = _frame(text=text)
    path = save(frame, tmp_path / "tasks.parquet")
    assert path == tmp_path / "tasks.parquet"
    again = load(path)
    pd.testing.assert_frame_equal(again, frame)
    assert again.attrs == frame.attrs
    assert [type(ids) for ids in again["input_ids"][-2:]] == [list, type(None)]


@pytest.mark.parametrize("text", [False, True])
def test_no_rows_survive(tmp_path: Path, text: bool) -> None:  # noqa: FBT001
    frame = empty_frame(text=text)
    pd.testing.assert_frame_equal(load(save(frame, tmp_path / "none.parquet")), frame)


def test_rows_of_any_index_and_any_column_order(tmp_path: Path) -> None:
    frame = _frame()
    some = frame.iloc[[5, 2, 9]][list(frame.columns)[::-1]]
    again = load(save(some, str(tmp_path / "some.PARQUET")))
    assert list(again.columns) == list(frame.columns)
    assert again["task_id"].tolist() == some["task_id"].tolist()
    assert again.index.equals(pd.RangeIndex(3))


def test_metadata_say_what_it_is(tmp_path: Path) -> None:
    path = save(_frame(), tmp_path / "tasks.parquet")
    metadata = json.loads(pq.read_schema(path).metadata[b"scandoc_analytics"])
    assert metadata == {
        "schema_version": 1,
        "as_of": "2025-10-09T08:53:20+00:00",
        "rows": 61,
        "tasks": 56,
        "provenance": {"query": {"limit": 3}, "account": "0123456789abcdef"},
    }
    path = save(flatten([]), path)
    assert json.loads(pq.read_schema(path).metadata[b"scandoc_analytics"])["as_of"] is None


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(flatten([{"id": "old"}]), tmp_path / "tasks.parquet")

    def full(_: pa.Table, where: Path, **__: object) -> None:
        Path(where).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scandoc_analytics.frame.snapshot.pq.write_table", full)
    with pytest.raises(OSError, match=r"No space left"):
        save(flatten([{"id": "new"}]), path)
    assert [child.name for child in tmp_path.iterdir()] == ["tasks.parquet"]
    assert load(path)["task_id"].tolist() == ["old"]


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    frame = flatten([])
    with pytest.raises(ValueError, match=r"'tasks.csv': .* must end in .parquet"):
        save(frame, "tasks.csv")
    with pytest.raises(ValueError, match=r"nothing else: drop team, week"):
        save(frame.assign(team="a", week=1), tmp_path / "a.parquet")
    with pytest.raises(ValueError, match=r"no flat frame, it lacks file_index"):
        save(per_task(frame), tmp_path / "a.parquet")


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    path = save(_frame(), tmp_path / "tasks.parquet")
    whole = path.read_bytes()
    with pytest.raises(ValueError, match=r"must end in .parquet"):
        load("tasks.xlsx")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "absent.parquet")
    for damaged in (b"", b"not parquet at all", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(ScandocError, match=r"is damaged, or no Parquet file .*: save it again"):
            load(path)
    pd.DataFrame({"a": [1]}).to_parquet(path)
    with pytest.raises(ScandocError, match=r"is no snapshot: it is Parquet, but"):
        load(path)


def test_versions_and_columns_are_checked(tmp_path: Path) -> None:
    path = save(_frame(), tmp_path / "tasks.parquet")
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[b"scandoc_analytics"])
    pq.write_table(table.drop_columns(["status"]), path)
    with pytest.raises(ScandocError, match=r"was changed after .* too many or too few: status$"):
        load(path)
    newer = json.dumps({**about, "schema_version": 2})
    pq.write_table(table.replace_schema_metadata({"scandoc_analytics": newer}), path)
    with pytest.raises(ScandocError, match=r"newer version .* \(schema 2, this one knows 1\): up"):
        load(path)
