"""PDF files of so many pages and so many bytes, and how many pages a PDF has."""

from __future__ import annotations

import re
import zlib
from typing import Final

from scandoc_analytics.sandbox.sizes import PAGE_INCHES

__all__ = ["count_pages", "write_pdf"]

_POINTS_PER_INCH: Final = 72
_LINES: Final = 30
_PAGE: Final = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MOST_INFLATED: Final = 64 * 2**20


def write_pdf(title: str, pages: int, size: int) -> bytes:
    """Write a PDF of `pages` pages of grey lines under a title, padded with comments to `size`.

    Where `size` is too small for so many pages, the file is as small as it can be.

    Examples
    --------
    >>> made = write_pdf("Minutes", 3, 5000)
    >>> len(made), count_pages(made)
    (5000, 3)
    """
    width, height = (round(inches * _POINTS_PER_INCH) for inches in PAGE_INCHES)
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    drawing = _drawing(title, width, height)
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 {width} {height}]>>".encode(),
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *[_PAGE_BODY] * pages,
    ]
    return _assemble(bodies, max(0, size - len(_assemble(bodies, 0))))


_PAGE_BODY: Final = b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>>>"


def _drawing(title: str, width: int, height: int) -> bytes:
    # Helvetica has the letters of western Europe; what it lacks is left out.
    shown = title[:60].encode("cp1252", "ignore").strip() or b"Document"
    escaped = re.sub(rb"([\\()])", rb"\\\1", shown).replace(b"\r", b" ").replace(b"\n", b" ")
    lines = [b"BT /F 22 Tf 56 %d Td (%b) Tj ET 0.6 g" % (height - 80, escaped)]
    for line in range(_LINES):
        length = (width - 112) * (100 if line % 7 else 60) // 100
        lines.append(b"56 %d %d 6 re f" % (height - 120 - 20 * line, length))
    return b"\n".join(lines)


def _assemble(bodies: list[bytes], padding: int) -> bytes:
    """Join objects, padding (a comment of so many bytes) and the table of where each begins."""
    parts = [b"%PDF-1.4\n"]
    offsets: list[int] = []
    at = len(parts[0])
    for number, body in enumerate(bodies, 1):
        offsets.append(at)
        parts.append(b"%d 0 obj%b\nendobj\n" % (number, body))
        at += len(parts[-1])
    if padding > 0:
        parts.append(_comment(padding))
        at += padding
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, entries))
    # Zeros in front keep the length the same, wherever the table lies.
    parts.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%010d\n%%%%EOF\n" % (count, at))
    return b"".join(parts)


def _comment(length: int) -> bytes:
    """Give comment lines that are skipped by every reader, `length` bytes in all."""
    line = b"%" + b"." * 78 + b"\n"
    whole, rest = divmod(length, len(line))
    last = b"" if rest == 0 else (b"%" + b"." * rest)[: rest - 1] + b"\n"
    return line * whole + last


def count_pages(content: bytes) -> int | None:
    """Count the pages of a PDF; None where it has none, or is no PDF.

    Pages are counted in the open and inside compressed streams, where newer writers put them.
    """
    if not content.startswith(b"%PDF-"):
        return None
    found = len(_PAGE.findall(content))
    left = _MOST_INFLATED
    for stream in _STREAM.finditer(content):
        inflated = _inflate(stream.group(1), left)
        left -= len(inflated)
        found += len(_PAGE.findall(inflated))
    return found or None


def _inflate(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most) if most > 0 else b""
    except zlib.error:
        return b""
