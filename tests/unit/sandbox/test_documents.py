from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scandoc_analytics.sandbox.documents import content, identify
from scandoc_analytics.sandbox.pdf import count_pages, write_pdf
from scandoc_analytics.sandbox.records import File
from scandoc_analytics.sandbox.sizes import smallest


def file(kind: str, **properties: int) -> File:
    return File("file_abc", "receipt (1)\\ é 領収書", kind, properties, None, 0)


def encoded(kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
@pytest.mark.parametrize("extra", [0, 1, 3, 4, 7, 8, 11, 12, 13, 70_000, 200_001])
def test_an_image_has_the_stated_pixels_and_bytes(kind: str, extra: int) -> None:
    size = smallest(kind, pixels=310 * 438) + extra
    made = content(file(kind, size=size, width=310, height=438))
    assert len(made) == size
    with Image.open(io.BytesIO(made)) as image:
        image.load()
        assert (image.size, Image.MIME[image.format or ""]) == ((310, 438), kind)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
@pytest.mark.parametrize(("width", "height"), [(3024, 4032), (1, 1), (1, 900), (2480, 3508)])
def test_the_smallest_size_is_enough(kind: str, width: int, height: int) -> None:
    size = smallest(kind, pixels=width * height)
    assert len(content(file(kind, size=size, width=width, height=height))) == size


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
@pytest.mark.parametrize("gap", range(17))
def test_the_narrowest_gap_is_filled(kind: str, gap: int) -> None:
    least = len(content(file(kind, size=0, width=40, height=30)))
    made = content(file(kind, size=least + gap, width=40, height=30))
    assert len(made) == least + gap
    with Image.open(io.BytesIO(made)) as image:
        image.load()
        assert image.size == (40, 30)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_an_image_shows_ink_on_paper(kind: str) -> None:
    made = content(file(kind, size=200_000, width=620, height=877))
    with Image.open(io.BytesIO(made)) as image:
        shades = image.convert("L").histogram()
    ink, paper = sum(shades[:128]), sum(shades[230:])
    assert 0.1 < ink / (620 * 877) < 0.5
    assert paper / (620 * 877) > 0.5


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_an_image_that_cannot_be_so_small_is_still_an_image(kind: str) -> None:
    made = content(file(kind, size=3, width=40, height=30))
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (40, 30)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("image/avif", {"size": 18_220, "width": 794, "height": 1123}),
        ("image/png", {"size": 50, "width": 0, "height": 10}),
        ("image/webp", {"size": 50, "width": 20_000, "height": 10}),
        ("image/png", {"size": 50, "width": 60_000, "height": 60_000}),
    ],
)
def test_what_cannot_be_drawn_is_zeros(kind: str, properties: dict[str, int]) -> None:
    assert content(file(kind, **properties)) == bytes(properties["size"])


@given(st.integers(1, 120), st.integers(0, 30_000))
def test_a_pdf_has_the_stated_pages_and_bytes(pages: int, extra: int) -> None:
    size = smallest("application/pdf", pages=pages) + extra
    made = content(file("application/pdf", size=size, page_count=pages))
    assert (len(made), count_pages(made)) == (size, pages)
    table = int(made.rpartition(b"startxref\n")[2].split(b"\n")[0])
    assert made[table:].startswith(b"xref\n0 %d\n" % (pages + 5))
    for number, line in enumerate(made[table:].split(b"\n")[3 : pages + 7], 1):
        assert made[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def test_a_pdf_that_cannot_be_so_small_is_still_a_pdf() -> None:
    assert count_pages(write_pdf("t", 3, 10)) == 3


def test_the_title_of_a_pdf_is_escaped() -> None:
    assert b"(receipt \\(1\\)\\\\ \xe9) Tj" in write_pdf("receipt (1)\\ é 領収書", 1, 0)
    assert b"(Document) Tj" in write_pdf("領収書", 1, 0)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (encoded("PNG"), ("image/png", {"width": 30, "height": 20})),
        (encoded("JPEG"), ("image/jpeg", {"width": 30, "height": 20})),
        (encoded("WEBP", lossless=True), ("image/webp", {"width": 30, "height": 20})),
        (write_pdf("t", 3, 0), ("application/pdf", {"page_count": 3})),
    ],
)
def test_uploads_are_told_apart(data: bytes, found: tuple[str, dict[str, int]]) -> None:
    assert identify(data) == (found[0], {"size": len(data), **found[1]})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\nno page",
        encoded("GIF"),
        encoded("PNG")[:60],
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\xff\xd8\xff",
    ],
)
def test_what_is_none_of_the_four_types(data: bytes) -> None:
    assert identify(data) is None


@given(st.binary(max_size=60))
def test_any_bytes_are_looked_at_without_harm(data: bytes) -> None:
    assert identify(data) is None
    assert identify(b"\x89PNG\r\n\x1a\n" + data) is None
    assert identify(b"%PDF-1.4\nstream\n" + data + b"endstream") is None


def test_an_image_of_too_many_pixels_is_refused() -> None:
    header = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d") + b"IHDR"
    body = (60_000).to_bytes(4, "big") * 2 + bytes.fromhex("0800000000")
    assert identify(header + body + zlib.crc32(b"IHDR" + body).to_bytes(4, "big")) is None


def test_pages_in_compressed_streams_are_counted() -> None:
    inside = zlib.compress(b"<</Type/Page>> <</Type /Pages>> <</Type /Page\n>>")
    data = b"%%PDF-1.5\n1 0 obj<<>>stream\r\n%b\nendstream\nstream\nnot zlib endstream" % inside
    assert count_pages(data) == 2
