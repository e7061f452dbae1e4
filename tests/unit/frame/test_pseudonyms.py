"""Nothing personal remains, and documents can still be followed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from scandoc_analytics import flatten
from scandoc_analytics.frame import Flattener, anonymise
from scandoc_analytics.schema import empty_frame

FLATTENER = Flattener(text=True)
FLATTENER.add(
    {
        "id": "task_1",
        "operation": "merge",
        "status": "failed",
        "parameters": {"input": ["file_1", "x9"], "name": "Ada Lovelace", "secret": "s3cret"},
        "callback_url": "https://ada.example/hook",
        "result": {
            "error": (
                "Input file_1 of 'Ada Lovelace' (see https://ada.example/x, ada@mail.example) "
                "and x9 are not file_gone; can't go on at page 12"
            ),
            "details": {"input": "file_1"},
        },
    }
)
FLATTENER.add(
    {
        "id": "task_2",
        "operation": "extract-text",
        "status": "completed",
        "parameters": {"input": "task_1"},
        "result": {
            "format": "plain",
            "content": "dear Ada",
            "generated_files": [
                {"id": "file_1", "name": "Ada Lovelace", "properties": {"size": 5}}
            ],
        },
    }
)
FLATTENER.add_failure("x9", "404: no task x9 in this account")
FRAME = FLATTENER.finish()
FRAME.attrs["scandoc"] = {"query": {"ids": ["task_1"]}}


def test_no_value_of_a_person_is_left() -> None:
    hidden = anonymise(FRAME)
    text = hidden.to_csv() + repr(hidden.attrs)
    for value in ("task_1", "task_2", "file_1", "x9", "file_gone", "Ada", "ada", "s3cret", "dear"):
        assert not re.search(rf"\b{value}\b", text), value
    assert hidden[["callback_url", "error_details", "text", "extra"]].isna().all(axis=None)


def test_the_same_value_has_one_pseudonym() -> None:
    hidden = anonymise(FRAME)
    task_1, task_2, lost = hidden["task_id"]
    assert re.fullmatch(r"task_[0-9a-f]{20}", task_1)
    assert re.fullmatch(r"id_[0-9a-f]{20}", lost)
    assert task_1 != task_2
    assert hidden["input_ids"][1] == [task_1]
    assert hidden["input_ids"][0] == [hidden["file_id"][1], lost]
    assert hidden["input_ids"][2] is None
    assert hidden["param_name"][0] == hidden["file_name"][1]
    assert re.fullmatch(r"name_[0-9a-f]{20}", hidden["param_name"][0])


def test_messages_keep_their_words() -> None:
    hidden = anonymise(FRAME)
    file_1, lost, name = hidden["file_id"][1], hidden["task_id"][2], hidden["file_name"][1]
    message = re.sub(r"not file_[0-9a-f]{20};", "not X;", hidden["error"][0])
    assert message == (
        f"Input {file_1} of '{name}' (see <address> <address> "
        f"and {lost} are not X; can't go on at page 12"
    )
    assert hidden["fetch_error"][2] == f"404: no task {lost} in this account"


def test_the_rest_stays_and_the_frame_itself_is_untouched() -> None:
    before = FRAME.copy()
    hidden = anonymise(FRAME)
    pd.testing.assert_frame_equal(FRAME, before)
    assert hidden.dtypes.equals(FRAME.dtypes)
    kept = ["operation", "status", "file_size_bytes", "text_length", "file_count", "duration_s"]
    pd.testing.assert_frame_equal(hidden[kept], FRAME[kept])


def test_another_call_gives_other_pseudonyms() -> None:
    assert anonymise(FRAME)["task_id"][0] != anonymise(FRAME)["task_id"][0]


def test_frames_without_rows_and_without_columns() -> None:
    pd.testing.assert_frame_equal(anonymise(empty_frame()), empty_frame())
    with pytest.raises(ValueError, match=r"no flat frame, it lacks file_name"):
        anonymise(flatten([]).drop(columns="file_name"))
