"""Ids out of pasted text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.widgets.pasted import find_task_ids

A, B = "task_euyrvozb9302uwhq", "task_fxasjo0mgsbnfj1c"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}",
        f"{A}, {B}",
        f"  {A}\t{B}\r\n\r\n{A}",
        f"'{A}' \"{B}\"",
        f"„{A}“ «{B}»",
        f"[{A};{B}]",
        f"['{A}', '{B}']",
        f"\ufeff{A}\u200b {B}\u202c",
        f"failed: {A}. And {B}!",
        f"2026-11-01 12:00 ERROR task={A} took 3 s\nid:{B}",
        f"https://api.scan-documents.com/v1/tasks/{A}?take=1 <https://x.example/tasks/{B}/>",
        json.dumps([A, B]),
        json.dumps([{"id": A, "result": {"generated_files": [{"id": "file_x"}]}}, {"id": B}]),
        json.dumps({"data": [{"id": A}, {"id": B}], "links": {"next": None}}),
        json.dumps({"tasks": [{"task_id": A}, {"task_id": B}]}, indent=2),
        json.dumps({"task": [{"id": A, "parameters": {"input": "task_zzzz"}}, {"id": B}]}),
    ],
)
def test_both_ids_are_found_in_order(text: str) -> None:
    assert find_task_ids(text) == [A, B]


@pytest.mark.parametrize("text", ["", "  \n ", "''", "{}", "[]", '{"id": 5}', '{"id": " "}', "[1]"])
def test_where_there_is_no_id_there_is_none(text: str) -> None:
    assert find_task_ids(text) == []


def test_an_address_without_a_task_is_no_id() -> None:
    assert find_task_ids("https://api.scan-documents.com/v1/files/file_a") == []


def test_ids_of_another_shape_are_taken_as_they_are() -> None:
    assert find_task_ids("4711 0815/x") == ["4711", "0815/x"]


def test_broken_json_is_read_as_words() -> None:
    assert find_task_ids(f'{{"id": "{A}", "oper') == [A]


def test_an_escaped_address_is_unescaped() -> None:
    assert find_task_ids("https://x.example/v1/tasks/a%20b") == ["a b"]


def test_deep_nesting_is_no_error() -> None:
    assert find_task_ids("[" * 100_000) == []


@given(st.text())
def test_any_text_gives_ids_that_can_be_asked_for(text: str) -> None:
    found = find_task_ids(text)
    assert len(set(found)) == len(found)
    assert all(task_id.strip() for task_id in found)
