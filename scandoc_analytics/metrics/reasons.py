"""Failure texts that differ only in an id, a name or a number, made the same."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NO_REASON", "normalised"]

#: What a failed task without a text is counted under.
NO_REASON: Final = "(no reason given)"
#: No more of a text is looked at, so that a hostile one costs no more than another.
_LONGEST_TEXT: Final = 2_000
_LONGEST_REASON: Final = 200

# One pass, the first alternative that fits wins; every repetition is bounded, or cannot overlap
# the next one, so that the time grows with the length of the text and not faster.
_VARYING: Final = re.compile(
    r"""
      (?!(?<=\w)\w | [A-Za-z]++(?:\s|\Z))  # inside a word, or a word of letters: most of a text
    (?:
      (?P<name> "[^"\n]{0,300}" | “[^”\n]{0,300}” | «[^»\n]{0,300}» | `[^`\n]{0,300}`
              | (?<!\w)'[^'\n]{0,300}'(?!\w) | (?<!\w)\u2018[^\u2019\n]{0,300}\u2019(?!\w) )
    | (?P<url>  \b(?:https?|ftp|s3|gs|file)://[^\s"'<>]+ )
    | (?P<email> \b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8} )
    | (?P<time> \b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?
                (?:\s?(?:Z\b|UTC\b|[+-]\d{2}:?\d{2}))?)?
              | \b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?![\w:]) )
    | (?P<id>   \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b
              | \b(?:task|file|evt|event|req|doc)_[0-9a-z]{12,64}\b
              | \b[A-Za-z]{2,12}[_-](?=[A-Za-z]{0,64}\d)[0-9A-Za-z]{6,64}\b )
    | (?P<path> (?<![\w/<])(?:[A-Za-z]:)?[\\/][^\s"'<>,;:]+ )
    | (?P<file> \b[\w.-]{1,128}\.(?:pdf|png|jpe?g|webp|tiff?|gif|heic|txt|json|zip)\b )
    | (?P<hex>  \b0[xX][0-9a-fA-F]+\b
              | \b(?=[0-9]{0,128}[a-fA-F])(?=[a-fA-F]{0,128}[0-9])[0-9a-fA-F]{8,128}\b )
    | (?P<token> \b(?=[0-9]{0,128}[A-Za-z])(?=[A-Za-z]{0,128}[0-9])[0-9A-Za-z]{12,128}\b )
    | (?P<n>    (?<!\w)[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+\b)? )
    )
    """,
    re.VERBOSE,
)
_SHOWN: Final = {"file": "name", "token": "id"}


def normalised(text: object) -> str:
    """The text with placeholders for what varies: `<id>`, `<n>`, `<name>`, `<path>` and others.

    Quoted and file names become `<name>`; the others are `<url>`, `<email>`, `<time>` and `<hex>`.
    Numbers inside a word stay, as in `utf8` or `E1001`. White space is one space. At most the
    first 2,000 characters are read and 200 given back.

    Examples
    --------
    >>> normalised("Page 12 of file_nfnycndvjv5tbmoq is  3.5 MB")
    'Page <n> of <id> is <n> MB'
    >>> normalised("cannot read 'October invoice.pdf' at 09:30")
    'cannot read <name> at <time>'
    """
    if not isinstance(text, str):
        return NO_REASON
    one_line = " ".join(text[:_LONGEST_TEXT].split())
    reason = _VARYING.sub(_placeholder, one_line)
    if len(reason) > _LONGEST_REASON:
        reason = reason[: _LONGEST_REASON - 1] + "…"
    return reason or NO_REASON


def _placeholder(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return f"<{_SHOWN.get(kind, kind)}>"
