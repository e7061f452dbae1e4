"""A small picture of a generated file: an image scaled down, or the first page of a PDF."""

from __future__ import annotations

import base64
import html
import io
import struct
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

from scandoc_analytics.errors import MissingExtraError, PayloadError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["can_preview", "image_html", "thumbnail"]

#: A preview is at most this wide and high.
_LARGEST_PX: Final = 1000
#: More pixels than this are not worth the memory: 100 MB.
_MOST_PIXELS: Final = 36_000_000
_PDF: Final = "application/pdf"
#: PDFium may be used by one thread at a time.
_ONE_AT_A_TIME: Final = threading.Lock()


def can_preview(file_type: str | None) -> bool:
    """Whether files of a MIME type have a preview: the images of the service, and PDFs.

    Examples
    --------
    >>> can_preview("image/webp"), can_preview("text/plain")
    (True, False)
    """
    return file_type in {_PDF, "image/jpeg", "image/png", "image/webp"}


def thumbnail(content: bytes) -> bytes:
    """The file as a PNG of at most 1,000 pixels a side; of a PDF the first page.

    The content says what it is: the name and the type that the service gives may be wrong.

    Raises
    ------
    PayloadError
        It is no picture and no PDF, or a broken one, or far too large.
    MissingExtraError
        PDFs need a package that is not installed.
    """
    is_pdf = content[:1024].lstrip().startswith(b"%PDF-")
    try:
        picture = _first_page(content) if is_pdf else _opened(content)
    except ImportError as error:
        feature = "A preview"
        raise MissingExtraError(feature, "widgets") from error
    picture.thumbnail((_LARGEST_PX, _LARGEST_PX))
    png = io.BytesIO()
    picture.save(png, format="PNG")
    return png.getvalue()


def image_html(png: bytes, *, what: str) -> str:
    """A picture as a part of a page, no wider than there is room, with words for who cannot see it.

    Parameters
    ----------
    png
        The picture.
    what
        What it shows.
    """
    data = base64.b64encode(png).decode()
    return (
        f'<img alt="{html.escape(what, quote=True)}" src="data:image/png;base64,{data}" '
        # A border, because a white page has no edge on a white one.
        'style="max-width:100%;height:auto;background:#fff;box-sizing:border-box;'
        'border:1px solid var(--jp-border-color2,#bbb)">'
    )


def _opened(content: bytes) -> Image:
    from PIL import Image  # noqa: PLC0415 - an extra

    broken = (OSError, EOFError, ValueError, SyntaxError, TypeError, IndexError, struct.error)
    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
        if picture.width * picture.height > _MOST_PIXELS:
            reason = f"it has {picture.width:,} × {picture.height:,} pixels"
            raise _no_preview(reason)
        # JPEGs can be read at a fraction of their size, which is many times quicker.
        picture.draft("RGB", (_LARGEST_PX, _LARGEST_PX))
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (*broken, OverflowError, Image.DecompressionBombError) as error:
        if isinstance(error, PayloadError):
            raise
        reason = "its content is no readable image"
        raise _no_preview(reason) from error


def _first_page(content: bytes) -> Image:
    import pypdfium2  # noqa: PLC0415 - an extra, and 10 MB of native code

    with _ONE_AT_A_TIME:
        try:
            with closing(pypdfium2.PdfDocument(content)) as document, closing(document[0]) as page:
                scale = _LARGEST_PX / max(*page.get_size(), 1)
                picture: Image = page.render(scale=scale).to_pil().convert("RGB")
                return picture
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as error:
            reason = "its content is no readable PDF"
            raise _no_preview(reason) from error


def _no_preview(reason: str) -> PayloadError:
    return PayloadError(f"there is no preview of this file, {reason}: save it and open the file")
