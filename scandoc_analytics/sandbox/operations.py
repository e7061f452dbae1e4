"""What each operation makes of its input: the same physics for the past and for new tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scandoc_analytics.sandbox.failures import chosen_pages
from scandoc_analytics.sandbox.names import text_on_page
from scandoc_analytics.sandbox.records import PDF
from scandoc_analytics.sandbox.sizes import PAGE_INCHES, image_properties, pdf_properties

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from scandoc_analytics.sandbox.records import File

__all__ = ["OPERATIONS", "Made", "perform", "work_seconds"]

OPERATIONS: Final = (
    "apply-effect",
    "convert",
    "detect-documents",
    "extract-text",
    "scan",
    "warp",
    "extract-pages",
    "merge",
    "render",
    "split",
)

#: Seconds of work: for the task, for each page of its input, and the spread (of the logarithm).
_SECONDS: Final = {
    "apply-effect": (3.2, 0.0, 0.45),
    "convert": (2.0, 0.0, 0.5),
    "detect-documents": (2.2, 0.0, 0.4),
    "extract-text": (6.0, 5.0, 0.65),
    "scan": (7.5, 0.0, 0.5),
    "warp": (3.8, 0.0, 0.4),
    "extract-pages": (1.6, 0.01, 0.4),
    "merge": (1.5, 0.3, 0.45),
    "render": (1.0, 0.6, 0.5),
    "split": (1.2, 0.22, 0.4),
}
_LONG_TAIL_SHARE: Final = 0.01


@dataclass(slots=True)
class Made:
    """What a successful task made: files (name, type, properties), or members of its result."""

    files: list[tuple[str, str, dict[str, int]]] = field(default_factory=list)
    members: dict[str, Any] = field(default_factory=dict)


def work_seconds(
    rng: random.Random, operation: str, parameters: dict[str, Any], inputs: Sequence[File]
) -> float:
    """Draw the seconds of work: log-normal about what the input asks for, with a long tail."""
    per_task, per_page, spread = _SECONDS[operation]
    pages = sum(one.pages for one in inputs)
    if operation == "render":
        pages = len(_pages(parameters, inputs[0]))
        per_page *= (parameters.get("dpi", 300) / 150) ** 1.3
    seconds = (per_task + per_page * pages) * rng.lognormvariate(0, spread)
    return seconds * (rng.uniform(5, 25) if rng.random() < _LONG_TAIL_SHARE else 1)


def perform(
    rng: random.Random, operation: str, parameters: dict[str, Any], inputs: Sequence[File]
) -> Made:
    """Carry out an operation whose input allows it."""
    return _PERFORM[operation](rng, parameters, inputs)


def _name(parameters: dict[str, Any], inputs: Sequence[File]) -> str:
    return str(parameters.get("name") or inputs[0].name)


def _pages(parameters: dict[str, Any], pdf: File) -> list[int]:
    wanted = parameters.get("pages")
    every = list(range(1, pdf.pages + 1))
    return every if wanted is None else chosen_pages(wanted, pdf.pages) or []


def _pixels(one: File) -> tuple[int, int]:
    return max(1, int(one.properties["width"])), max(1, int(one.properties["height"]))


def _image(
    parameters: dict[str, Any], inputs: Sequence[File], kind: str, properties: dict[str, int]
) -> Made:
    return Made([(_name(parameters, inputs), kind, properties)])


def _scan(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    """Crop to the document and recolour: fewer pixels and fewer bytes than the input."""
    width, height = _pixels(inputs[0])
    if parameters["scan_mode"] != "none":
        width = max(1, int(width * rng.uniform(0.7, 0.95)))
        height = max(1, int(height * rng.uniform(0.7, 0.95)))
    kind = "image/png" if parameters["effect"] == "scanner" else inputs[0].type
    most = inputs[0].properties["size"] * rng.uniform(0.55, 0.95)
    properties = image_properties(rng, kind, width, height, effect=parameters["effect"], most=most)
    return _image(parameters, inputs, kind, properties)


def _apply_effect(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    """Recolour: the same pixels, fewer bytes."""
    width, height = _pixels(inputs[0])
    most = inputs[0].properties["size"] * rng.uniform(0.5, 0.95)
    kind = inputs[0].type
    properties = image_properties(rng, kind, width, height, effect=parameters["effect"], most=most)
    return _image(parameters, inputs, kind, properties)


def _warp(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    """Straighten: as many pixels as the corners span."""
    xs = [vertex["x"] for vertex in parameters["vertices"]]
    ys = [vertex["y"] for vertex in parameters["vertices"]]
    full = _pixels(inputs[0])
    width = max(1, min(full[0], int(max(xs) - min(xs))))
    height = max(1, min(full[1], int(max(ys) - min(ys))))
    kind = inputs[0].type
    most = inputs[0].properties["size"] * rng.uniform(0.5, 0.95)
    return _image(parameters, inputs, kind, image_properties(rng, kind, width, height, most=most))


def _convert(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    kind = parameters["target_format"]
    quality = parameters.get("quality", 100)
    properties = image_properties(rng, kind, *_pixels(inputs[0]), quality=quality)
    return _image(parameters, inputs, kind, properties)


def _detect_documents(
    rng: random.Random, _parameters: dict[str, Any], inputs: Sequence[File]
) -> Made:
    """Find none to three sheets that lie side by side, each a little askew."""
    width, height = _pixels(inputs[0])
    count = rng.choices((0, 1, 2, 3), (4, 78, 13, 5))[0]
    documents = []
    for index in range(count):
        left, right = (
            width * (index + rng.uniform(0.04, 0.1)) / count,
            width * (index + rng.uniform(0.9, 0.97)) / count,
        )
        top, bottom = height * rng.uniform(0.03, 0.12), height * rng.uniform(0.85, 0.97)
        slant = rng.uniform(0, 0.03) * height
        corners = [
            (left, top),
            (right, top + slant),
            (right - slant, bottom),
            (left + slant, bottom - slant),
        ]
        vertices = [{"x": round(x), "y": round(y)} for x, y in corners]
        xs, ys = [vertex["x"] for vertex in vertices], [vertex["y"] for vertex in vertices]
        box = {
            "left": min(xs),
            "top": min(ys),
            "width": max(xs) - min(xs),
            "height": max(ys) - min(ys),
        }
        documents.append({"bounding_box": box, "vertices": vertices, "file_id": inputs[0].id})
    return Made(members={"documents": documents})


def _extract_text(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    content = text_on_page(rng, parameters["format"], inputs[0].pages)
    return Made(members={"format": parameters["format"], "content": content})


def _extract_pages(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    pdf = inputs[0]
    pages = len(_pages(parameters, pdf))
    size = pdf.properties["size"] * pages / max(1, pdf.pages) * rng.uniform(0.8, 1.1)
    return Made([(_name(parameters, inputs), PDF, pdf_properties(rng, pages, size=size))])


def _merge(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    """Join: pages add up, and so do bytes but for what the inputs share."""
    pages = sum(one.pages for one in inputs)
    size = sum(one.properties["size"] for one in inputs) * rng.uniform(0.9, 1.02)
    return Made([(_name(parameters, inputs), PDF, pdf_properties(rng, pages, size=size))])


def _render(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    """One image a page; its pixels follow the dots per inch, and one page in nine lies across."""
    dpi = parameters.get("dpi", 300)
    upright = (round(PAGE_INCHES[0] * dpi), round(PAGE_INCHES[1] * dpi))
    made = Made()
    for _ in _pages(parameters, inputs[0]):
        width, height = upright if rng.random() < 8 / 9 else upright[::-1]
        properties = image_properties(rng, "image/png", width, height, effect="black-background")
        made.files.append((_name(parameters, inputs), "image/png", properties))
    return made


def _split(rng: random.Random, parameters: dict[str, Any], inputs: Sequence[File]) -> Made:
    pdf = inputs[0]
    name = _name(parameters, inputs)
    share = pdf.properties["size"] / max(1, pdf.pages)
    return Made(
        [
            (f"{name} {page}", PDF, pdf_properties(rng, 1, size=share * rng.lognormvariate(0, 0.3)))
            for page in range(1, pdf.pages + 1)
        ]
    )


_PERFORM: Final = {
    "apply-effect": _apply_effect,
    "convert": _convert,
    "detect-documents": _detect_documents,
    "extract-text": _extract_text,
    "scan": _scan,
    "warp": _warp,
    "extract-pages": _extract_pages,
    "merge": _merge,
    "render": _render,
    "split": _split,
}
