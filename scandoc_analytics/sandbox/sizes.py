"""How many bytes a page or a picture takes, by type and by what was done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scandoc_analytics.sandbox.records import PDF

if TYPE_CHECKING:
    import random

__all__ = ["PAGE_INCHES", "image_properties", "pdf_properties", "smallest"]

#: A4, upright: width and height.
PAGE_INCHES: Final = (8.27, 11.69)

#: Bytes per pixel of a PNG by how it is coloured; lossy types follow their quality instead.
_PNG_BYTES: Final = {
    "none": 0.62,
    "grayscale": 0.28,
    "scanner": 0.07,
    "black-background": 0.18,
}
_LOSSY_BYTES: Final = {"image/jpeg": 1.0, "image/webp": 0.7}
_EFFECT_SHARE: Final = {"none": 1.0, "grayscale": 0.8, "scanner": 0.45, "black-background": 0.6}
#: Bytes per pixel and for the frame below which the downloads here cannot be made.
_FLOOR: Final = {
    "image/png": (0.012, 3000),
    "image/jpeg": (0.022, 5000),
    "image/webp": (0.012, 3000),
}
_SPREAD: Final = 0.35


def smallest(kind: str, *, pixels: int = 0, pages: int = 0) -> int:
    """Give the least size in bytes at which such a file can be made."""
    if kind == PDF:
        return 2000 + 200 * pages
    per_pixel, frame = _FLOOR[kind]
    return int(frame + per_pixel * pixels)


def image_properties(  # noqa: PLR0913 - what the bytes of an image depend on
    rng: random.Random,
    kind: str,
    width: int,
    height: int,
    *,
    effect: str = "none",
    quality: float = 80,
    most: float | None = None,
) -> dict[str, int]:
    """Properties of an image of this many pixels; `most` bounds its bytes from above."""
    pixels = width * height
    if kind == "image/png":
        per_pixel = _PNG_BYTES[effect]
    else:
        per_pixel = (
            _LOSSY_BYTES[kind] * _EFFECT_SHARE[effect] * (0.02 + 0.24 * (quality / 100) ** 2)
        )
    size = pixels * per_pixel * rng.lognormvariate(0, _SPREAD)
    if most is not None:
        size = min(size, most)
    return {
        "size": max(int(size), smallest(kind, pixels=pixels)),
        "width": width,
        "height": height,
    }


def pdf_properties(rng: random.Random, pages: int, *, size: float | None = None) -> dict[str, int]:
    """Properties of a PDF; without a `size` in bytes it is drawn from its pages."""
    if size is None:
        size = pages * 52_000 * rng.lognormvariate(0, 0.7)
    return {"size": max(int(size), smallest(PDF, pages=pages)), "page_count": pages}
