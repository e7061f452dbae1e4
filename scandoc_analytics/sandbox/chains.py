"""What people do with their paper: the chains of tasks that a month is made of."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from scandoc_analytics.sandbox.month import Holdings, Month, Ran
from scandoc_analytics.sandbox.names import PDF_NAMES, document_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from scandoc_analytics.sandbox.records import File

__all__ = ["make_month"]

_BILL: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["supplier", "lines"],
    "properties": {
        "supplier": {"type": "string", "description": "Seller"},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"qty": {"type": "integer"}, "net": {"type": "number"}},
            },
        },
    },
}
_DPI: Final = (150, 300, 72, 200, 96, 600)
_DPI_WEIGHTS: Final = (35, 40, 6, 8, 5, 6)


def make_month(tasks: int, *, seed: str, now_ms: int, millis: bool) -> Holdings:
    """Make exactly `tasks` tasks, none newer than now, with their files and events."""
    rng = random.Random(seed)  # noqa: S311 - made-up data, the same for the same seed
    month = Month(tasks, rng=rng, now_ms=now_ms, millis=millis)
    while not month.full:
        chain = rng.choices(_CHAINS, _CHAIN_WEIGHTS)[0]
        chain(month, month.start_ms())
    return month.holdings


def _soon(month: Month, end_ms: int) -> int:
    """When the next step follows: a program's moment, or a person's minutes."""
    by_hand = month.rng.random() < 0.15  # noqa: PLR2004 - a share
    seconds = month.rng.uniform(20, 900) if by_hand else month.rng.uniform(0.1, 2.5)
    return end_ms + int(seconds * 1000)


def _named(month: Month, one: File) -> dict[str, Any]:
    return {"name": one.name} if month.rng.random() < 0.7 else {}  # noqa: PLR2004 - a share


def _read(month: Month, source: Ran, callback: dict[str, Any]) -> None:
    """Extract text, in one format or another."""
    formats = ("plain", "markdown", "json", "html")
    chosen = month.rng.choices(formats, (40, 30, 22, 8))[0]
    schema = {"schema": _BILL} if chosen == "json" else {}
    parameters = {"format": chosen, **schema, **callback}
    month.run("extract-text", parameters, source, _soon(month, source.end_ms))


def _receipt(month: Month, at_ms: int) -> None:
    photo = month.photo(at_ms)
    callback = month.callback()
    effect = month.rng.choices(("grayscale", "scanner", "none", "black-background"), (4, 4, 2, 1))
    parameters = {
        "effect": effect[0],
        "scan_mode": "standard" if month.rng.random() < 0.9 else "none",  # noqa: PLR2004
        **_named(month, photo),
        **callback,
    }
    ran = month.run("scan", parameters, [photo], _soon(month, at_ms))
    if ran and month.rng.random() < 0.7:  # noqa: PLR2004 - a share
        _read(month, ran, callback)


def _photo_by_hand(month: Month, at_ms: int) -> None:
    """Detect, straighten each document found, recolour, read."""
    photo = month.photo(at_ms)
    callback = month.callback()
    found = month.run("detect-documents", callback, [photo], _soon(month, at_ms))
    for document in found.made.members["documents"] if found else []:
        parameters = {"vertices": document["vertices"], **_named(month, photo), **callback}
        warped = month.run(
            "warp", parameters, [photo], _soon(month, found.end_ms if found else at_ms)
        )
        if warped is None:
            continue
        effect = month.rng.choices(("grayscale", "scanner", "black-background"), (5, 3, 2))[0]
        parameters = {"effect": effect, **_named(month, photo), **callback}
        toned = month.run("apply-effect", parameters, warped, _soon(month, warped.end_ms))
        if toned and month.rng.random() < 0.6:  # noqa: PLR2004 - a share
            _read(month, toned, callback)


def _recolour(month: Month, at_ms: int) -> None:
    photo = month.photo(at_ms)
    effect = month.rng.choice(("grayscale", "scanner", "black-background"))
    parameters = {"effect": effect, **_named(month, photo), **month.callback()}
    month.run("apply-effect", parameters, [photo], _soon(month, at_ms))


def _convert(month: Month, at_ms: int) -> None:
    photo = month.photo(at_ms)
    target = month.rng.choices(("image/jpeg", "image/webp", "image/png"), (5, 4, 2))[0]
    quality = {} if target == "image/png" else {"quality": month.rng.choice((40, 55, 75, 82, 90))}
    parameters = {"target_format": target, **quality, **_named(month, photo), **month.callback()}
    month.run("convert", parameters, [photo], _soon(month, at_ms))


def _render(month: Month, at_ms: int) -> None:
    pdf = month.pdf(at_ms)
    callback = month.callback()
    # As the service does, the default is filled in; long documents are rendered in part.
    parameters: dict[str, Any] = {"dpi": month.rng.choices(_DPI, _DPI_WEIGHTS)[0]}
    if pdf.pages > 12 or month.rng.random() < 0.3:  # noqa: PLR2004 - a share
        parameters["pages"] = f"1-{min(pdf.pages, month.rng.randrange(1, 9))}"
    parameters |= _named(month, pdf) | callback
    ran = month.run("render", parameters, [pdf], _soon(month, at_ms))
    if ran and month.rng.random() < 0.5:  # noqa: PLR2004 - a share
        for one in ran.files[:3]:
            _read(month, Ran(ran.task_id, [one, *ran.files], ran.end_ms, ran.made), callback)


def _split(month: Month, at_ms: int) -> None:
    pdf = month.pdf(at_ms)
    while pdf.pages > 60:  # noqa: PLR2004 - nobody splits a book
        pdf = month.pdf(at_ms)
    parameters = {**_named(month, pdf), **month.callback()}
    month.run("split", parameters, [pdf], _soon(month, at_ms))


def _extract_pages(month: Month, at_ms: int) -> None:
    pdf = month.pdf(at_ms)
    first = month.rng.randrange(1, pdf.pages + 1)
    last = month.rng.randrange(first, pdf.pages + 1)
    if month.rng.random() < 0.06:  # noqa: PLR2004 - a share that asks for more than there is
        last = pdf.pages + month.rng.randrange(1, 20)
    pages = f"{first}-{last}" if last > first else f"{first}"
    if last - first > 3 and month.rng.random() < 0.3:  # noqa: PLR2004 - a share
        pages = f"{first},{first + 2},{last}"
    parameters = {"pages": pages, **_named(month, pdf), **month.callback()}
    month.run("extract-pages", parameters, [pdf], _soon(month, at_ms))


def _bundle(month: Month, at_ms: int) -> None:
    """Scan a few sheets, join them with a cover, take pages out again."""
    callback = month.callback()
    cover = month.pdf(at_ms)
    files: list[File] = [cover]
    now_ms = at_ms
    for _ in range(month.rng.randrange(1, 6)):
        photo = month.photo(now_ms)
        parameters = {"effect": "scanner", "scan_mode": "standard", **callback}
        ran = month.run("scan", parameters, [photo], _soon(month, now_ms))
        if ran:
            files.append(ran.files[0])
            now_ms = ran.end_ms
    if month.rng.random() < 0.15:  # noqa: PLR2004 - the same file twice
        files.append(cover)
    parameters = {"name": document_name(month.rng, PDF_NAMES), **callback}
    merged = month.run("merge", parameters, files, _soon(month, now_ms))
    if merged and month.rng.random() < 0.4:  # noqa: PLR2004 - a share
        pages = f"1-{merged.files[0].pages}"
        month.run(
            "extract-pages", {"pages": pages, **callback}, merged, _soon(month, merged.end_ms)
        )


_CHAINS: Final[tuple[Callable[[Month, int], None], ...]] = (
    _receipt,
    _photo_by_hand,
    _recolour,
    _convert,
    _render,
    _split,
    _extract_pages,
    _bundle,
)
_CHAIN_WEIGHTS: Final = (38, 12, 5, 16, 12, 7, 7, 6)
