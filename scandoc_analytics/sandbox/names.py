"""Names that people give to documents, in several scripts, and the text found on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

__all__ = ["PDF_NAMES", "PHOTO_NAMES", "document_name", "text_on_page"]

PHOTO_NAMES: Final = (
    "receipt {n}",
    "IMG_{n}",
    "Beleg {n}",
    "reçu café {n}",
    "Ticket №{n}",
    "whiteboard {n}",
    "領収書 {n}",
    "накладная {n}",
    "فاتورة {n}",
    "delivery note {n}",
    "ホワイトボード",
    "scan",
)
PDF_NAMES: Final = (
    "Contract 2026-{n}",
    "Vertrag {n}",
    "契約書 2026-{n}",
    "Board pack Q{q}",
    "договор {n}",
    "Handbuch",
    "फ़ाइल {n}",
    "invoice_{n}",
    "Annual report",
    "Minutes {n}",
    "χρονοδιάγραμμα {n}",
)
_SUPPLIERS: Final = (
    "Café des Halles",
    "Bäckerei Öztürk",
    "Northwind Paper Ltd",
    "株式会社みどり",
    "«Ромашка»",
    "Acme Logistics",
)
_ARTICLES: Final = (
    "Café crème",
    "Paper A4, 500 sheets",
    "Toner black",
    "Delivery",
    "Thé à la menthe",
    "定食",
    "Транспорт",
    "Vollkornbrot",
)


def document_name(rng: random.Random, patterns: tuple[str, ...]) -> str:
    """Fill one of the patterns with numbers."""
    return rng.choice(patterns).format(n=rng.randrange(1, 9999), q=rng.randrange(1, 5))


def text_on_page(rng: random.Random, text_format: str, pages: int) -> str:
    """Text as `extract-text` finds it: a bill, in the format asked for."""
    supplier = rng.choice(_SUPPLIERS)
    number = max(1, min(400, round(pages * rng.lognormvariate(1.8, 0.7))))
    lines = [
        (rng.choice(_ARTICLES), rng.randrange(1, 9), rng.randrange(90, 9999) / 100)
        for _ in range(number)
    ]
    if text_format == "json":
        content = {
            "supplier": supplier,
            "lines": [{"qty": quantity, "net": net} for _, quantity, net in lines],
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    total = sum(quantity * net for _, quantity, net in lines)
    if text_format == "markdown":
        rows = "".join(f"| {quantity} × {name} | {net:.2f} € |\n" for name, quantity, net in lines)
        table = f"| Article | Net |\n|---|---|\n{rows}"
        return f"# {supplier}\n\n{table}\n**Total: {total:.2f} €**\n"
    if text_format == "html":
        rows = "".join(f"<li>{quantity} × {name}: {net:.2f}</li>" for name, quantity, net in lines)
        return f"<h1>{supplier}</h1><ul>{rows}</ul><p>{total:.2f}</p>"
    rows = "".join(f"{quantity} x {name}  {net:.2f}\n" for name, quantity, net in lines)
    return f"{supplier}\n{rows}Total {total:.2f}\n"
