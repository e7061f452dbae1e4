"""How often and why a task fails: a handful of reasons, some with ids and numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scandoc_analytics.sandbox.records import IMAGE_TYPES, PDF

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from scandoc_analytics.sandbox.records import File

__all__ = ["Failure", "by_chance", "by_input", "chosen_pages", "worker_lost"]


class Failure(NamedTuple):
    """Why a task fails: `result.error`, `result.details`, and the seconds until it does."""

    error: str
    details: dict[str, Any]
    #: None for a part of what the work would have taken.
    seconds: float | None = None


_CHANCE: Final = {
    "scan": 0.035,
    "warp": 0.03,
    "apply-effect": 0.012,
    "detect-documents": 0.015,
    "extract-text": 0.03,
    "convert": 0.015,
    "split": 0.025,
    "merge": 0.03,
    "render": 0.02,
    "extract-pages": 0.02,
}
_PDF_ONLY: Final = frozenset({"split", "render", "extract-pages"})
_TIMEOUT_S: Final = {"render": 600}
_TIMEOUT_SHARE: Final = 0.12
_NO_DOCUMENT_SHARE: Final = 0.7
#: Seconds until an input that cannot be used is refused.
_AT_ONCE_S: Final = 0.7
_FINE_DPI: Final = 400
#: More than this is refused as a selection: it names pages again and again.
_MOST_CHOSEN: Final = 20_000
_MOST_DIGITS: Final = 9
#: The least area, in square pixels, of four corners that can be straightened.
_LEAST_AREA: Final = 1.0


def by_input(operation: str, parameters: dict[str, Any], inputs: Sequence[File]) -> Failure | None:
    """Give the failure that this input makes certain; None where it can succeed."""
    first = inputs[0]
    details: dict[str, Any] = {"input": first.id, "type": first.type}
    if operation in _PDF_ONLY:
        if first.type != PDF:
            return Failure("Input is not a PDF.", details, _AT_ONCE_S)
        pages = parameters.get("pages")
        if pages is not None and chosen_pages(pages, first.pages) is None:
            details = {"requested": pages, "page_count": first.pages}
            return Failure("Page range exceeds document length.", details, _AT_ONCE_S)
    elif operation != "merge" and first.type not in IMAGE_TYPES:
        return Failure("Input is not an image.", details, _AT_ONCE_S)
    if operation == "warp" and _area(parameters["vertices"]) < _LEAST_AREA:
        details = {"vertices": 4, "area": 0}
        return Failure("Vertices do not form a quadrilateral.", details, _AT_ONCE_S)
    return None


def by_chance(
    rng: random.Random, operation: str, parameters: dict[str, Any], inputs: Sequence[File]
) -> Failure | None:
    """Draw whether the task fails, and why; None for success."""
    chance = _CHANCE[operation]
    if operation == "render" and parameters.get("dpi", 300) > _FINE_DPI:
        chance += 0.18
    if parameters.get("format") == "json":
        chance += 0.06
    if rng.random() >= chance:
        return None
    return _reason(rng, operation, parameters, inputs)


def worker_lost(rng: random.Random, task_id: str) -> Failure:
    """Give the failure of an outage: no fault of the input."""
    node = f"w-{rng.randrange(1, 40):02}"
    details = {"attempts": rng.randrange(1, 4)}
    return Failure(f"Worker {node} was lost while processing {task_id}.", details)


def _reason(
    rng: random.Random, operation: str, parameters: dict[str, Any], inputs: Sequence[File]
) -> Failure:
    one = inputs[-1]
    if operation == "render" or rng.random() < _TIMEOUT_SHARE:
        limit = _TIMEOUT_S.get(operation, 120)
        details = {"pages_done": rng.randrange(one.pages), "page_count": one.pages}
        return Failure(f"Processing timed out after {limit} seconds.", details, limit)
    if operation == "scan" and rng.random() < _NO_DOCUMENT_SHARE:
        return Failure("No document found.", {})
    if parameters.get("format") == "json":
        missing = [{"path": "/supplier", "reason": "missing"}]
        found = {"schema_errors": missing, "attempts": 2}
        return Failure("Extracted data does not match the schema.", found)
    undecoded = Failure(f"The file {one.id} could not be decoded.", {})
    unread = {"failed_inputs": [one.id], "index": len(inputs) - 1}
    return {
        "merge": Failure("One or more inputs could not be read.", unread),
        "split": Failure("PDF is password protected.", {"encrypted": True}, _AT_ONCE_S),
        "extract-text": Failure(
            f"Text on page {rng.randrange(one.pages) + 1} of {one.id} could not be read.", {}
        ),
    }.get(operation, undecoded)


def chosen_pages(text: str, page_count: int) -> list[int] | None:
    """Read "4-9" or "1,5,8" as page numbers from 1; None where one does not exist.

    Examples
    --------
    >>> chosen_pages("1,4-6", 6), chosen_pages("4-9", 6)
    ([1, 4, 5, 6], None)
    """
    pages: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        ends = (first, last or first)
        # Other scripts' digits are digits to Python, and long numbers are slow to read.
        if not all(one.isascii() and one.isdigit() and len(one) <= _MOST_DIGITS for one in ends):
            return None
        low, high = int(ends[0]), int(ends[1])
        if not 1 <= low <= high <= page_count or len(pages) > _MOST_CHOSEN:
            return None
        pages.extend(range(low, high + 1))
    return pages


def _area(vertices: list[dict[str, float]]) -> float:
    """Area of a polygon by the shoelace formula, in square pixels."""
    twice = sum(
        a["x"] * b["y"] - b["x"] * a["y"]
        for a, b in zip(vertices, vertices[1:] + vertices[:1], strict=True)
    )
    return abs(twice) / 2
