"""Kept answers: a head of fixed width, the body verbatim, keys that are safe whatever the id."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.service.answers import (
    decode,
    is_settled,
    page_key,
    read_kept,
    task_key,
    to_keep,
)

KEPT = b'{"fetched_at":1763931123123456,"crc32":"ebf7938f","body":{"id": "task_a"}}'


def test_a_kept_answer_is_json_with_the_body_verbatim() -> None:
    assert to_keep("t:task_a", b'{"id": "task_a"}', 1763931123123456) == KEPT
    assert json.loads(KEPT)["body"] == {"id": "task_a"}
    assert read_kept("t:task_a", KEPT) == (b'{"id": "task_a"}', 1763931123123456)


def test_an_answer_under_the_key_of_another_is_none() -> None:
    assert read_kept("t:task_b", KEPT) is None


@pytest.mark.parametrize(
    "kept", [None, 7, "text", b"", b"\0\xff", KEPT[:-1], KEPT + b" ", KEPT[1:]]
)
def test_what_is_no_kept_answer(kept: object) -> None:
    assert read_kept("t:task_a", kept) is None


@given(st.integers(0, len(KEPT) - 1), st.integers(1, 255))
def test_an_answer_with_a_damaged_byte_is_none(place: int, damage: int) -> None:
    kept = bytearray(KEPT)
    kept[place] ^= damage
    assert read_kept("t:task_a", bytes(kept)) is None


@pytest.mark.parametrize(
    ("status", "settled"),
    [("completed", True), ("failed", True), ("pending", False), ("paused", False), (None, False)],
)
def test_settled(status: str | None, *, settled: bool) -> None:
    assert is_settled(status) is settled


def test_a_status_that_is_no_text_is_unsettled() -> None:
    assert is_settled(["completed"]) is False


def test_keys() -> None:
    assert task_key("task_a-1") == "t:task_a-1"
    assert task_key("a' OR 1=1") == (
        "t!d63af804dd2d323ead0c1f80a8fdc44e8b2f2964dd664ae23674e0c654a817a1"
    )
    assert len(task_key("x" * 10_000)) == 66
    assert task_key("task_a\n") != task_key("task_a")
    assert page_key("tasks", None) == page_key("tasks", "")
    assert page_key("tasks", "a") != page_key("files", "a")


@given(st.text())
def test_every_id_has_a_plain_key(task_id: str) -> None:
    key = task_key(task_id)
    assert len(key) <= 66
    assert key.isascii()
    assert "'" not in key


def test_what_orjson_refuses_is_still_read() -> None:
    value = decode(b'{"size": NaN, "name": "\\ud800"}')
    assert math.isnan(value["size"])
    assert value["name"] == "\ud800"


def test_deep_json_is_read_and_endless_json_is_refused() -> None:
    assert decode(b"[" * 3 + b"]" * 3) == [[[]]]
    assert isinstance(decode(b"[" * 300 + b"]" * 300), list)
    with pytest.raises(ValueError, match="deeply"):
        decode(b"[" * 200_000)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": "a', b"\xff\xfe\x00"])
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the library's own
        decode(body)
