"""Names of files, previews, sentences, turns, pauses, payloads from rows."""

from __future__ import annotations

import io
import resource
import threading
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scandoc_analytics import errors, flatten
from scandoc_analytics.card import Neighbour
from scandoc_analytics.client import Task
from scandoc_analytics.config import KEY_ENV
from scandoc_analytics.widgets.asking import frame_of
from scandoc_analytics.widgets.desk import Desk
from scandoc_analytics.widgets.preview import can_preview, image_html, thumbnail
from scandoc_analytics.widgets.rebuilding import neighbours, payload_of
from scandoc_analytics.widgets.saving import free_path, safe_name, write_new
from scandoc_analytics.widgets.sentences import sentence
from scandoc_analytics.widgets.watching import pauses

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from scandoc_analytics.sandbox import Sandbox

CHECK = "check the id, and that the key is the right account's."
PDF, PNG = "application/pdf", "image/png"


@pytest.mark.parametrize(
    ("name", "file_type", "expected"),
    [
        ("Invoice 7", PDF, "Invoice 7.pdf"),
        ("Invoice.PDF", PDF, "Invoice.pdf"),
        ("photo.png.exe", PNG, "photo.png.exe.png"),
        ("../../../etc/passwd", PNG, "etc_passwd.png"),
        ("..\\..\\boot.ini", None, "boot.ini.bin"),
        ("C:evil", "image/jpeg", "C_evil.jpg"),
        (".bashrc", "image/webp", "bashrc.webp"),
        ("a\x00b\nc\u202egnp", PNG, "abcgnp.png"),
        ("con", PNG, "_con.png"),
        ("lpt1.x", PNG, "_lpt1.x.png"),
        ("ホワイトボード", PNG, "ホワイトボード.png"),
        ("हिन्दी", PNG, "हिन्दी.png"),
        ("x" * 5_000, PNG, "x" * 60 + ".png"),
        ("$(rm -rf)", PNG, "(rm -rf).png"),
        ("", PNG, "file_a.png"),
        (None, "text/html", "file_a.bin"),
        ("...", PNG, "file_a.png"),
        ("/", PNG, "file_a.png"),
    ],
)
def test_names_from_outside_become_tame(name: str | None, file_type: str, expected: str) -> None:
    assert safe_name(name, file_type, fallback="file_a") == expected


def test_a_fallback_is_tamed_too() -> None:
    assert safe_name(None, PNG, fallback="../x") == "x.png"
    assert safe_name(None, PNG, fallback="///") == "file.png"


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_name_leads_out_of_the_folder(name: str, fallback: str) -> None:
    made = safe_name(name, PDF, fallback=fallback)
    assert made.endswith(".pdf")
    assert not made.startswith(".")
    assert not set(made) & set('/\\:*?"<>|\x00\n')
    assert len((made + " (999)").encode("utf-8", "surrogatepass")) <= 255


def test_no_file_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"precious")
    (tmp_path / "a.png").symlink_to(tmp_path / "target")
    (tmp_path / "a (2).png").symlink_to(tmp_path / "nowhere")
    written = write_new("a.png", b"new", tmp_path)
    assert written == tmp_path / "a (3).png"
    assert written.read_bytes() == b"new"
    assert (tmp_path / "target").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()
    assert free_path("a.png", tmp_path) == tmp_path / "a (2).png"


def test_a_name_with_a_folder_stays_in_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert write_new("../a.png", b"x", inside) == inside / "a.png"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_new("a.png", b"more than ten bytes", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    data = io.BytesIO()
    Image.new(mode, (width, height)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("size", "mode", "expected"),
    [
        ((4_000, 1_000), "RGB", (1_000, 250)),
        ((30, 20), "RGBA", (30, 20)),
        ((1, 3_000), "P", (1, 1_000)),
        ((50, 50), "I;16", (50, 50)),
    ],
)
def test_an_image_is_scaled_down(
    size: tuple[int, int], mode: str, expected: tuple[int, int]
) -> None:
    assert Image.open(io.BytesIO(thumbnail(png(*size, mode)))).size == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", png(9, 9)[:40], b"GIF89a" + b"\0" * 40, b"<svg/>", b"%PDF-1.4\nnonsense"],
)
def test_what_is_no_picture_says_so(content: bytes) -> None:
    with pytest.raises(errors.PayloadError, match="there is no preview of this file"):
        thumbnail(content)


def test_an_enormous_image_is_refused() -> None:
    with pytest.raises(errors.PayloadError, match="it has 8,000 × 8,000 pixels"):
        thumbnail(png(8_000, 8_000, "1"))


def test_each_kind_of_file_of_the_sandbox_has_a_preview(sandbox: Sandbox) -> None:
    client = sandbox.client(cache=False)
    files = client.list_tasks(progress=False).dropna(subset="file_id")
    small = files.sort_values("file_size_bytes").drop_duplicates("file_type")
    assert set(small["file_type"]) == {PDF, PNG, "image/jpeg", "image/webp"}
    for file_id in small["file_id"]:
        picture = Image.open(io.BytesIO(thumbnail(client.download(file_id))))
        assert 100 < max(picture.size) <= 1_000
        # Not blank: there is something to see.
        darkest, lightest = picture.convert("L").getextrema()
        assert darkest != lightest


def test_which_types_have_a_preview() -> None:
    assert [can_preview(kind) for kind in (PDF, PNG, "image/svg+xml", None)] == [
        True,
        True,
        False,
        False,
    ]


def test_a_picture_has_words_too() -> None:
    assert image_html(b"\x01", what='"><script>').startswith(
        '<img alt="&quot;&gt;&lt;script&gt;" src="data:image/png;base64,AQ=="'
    )


def failed(*reasons: errors.ScandocError) -> errors.FetchError:
    failures = {f"task_{number}": reason for number, reason in enumerate(reasons)}
    return errors.FetchError("all failed", frame=flatten([]), failures=failures)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            errors.AuthenticationError("x"),
            f"The service does not accept the API key: check {KEY_ENV}, then make a new client.",
        ),
        (
            errors.SubscriptionError("x"),
            "The account has no active subscription: see to it in the dashboard, then try again.",
        ),
        (errors.ServiceError("x"), "The service has a problem of its own: try again in a minute."),
        (
            errors.NetworkError("x"),
            "The service cannot be reached: check the network and the address, then try again.",
        ),
        (
            errors.NotFoundError("x"),
            f"The account has no such task or file: {CHECK}",
        ),
        (
            errors.RateLimitError("x", retry_after_s=90),
            "The service asks for fewer requests: try again in 1.5 min.",
        ),
        (
            errors.RateLimitError("x"),
            "The service asks for fewer requests: try again in a minute.",
        ),
        (errors.CacheError("offline"), "The cache does not have it: offline."),
        (errors.PayloadError("the answer\nis odd"), "The answer is odd."),
        (ValueError(""), "That did not work: try again."),
        (
            failed(errors.NotFoundError("a"), errors.NotFoundError("b")),
            f"The account has no such tasks: {CHECK}",
        ),
        (
            failed(errors.NotFoundError("a"), errors.ServiceError("b")),
            "None of the 2 tasks could be fetched, for several reasons.",
        ),
    ],
)
def test_an_error_is_one_plain_sentence(error: Exception, said: str) -> None:
    assert sentence(error) == said


def test_a_newer_piece_of_work_silences_the_one_before() -> None:
    busy: list[bool] = []
    desk = Desk(busy.append)
    go_on, shown = threading.Event(), []

    def slow(turn: Any) -> None:
        go_on.wait(10)
        assert turn.stop.is_set()
        assert not turn.show(lambda: shown.append("old"))

    first = desk.start(slow)
    second = desk.start(lambda turn: turn.show(lambda: shown.append("new")))
    second.join(10)
    go_on.set()
    first.join(10)
    assert shown == ["new"]
    assert busy == [True, True, False]


def test_cancelled_work_says_nothing() -> None:
    busy: list[bool] = []
    desk = Desk(busy.append)
    done = threading.Event()

    def work(turn: Any) -> None:
        turn.stop.wait(10)
        done.set()

    thread = desk.start(work)
    assert desk.cancel()
    assert busy == [True, False]
    assert not desk.cancel()
    thread.join(10)
    assert done.is_set()
    assert busy == [True, False]


def test_pauses_grow_to_half_a_minute() -> None:
    found = list(islice(pauses(), 12))
    assert found[:3] == [1.0, 1.5, 2.25]
    assert found[-2:] == [30.0, 30.0]


def test_a_payload_survives_the_frame(examples: dict[str, Any]) -> None:
    """The card of a rebuilt payload says what that of the payload says."""
    from scandoc_analytics.card.facts import read_facts  # noqa: PLC0415 - only here

    for name, task in examples.items():
        if not name.startswith("task-"):
            continue
        rebuilt = read_facts(payload_of(frame_of(Task(task))))
        original = read_facts(task)
        assert (name, rebuilt.files, rebuilt.error, rebuilt.text, rebuilt.found) == (
            name,
            original.files,
            original.error,
            original.text,
            original.found,
        )
        assert (rebuilt.task_id, rebuilt.status, rebuilt.operation, rebuilt.times) == (
            original.task_id,
            original.status,
            original.operation,
            original.times,
        )
        assert sorted(rebuilt.parameters) == sorted(original.parameters)
        assert sorted(rebuilt.others) == sorted(original.others)


def test_what_came_before_and_after(small: pd.DataFrame) -> None:
    def around(task_id: str) -> tuple[list[Neighbour], list[Neighbour]]:
        return neighbours(small, small[small["task_id"] == task_id])

    assert around("task_b") == (
        [Neighbour("task_a", "scan", "completed")],
        [Neighbour("task_c", "scan", "failed"), Neighbour("task_d", "redact", "pending")],
    )
    assert around("task_a") == ([], [Neighbour("task_b", "split", "completed")])
    assert around("task_f") == ([], [])
