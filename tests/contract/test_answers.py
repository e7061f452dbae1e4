"""Every answer of the sandbox agrees with the contract: all paths, all kinds of error."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import requests
from PIL import Image

from scandoc_analytics.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.contract.conftest import Caller, Contract


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(buffer, "PNG")
    return buffer.getvalue()


PDF_OF_TWO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n4 0 obj<</Type /Page /Parent 2 0 R>>endobj\n"
)
SQUARE = [{"x": 10, "y": 10}, {"x": 250, "y": 12}, {"x": 248, "y": 190}, {"x": 12.5, "y": 188}]
#: Each operation: its group, a body that is in order (without the input), the kind of input.
BODIES: dict[str, tuple[str, dict[str, Any], str]] = {
    "apply-effect": ("image", {"effect": "grayscale", "name": "ねずみ色"}, "png"),
    "convert": ("image", {"target_format": "image/webp", "quality": 80}, "png"),
    "detect-documents": ("image", {"callback_url": "https://example.com/done"}, "png"),
    "extract-text": ("image", {"format": "json", "schema": {"type": "object"}}, "png"),
    "scan": ("image", {"effect": "scanner", "scan_mode": "standard"}, "png"),
    "warp": ("image", {"vertices": SQUARE}, "png"),
    "extract-pages": ("pdf", {"pages": "2"}, "pdf"),
    "merge": ("pdf", {"name": "both"}, "both"),
    "render": ("pdf", {"dpi": 72}, "pdf"),
    "split": ("pdf", {}, "pdf"),
}


def _upload(call: Caller, name: str, content: bytes) -> dict[str, Any]:
    files = {"file": ("any.bin", content)}
    status, file = call("POST", "/v1/files", data={"name": name}, files=files)
    assert status == 201
    assert isinstance(file, dict)
    return file


@pytest.mark.parametrize("kind", ["tasks", "files", "events"])
def test_every_page_of_a_made_up_month(kind: str, call: Caller) -> None:
    items = call.walk(kind, 40, check=True)
    assert len({one["id"] for one in items}) == len(items) > 59


@pytest.mark.parametrize("kind", ["tasks", "files"])
def test_an_item_is_the_same_alone_and_in_its_list(kind: str, call: Caller) -> None:
    for one in call.walk(kind, 100)[::4]:
        assert call("GET", f"/v1/{kind}/{{id}}", path=f"/v1/{kind}/{one['id']}") == (200, one)


@pytest.mark.parametrize("operation", sorted(BODIES))
def test_an_operation_from_upload_to_result(operation: str, call: Caller) -> None:
    group, body, kind = BODIES[operation]
    png, pdf = _upload(call, "sheet", _png()), _upload(call, "pages", PDF_OF_TWO_PAGES)
    given = {"png": png["id"], "pdf": pdf["id"], "both": [pdf["id"], png["id"], pdf["id"]]}[kind]
    path = f"/v1/{group}-operations/{operation}"
    status, task = call("POST", path, json={"input": given, **body})
    assert (status, task["status"], task["operation"]) == (201, "pending", operation)
    assert task["parameters"] == {"input": given, **body}
    settled = call("GET", "/v1/tasks/{id}", path=f"/v1/tasks/{task['id']}")[1]
    assert settled["status"] in {"completed", "failed"}
    told = [
        event
        for event in call.walk("events", 100)
        if event["data"]["id"] == task["id"] or event["data"].get("task_id") == task["id"]
    ]
    kinds = sorted(event["type"] for event in told)
    made = settled["result"].get("generated_files", [])
    assert kinds == sorted(
        ["task.created", f"task.{settled['status']}", *["file.created"] * len(made)]
    )
    for file in made:
        assert call("GET", "/v1/files/{id}", path=f"/v1/files/{file['id']}") == (200, file)


def test_an_uploaded_file_comes_back_and_goes(call: Caller) -> None:
    file = _upload(call, "Ticket №9", _png())
    assert file["properties"] == {"size": len(_png()), "width": 300, "height": 200}
    assert (file["name"], file["type"], file["task_id"]) == ("Ticket №9", "image/png", None)
    path = f"/v1/files/{file['id']}"
    assert call("GET", "/v1/files/{id}/download", path=f"{path}/download") == (200, _png())
    assert call("DELETE", "/v1/files/{id}", path=path) == (204, None)
    for method in ("GET", "DELETE"):
        assert call(method, "/v1/files/{id}", path=path)[0] == 404
    assert call("GET", "/v1/files/{id}/download", path=f"{path}/download")[0] == 404
    event = call("GET", "/v1/events", params={"take": 1})[1]["data"][0]
    assert event["type"] == "file.deleted"
    assert event["data"] == {"id": file["id"], "name": "Ticket №9", "type": "image/png"}
    status, problem = call("POST", "/v1/pdf-operations/merge", json={"input": [file["id"]]})
    assert (status, problem["message"]) == (404, f"File with id {file['id']} not found.")


@pytest.mark.parametrize(
    ("example", "path"),
    [
        ("error-404-not-found-task", "/v1/tasks/task_qlx1sxm42qaz1h2l"),
        ("error-404-not-found-file", "/v1/files/file_5lp723czk5bii1r2"),
    ],
)
def test_an_unknown_id(
    example: str, path: str, examples: dict[str, Any], call_shared: Caller
) -> None:
    status, body = call_shared("GET", path.rsplit("/", 1)[0] + "/{id}", path=path)
    expected = examples[example]
    # One sample has the older prefix of the address.
    prefix = "https://scan-documents.com/docs/"
    assert status == 404
    assert body == expected | {"type": expected["type"].replace(f"{prefix}api/", prefix)}


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/files", "/v1/events"])
@pytest.mark.parametrize("key", ["", "wrong", "Ключ"])
def test_a_wrong_key(path: str, key: str, examples: dict[str, Any], call_shared: Caller) -> None:
    headers = {"x-api-key": key.encode()}
    assert call_shared("GET", path, headers=headers) == (401, examples["error-401-unauthorized"])


def test_no_subscription(examples: dict[str, Any], call: Caller) -> None:
    call.sandbox.subscribed = False
    expected = (409, examples["error-409-no-subscription"])
    assert call("POST", "/v1/pdf-operations/split", json={"input": "x"}) == expected
    answer = call.session.get(f"{call.sandbox.base_url}/v1/tasks")
    assert (answer.status_code, answer.json()) == expected


@pytest.mark.parametrize(
    ("fault", "example"),
    [
        ("server_error", "error-500-internal"),
        ("rate_limited", "error-429-rate-limit"),
        ("rate_limited_with_wait", "error-429-rate-limit"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/files", "/v1/events"])
def test_errors_on_request(
    fault: str,
    example: str,
    path: str,
    examples: dict[str, Any],
    contract: Contract,
) -> None:
    with Sandbox(tasks=3, faults={fault: 1.0}) as sandbox:
        answer = requests.get(sandbox.base_url + path, timeout=10)
    contract.check(path, answer)
    assert (answer.status_code, answer.json()) == (examples[example]["status"], examples[example])


def _body(operation: str, **changes: Any) -> dict[str, Any]:
    group, body, _ = BODIES[operation]
    assert group in {"image", "pdf"}
    whole = {"input": "file_x", **body, **changes}
    return {name: value for name, value in whole.items() if value is not ...}


INVALID: list[tuple[str, dict[str, Any], dict[str, list[str]]]] = [
    ("split", {"input": ...}, {"input": ["input is required."]}),
    ("split", {"input": 3}, {"input": ["input must be a string."]}),
    ("split", {"input": ""}, {"input": ["input should not be empty."]}),
    ("split", {"name": ""}, {"name": ["name should not be empty."]}),
    ("split", {"name": "n" * 51}, {"name": ["name must not be longer than 50 characters."]}),
    ("split", {"callback_url": "x"}, {"callback_url": ["callback_url must be a URL address."]}),
    ("split", {"callback_url": 5}, {"callback_url": ["callback_url must be a URL address."]}),
    (
        "split",
        {"callback_url": "https://["},
        {"callback_url": ["callback_url must be a URL address."]},
    ),
    ("merge", {"input": "file_x"}, {"input": ["input must be an array."]}),
    ("merge", {"input": []}, {"input": ["input must have at least 1 item."]}),
    ("merge", {"input": ["a", 1]}, {"input[1]": ["input[1] must be a string."]}),
    ("render", {"dpi": 71}, {"dpi": ["dpi must not be less than 72."]}),
    ("render", {"dpi": 601}, {"dpi": ["dpi must not be greater than 600."]}),
    ("render", {"dpi": 96.5}, {"dpi": ["dpi must be an integer."]}),
    ("render", {"dpi": True}, {"dpi": ["dpi must be an integer."]}),
    ("extract-pages", {"pages": ...}, {"pages": ["pages is required."]}),
    ("convert", {"quality": ...}, {"quality": ["quality is required for image/webp."]}),
    ("convert", {"quality": 0}, {"quality": ["quality must not be less than 1."]}),
    ("convert", {"quality": "80"}, {"quality": ["quality must be a number."]}),
    (
        "convert",
        {"target_format": "application/pdf"},
        {"target_format": ["target_format must be one of: image/png, image/jpeg, image/webp."]},
    ),
    (
        "apply-effect",
        {"effect": "none"},
        {"effect": ["effect must be one of: grayscale, scanner, black-background."]},
    ),
    ("scan", {"scan_mode": ...}, {"scan_mode": ["scan_mode is required."]}),
    ("scan", {"scan_mode": ["none"]}, {"scan_mode": ["scan_mode must be one of: none, standard."]}),
    ("extract-text", {"schema": ...}, {"schema": ["schema is required for format json."]}),
    ("extract-text", {"schema": []}, {"schema": ["schema must be an object."]}),
    ("detect-documents", {"input": None}, {"input": ["input must be a string."]}),
    ("warp", {"vertices": "all"}, {"vertices": ["vertices must be an array."]}),
]


@pytest.mark.parametrize(("operation", "changes", "errors"), INVALID)
def test_a_body_out_of_order(
    operation: str, changes: dict[str, Any], errors: dict[str, list[str]], call_shared: Caller
) -> None:
    path = f"/v1/{BODIES[operation][0]}-operations/{operation}"
    status, problem = call_shared("POST", path, json=_body(operation, **changes))
    assert (status, problem["errors"]) == (422, errors)


@pytest.mark.parametrize(
    ("operation", "body", "parameters"),
    [
        ("render", {"callback_url": None}, {"dpi": 300, "callback_url": None}),
        (
            "convert",
            {"target_format": "image/png", "quality": 5, "lossless": True},
            {"target_format": "image/png"},
        ),
    ],
)
def test_parameters_as_they_are_kept(
    operation: str, body: dict[str, Any], parameters: dict[str, Any], call: Caller
) -> None:
    """Defaults are filled in, and members that the operation has no use for are dropped."""
    file = _upload(call, "sheet", _png())
    path = f"/v1/{BODIES[operation][0]}-operations/{operation}"
    task = call("POST", path, json={"input": file["id"], **body})[1]
    kept = dict(task["parameters"])
    assert kept == {"input": file["id"], **parameters}
    assert task.get("callback_url", ...) == kept.get("callback_url", ...)


def test_vertices_out_of_order(examples: dict[str, Any], call_shared: Caller) -> None:
    body = {"input": "file_x", "vertices": [*SQUARE[:2], {"y": 3}]}
    answer = call_shared("POST", "/v1/image-operations/warp", json=body)
    assert answer == (422, examples["error-422-validation-vertices"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Malformed JSON body."),
        (b"{", "Malformed JSON body."),
        (b"[1]", "Body must be a JSON object."),
    ],
)
def test_a_body_that_is_no_object(body: bytes, message: str, call_shared: Caller) -> None:
    for operation, (group, _, _) in BODIES.items():
        status, problem = call_shared("POST", f"/v1/{group}-operations/{operation}", data=body)
        assert (status, problem["message"]) == (422, message)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"take": "0"}, {"take": ["take must not be less than 1."]}),
        ({"take": "101"}, {"take": ["take must not be greater than 100."]}),
        ({"take": "2.5"}, {"take": ["take must be an integer."]}),
        ({"take": "٣"}, {"take": ["take must be an integer."]}),
        ({"take": "9" * 5000}, {"take": ["take must be an integer."]}),
        ({"take": "", "from": ""}, {"take": ["take must be an integer."], "from": [...]}),
        ({"from": "task_0"}, {"from": [...]}),
    ],
)
@pytest.mark.parametrize("kind", ["tasks", "files", "events"])
def test_a_page_out_of_order(
    kind: str, query: dict[str, str], errors: dict[str, list[Any]], call_shared: Caller
) -> None:
    expected = dict(errors)
    if "from" in expected:
        expected["from"] = [f"from does not contain a valid {kind[:-1]} id."]
    status, problem = call_shared("GET", f"/v1/{kind}", params=query)
    assert (status, problem["errors"]) == (422, expected)


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"data": {"name": "n"}}, {"file": ["file is required."]}),
        ({"files": {"file": b"%PDF-"}}, {"name": ["name is required."], "file": [...]}),
        ({"data": {"name": ""}, "files": {"file": b"GIF89a"}}, {"name": [...], "file": [...]}),
        ({"data": {"name": "n"}, "files": {"file": b"\x89PNG\r\n\x1a\n"}}, {"file": [...]}),
        (
            {"data": {"name": "n"}, "files": {"file": bytes(10 * 2**20 + 1)}},
            {"file": ["file must not be larger than 10 MB."]},
        ),
        (
            {"data": {"name": "n"}, "files": {"file": bytes(12 * 2**20)}},
            {"file": ["file must not be larger than 10 MB."]},
        ),
    ],
)
def test_an_upload_out_of_order(
    form: dict[str, Any], errors: dict[str, list[Any]], call_shared: Caller
) -> None:
    texts = {
        "file": ["file must be a PNG, JPEG, WebP or PDF."],
        "name": ["name should not be empty."],
    }
    expected = {name: texts[name] if found == [...] else found for name, found in errors.items()}
    status, problem = call_shared("POST", "/v1/files", **form)
    assert (status, problem["errors"]) == (422, expected)


def test_an_upload_that_cannot_be_read(call_shared: Caller) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    status, problem = call_shared("POST", "/v1/files", data=b"--y\r\nno form", headers=headers)
    assert (status, problem["message"]) == (422, "Malformed multipart body.")
