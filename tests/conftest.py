"""What every test has: the examples of the contract, and a real sandbox on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scandoc_analytics import Client, Sandbox

EXAMPLES = Path(__file__).parent / "contract" / "examples"


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's key, or writes into the developer's cache."""
    monkeypatch.delenv(KEY_ENV, raising=False)
    monkeypatch.delenv(URL_ENV, raising=False)
    monkeypatch.setenv(CACHE_DIR_ENV, str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def examples() -> dict[str, Any]:
    """Each payload of the contract by its name, decoded."""
    index = json.loads((EXAMPLES / "index.json").read_text(encoding="utf-8"))
    return {
        name: json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")) for name in index
    }


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A well-behaved account of 300 tasks, shared: tests that change it start their own."""
    from scandoc_analytics import Sandbox  # noqa: PLC0415 - the collection stays light

    with Sandbox(tasks=300, seed=1) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox, tmp_path: Path) -> Client:
    """A client of the shared sandbox with a cache of its own."""
    return sandbox.client(cache=tmp_path / "cache")
