"""What the service checks before it does anything: pages asked for, and bodies of new tasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import orjson

from scandoc_analytics.sandbox.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_UPLOAD_BYTES", "checked_name", "checked_page", "checked_parameters"]

MAX_UPLOAD_BYTES: Final = 10 * 2**20
DEFAULT_DPI: Final = 300
_TAKE_DEFAULT: Final = 20
_TAKE_MOST: Final = 100
_NAME_MOST: Final = 50
_VERTICES: Final = 4
_DPI: Final = (72, 600)
_QUALITY: Final = (1, 100)
_LOSSY: Final = frozenset({"image/jpeg", "image/webp"})

Errors = dict[str, list[str]]


def checked_page(query: bytes, kind: str, knows: Callable[[str], bool]) -> tuple[int, str | None]:
    """Read `take` and `from` of a list's query.

    Raises
    ------
    Problem
        422 with the complaints by field.
    """
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    errors: Errors = {}
    take = given.get("take", [str(_TAKE_DEFAULT)])[0]
    # Python reads other scripts' digits too, and refuses to read very long numbers.
    if not re.fullmatch(r"-?[0-9]{1,9}", take):
        errors["take"] = ["take must be an integer."]
    elif int(take) > _TAKE_MOST:
        errors["take"] = [f"take must not be greater than {_TAKE_MOST}."]
    elif int(take) < 1:
        errors["take"] = ["take must not be less than 1."]
    start = given.get("from", [None])[0]
    if start is not None and not knows(start):
        errors["from"] = [f"from does not contain a valid {kind.removesuffix('s')} id."]
    if errors:
        raise Problem.invalid(errors)
    return int(take), start


def checked_parameters(operation: str, body: bytes) -> dict[str, Any]:
    """Read the body of a new task: the parameters that its operation knows, in their order.

    Raises
    ------
    Problem
        422 with the complaints by field, or with a message where the body is no JSON object.
    """
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message = "Malformed JSON body."
        raise Problem.malformed(message) from error
    if not isinstance(given, dict):
        message = "Body must be a JSON object."
        raise Problem.malformed(message)
    errors: Errors = {}
    for name, (required, check) in _FIELDS[operation].items():
        if name in given:
            errors |= check(name, given[name])
        elif required:
            errors[name] = [f"{name} is required."]
    errors |= _together(operation, given)
    if errors:
        raise Problem.invalid(errors)
    parameters = {name: given[name] for name in _FIELDS[operation] if name in given}
    if operation == "render":
        parameters.setdefault("dpi", DEFAULT_DPI)
    if parameters.get("target_format") == "image/png":
        parameters.pop("quality", None)
    return parameters


def checked_name(value: Any) -> Errors:
    """Complaints about a name."""
    return _name("name", value)


def _together(operation: str, given: dict[str, Any]) -> Errors:
    """Complaints about what one member asks of another."""
    lossy = operation == "convert" and given.get("target_format") in _LOSSY
    if lossy and "quality" not in given:
        return {"quality": [f"quality is required for {given['target_format']}."]}
    if operation == "extract-text" and given.get("format") == "json" and "schema" not in given:
        return {"schema": ["schema is required for format json."]}
    return {}


def _text(name: str, value: Any) -> Errors:
    if not isinstance(value, str):
        return {name: [f"{name} must be a string."]}
    return {} if value else {name: [f"{name} should not be empty."]}


def _name(name: str, value: Any) -> Errors:
    errors = _text(name, value)
    if not errors and len(value) > _NAME_MOST:
        return {name: [f"{name} must not be longer than {_NAME_MOST} characters."]}
    return errors


def _url(name: str, value: Any) -> Errors:
    if value is None:
        return {}
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return {name: [f"{name} must be a URL address."]}
    return {}


def _texts(name: str, value: Any) -> Errors:
    if not isinstance(value, list):
        return {name: [f"{name} must be an array."]}
    if not value:
        return {name: [f"{name} must have at least 1 item."]}
    errors: Errors = {}
    for index, one in enumerate(value):
        errors |= _text(f"{name}[{index}]", one)
    return errors


def _choice(*known: str) -> Callable[[str, Any], Errors]:
    def check(name: str, value: Any) -> Errors:
        if isinstance(value, str) and value in known:
            return {}
        return {name: [f"{name} must be one of: {', '.join(known)}."]}

    return check


def _between(low: int, high: int, *, whole: bool) -> Callable[[str, Any], Errors]:
    def check(name: str, value: Any) -> Errors:
        if not _is_number(value) or (whole and value != int(value)):
            return {name: [f"{name} must be {'an integer' if whole else 'a number'}."]}
        if value < low:
            return {name: [f"{name} must not be less than {low}."]}
        return {name: [f"{name} must not be greater than {high}."]} if value > high else {}

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _vertices(name: str, value: Any) -> Errors:
    if not isinstance(value, list):
        return {name: [f"{name} must be an array."]}
    errors: Errors = {}
    if len(value) != _VERTICES:
        errors[name] = [f"{name} must have {_VERTICES} items."]
    # No more than a page of complaints, whatever was sent.
    for index, point in enumerate(value[:_TAKE_MOST]):
        for axis in ("x", "y"):
            if not isinstance(point, dict) or not _is_number(point.get(axis)):
                errors[f"{name}[{index}].{axis}"] = [f"{axis} must be a number."]
    return errors


def _object(name: str, value: Any) -> Errors:
    return {} if isinstance(value, dict) else {name: [f"{name} must be an object."]}


_Field = tuple[bool, "Callable[[str, Any], Errors]"]
_INPUT: Final[dict[str, _Field]] = {"input": (True, _text)}
_NAME: Final[dict[str, _Field]] = {"name": (False, _name)}
_CALLBACK: Final[dict[str, _Field]] = {"callback_url": (False, _url)}
_EFFECTS: Final = ("grayscale", "scanner", "black-background")
#: Per operation: each member, whether it must be there, and what is asked of it.
_FIELDS: Final[dict[str, dict[str, _Field]]] = {
    "apply-effect": _INPUT | {"effect": (True, _choice(*_EFFECTS))} | _NAME | _CALLBACK,
    "convert": _INPUT
    | {
        "target_format": (True, _choice("image/png", "image/jpeg", "image/webp")),
        "quality": (False, _between(*_QUALITY, whole=False)),
    }
    | _NAME
    | _CALLBACK,
    "detect-documents": _INPUT | _CALLBACK,
    "extract-text": _INPUT
    | {
        "format": (True, _choice("plain", "markdown", "html", "json")),
        "schema": (False, _object),
    }
    | _CALLBACK,
    "scan": _INPUT
    | {
        "effect": (True, _choice("none", *_EFFECTS)),
        "scan_mode": (True, _choice("none", "standard")),
    }
    | _NAME
    | _CALLBACK,
    "warp": _INPUT | {"vertices": (True, _vertices)} | _NAME | _CALLBACK,
    "extract-pages": _INPUT | {"pages": (True, _text)} | _NAME | _CALLBACK,
    "merge": {"input": (True, _texts)} | _NAME | _CALLBACK,
    "render": _INPUT
    | {"dpi": (False, _between(*_DPI, whole=True)), "pages": (False, _text)}
    | _NAME
    | _CALLBACK,
    "split": _INPUT | _NAME | _CALLBACK,
}
