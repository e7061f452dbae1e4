"""The examples agree with the contract, and the sandbox serves them as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.conftest import Caller, Contract

EXAMPLES = Path(__file__).parent / "examples"
INDEX: dict[str, dict[str, str]] = json.loads((EXAMPLES / "index.json").read_text("utf-8"))
LOADABLE = {"Task": "tasks", "File": "files", "Event": "events"}


def test_every_example_is_in_the_index() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} - {"index"} == set(INDEX)


@pytest.mark.parametrize("name", sorted(INDEX))
def test_an_example_agrees_with_its_schema(
    name: str, examples: dict[str, Any], contract: Contract
) -> None:
    assert contract.complaints(INDEX[name]["schema"], examples[name]) == []


@pytest.fixture(scope="module")
def empty() -> Iterator[Sandbox]:
    with Sandbox(tasks=0) as running:
        yield running


@pytest.mark.parametrize("name", sorted(n for n in INDEX if INDEX[n]["schema"] in LOADABLE))
def test_an_example_is_served_unchanged(
    name: str, examples: dict[str, Any], empty: Sandbox, contract: Contract
) -> None:
    from tests.contract.conftest import Caller  # noqa: PLC0415 - a plain class of the conftest

    payload, kind = examples[name], LOADABLE[INDEX[name]["schema"]]
    empty.load([payload])
    caller = Caller(empty, contract)
    with caller.session:
        if kind != "events":
            template = f"/v1/{kind}/{{id}}"
            assert caller("GET", template, path=f"/v1/{kind}/{payload['id']}") == (200, payload)
        assert payload in caller.walk(kind, 100)


@pytest.mark.parametrize("kind", ["tasks", "files", "events"])
def test_the_pages_of_the_examples_load_into_one_list(
    kind: str, examples: dict[str, Any], call: Caller
) -> None:
    pages = [examples[f"list-{kind}-{which}"] for which in ("first", "middle", "last")]
    payloads = {one["id"]: one for page in pages for one in page["data"]}
    before = len(call.walk(kind, 100))
    call.sandbox.load(payloads.values())
    served = {one["id"]: one for one in call.walk(kind, 7)}
    assert len(served) == before + len(payloads)
    assert {item_id: served[item_id] for item_id in payloads} == payloads
