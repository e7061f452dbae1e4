"""The contract as a judge of answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from scandoc_analytics.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC = Path(__file__).parent / "openapi.yaml"
URI = "urn:scan-documents"


class Contract:
    """openapi.yaml, its schemas as validators."""

    def __init__(self) -> None:
        self.spec: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
        registry = Registry[Any]().with_resource(URI, DRAFT202012.create_resource(self.spec))
        formats = FormatChecker()
        assert "date-time" in formats.checkers
        self._validators = {
            name: Draft202012Validator(
                {"$ref": f"{URI}#/components/schemas/{name}"},
                registry=registry,
                format_checker=formats,
            )
            for name in self.spec["components"]["schemas"]
        }

    def complaints(self, schema: str, value: Any) -> list[str]:
        errors = self._validators[schema].iter_errors(value)
        return [f"{error.json_path}: {error.message:.200}" for error in errors]

    def check(self, template: str, answer: requests.Response) -> Any:
        """Check status, content type and body against what the contract says of this path."""
        method = str(answer.request.method).lower()
        responses = self.spec["paths"][template][method]["responses"]
        said = responses.get(str(answer.status_code)) or responses[f"{answer.status_code // 100}XX"]
        if "$ref" in said:
            said = self.spec["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
        if "content" not in said:
            assert answer.content == b""
            return None
        kind = answer.headers["content-type"].split(";")[0]
        assert kind in said["content"], kind
        schema = said["content"][kind].get("schema")
        if schema is None:
            return answer.content
        assert self.complaints(schema["$ref"].rsplit("/", 1)[1], answer.json()) == []
        return answer.json()


class Caller:
    """Requests to one sandbox, each checked against the contract."""

    def __init__(self, sandbox: Sandbox, contract: Contract) -> None:
        self.sandbox = sandbox
        self.contract = contract
        self.session = requests.Session()
        self.session.headers["x-api-key"] = sandbox.api_key

    def __call__(
        self, method: str, template: str, *, path: str | None = None, **options: Any
    ) -> tuple[int, Any]:
        url = self.sandbox.base_url + (path or template)
        answer = self.session.request(method, url, timeout=30, **options)
        return answer.status_code, self.contract.check(template, answer)

    def walk(self, kind: str, take: int, *, check: bool = False) -> list[dict[str, Any]]:
        """Every item of a list, page by page: only `from` is taken from a link.

        Checking a page takes far longer than serving it: that is for one test to ask.
        """
        items: list[dict[str, Any]] = []
        query = {"take": str(take)}
        while True:
            url = f"{self.sandbox.base_url}/v1/{kind}"
            answer = self.session.get(url, params=query, timeout=30)
            page = self.contract.check(f"/v1/{kind}", answer) if check else answer.json()
            assert answer.status_code == 200
            items += page["data"]
            following = page["links"]["next"]
            if following is None:
                return items
            query = dict(part.split("=") for part in following.partition("?")[2].split("&"))


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture
def fresh() -> Iterator[Sandbox]:
    """A sandbox of its own whose new tasks end at once."""
    with Sandbox(tasks=60, seed=5, task_seconds=0) as running:
        yield running


@pytest.fixture
def call(fresh: Sandbox, contract: Contract) -> Iterator[Caller]:
    caller = Caller(fresh, contract)
    with caller.session:
        yield caller


@pytest.fixture
def call_shared(sandbox: Sandbox, contract: Contract) -> Iterator[Caller]:
    """The shared sandbox: only to read from."""
    caller = Caller(sandbox, contract)
    with caller.session:
        yield caller
