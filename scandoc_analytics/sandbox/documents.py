"""The bytes behind a file: drawn when they are asked for, as large as its properties say."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from scandoc_analytics.sandbox.pdf import count_pages, write_pdf
from scandoc_analytics.sandbox.records import IMAGE_TYPES, PDF

if TYPE_CHECKING:
    from scandoc_analytics.sandbox.records import File

__all__ = ["READABLE", "content", "identify"]

READABLE: Final = IMAGE_TYPES | {PDF}
_FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_TYPES: Final = {name: kind for kind, name in _FORMATS.items()}
#: Larger than anything the service makes; what claims more was loaded, and gets no drawing.
_MOST_PIXELS: Final = 80_000_000
_MOST_BYTES: Final = 256 * 2**20
_MOST_SIDE: Final = {"image/png": 65_535, "image/jpeg": 65_535, "image/webp": 16_383}
_JPEG_SEGMENT: Final = 65_535
#: The grey of paper.
_PAPER: Final = 248


def content(one: File) -> bytes:
    """Draw a file: an image of the stated pixels or a PDF of the stated pages, padded to its size.

    A file that was loaded with properties that cannot be (a size too small, a billion pixels) gets
    what comes nearest; one of a type not known here gets zeros.
    """
    size = min(one.properties.get("size", 0), _MOST_BYTES)
    if one.type == PDF:
        return write_pdf(one.name, one.pages, size)
    width, height = one.properties.get("width", 0), one.properties.get("height", 0)
    if one.type not in IMAGE_TYPES or not _drawable(one.type, width, height):
        return bytes(size)
    drawn, blank = _draw(one.id, width, height), Image.new("L", (width, height), _PAPER)
    made = b""
    # Where even the poorest drawing is too large, the sheet stays empty.
    for image, quality in ((drawn, 75), (drawn, 30), (drawn, 5), (blank, 5)):
        made = _encode(image, one.type, quality)
        if len(made) <= size:
            return _PAD[one.type](made, size - len(made))
    return made


def identify(data: bytes) -> tuple[str, dict[str, int]] | None:
    """Give type and properties of an uploaded file; None for what is not one of the four types."""
    if (pages := count_pages(data)) is not None:
        return PDF, {"size": len(data), "page_count": pages}
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=list(_TYPES)) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image.load()
            width, height = image.size
            kind = _TYPES[image.format or ""]
    except (OSError, SyntaxError, ValueError, *_BOMBS):
        return None
    return kind, {"size": len(data), "width": width, "height": height}


_BOMBS: Final = (Image.DecompressionBombWarning, Image.DecompressionBombError)


def _drawable(kind: str, width: int, height: int) -> bool:
    sides = min(width, height) >= 1 and max(width, height) <= _MOST_SIDE[kind]
    return sides and width * height <= _MOST_PIXELS


def _draw(seed: str, width: int, height: int) -> Image.Image:
    """Draw a sheet: paper, a heading, lines of grey words."""
    rng = random.Random(seed)  # noqa: S311 - a picture, the same for the same file
    sheet = Image.new("L", (width, height), _PAPER)
    pen = ImageDraw.Draw(sheet)
    margin, line = width / 12, max(2.0, height / 42)
    pen.rectangle((margin, margin, margin + width * rng.uniform(0.3, 0.6), margin + line), fill=40)
    top = margin + 3 * line
    while top < height - margin:
        left, right = margin, width - margin * rng.choice((1, 1, 1, 3, 6))
        while left < right and rng.random() > 0.02:  # noqa: PLR2004 - a line that ends early
            word = min(width * rng.uniform(0.02, 0.11), right - left)
            pen.rectangle((left, top, left + word, top + line * 0.45), fill=90)
            left += word + width / 70
        top += line
    return sheet


def _encode(image: Image.Image, kind: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    options = {
        "image/png": {"compress_level": 6},
        "image/jpeg": {"quality": quality, "optimize": True},
        "image/webp": {"quality": quality, "method": 0},
    }[kind]
    image.save(buffer, _FORMATS[kind], **options)
    return buffer.getvalue()


def _pad_png(made: bytes, gap: int) -> bytes:
    """Add a private chunk before the last one; a gap too small for a chunk goes behind the end."""
    overhead = 12
    if gap < overhead:
        return made + bytes(gap)
    name, data = b"paDd", bytes(gap - overhead)
    chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    end = len(made) - overhead
    return made[:end] + chunk + made[end:]


def _pad_jpeg(made: bytes, gap: int) -> bytes:
    """Add comment segments behind the start marker; a rest too small for one goes to the end."""
    segments = []
    overhead = 4
    while gap >= overhead:
        length = min(gap, _JPEG_SEGMENT + 2)
        segments.append(b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - overhead))
        gap -= length
    return made[:2] + b"".join(segments) + made[2:] + bytes(gap)


def _pad_webp(made: bytes, gap: int) -> bytes:
    """Add a RIFF chunk of a name that readers skip; chunks are even, an odd byte goes behind."""
    overhead = 8
    if gap < overhead:
        return made + bytes(gap)
    length = (gap - overhead) // 2 * 2
    body = made[8:] + b"PADD" + struct.pack("<I", length) + bytes(length)
    return made[:4] + struct.pack("<I", len(body)) + body + bytes(gap - overhead - length)


_PAD: Final = {"image/png": _pad_png, "image/jpeg": _pad_jpeg, "image/webp": _pad_webp}
