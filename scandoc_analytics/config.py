"""What a client needs, from its arguments and the environment, checked before anything is sent."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, Self
from urllib.parse import urlsplit

import platformdirs

from scandoc_analytics.errors import ConfigError

__all__ = ["CACHE_DIR_ENV", "DEFAULT_BASE_URL", "KEY_ENV", "URL_ENV", "Config", "Secret"]

KEY_ENV: Final = "SCAN_DOCUMENTS_API_KEY"
URL_ENV: Final = "SCAN_DOCUMENTS_BASE_URL"
CACHE_DIR_ENV: Final = "SCANDOC_CACHE_DIR"
DEFAULT_BASE_URL: Final = "https://api.scan-documents.com"


class Secret:
    """Text that shows itself nowhere: no repr, log, traceback with locals or pickle has it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself; keep the result out of any variable that outlives its use."""
        return self._text

    def __repr__(self) -> str:
        return "<secret>"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        msg = "an API key cannot be pickled: make a new client where it is needed"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Checked settings of one client. Make it with `Config.resolve`."""

    api_key: Secret
    base_url: str
    # An address may hold a password.
    cache: Path | str | None = field(default=None, repr=False)
    offline: bool = False
    workers: int = 8
    timeout: float = 60.0
    retries: int = 5
    requests_per_second: float | None = None
    list_ttl: float = 60.0

    @property
    def account(self) -> str:
        """Fingerprint of (base URL, API key): 16 hex digits from which neither can be had back."""
        text = f"{self.base_url}\0{self.api_key.reveal()}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @classmethod
    def resolve(  # noqa: PLR0913 - one argument per setting of `Client`
        cls,
        *,
        api_key: Secret | None = None,
        base_url: str | None = None,
        cache: bool | str | os.PathLike[str] = True,
        offline: bool = False,
        workers: int = 8,
        timeout: float = 60.0,
        retries: int = 5,
        requests_per_second: float | None = None,
        list_ttl: float = 60.0,
    ) -> Self:
        """Check each setting, and take from the environment what was not given.

        Raises
        ------
        ConfigError
            Which setting is wrong, why, and what would do.
        """
        return cls(
            api_key=_checked_key(api_key),
            # Not `os.environ`: IPython's Verbose mode prints that where the line stands in a
            # traceback, with all that the environment holds.
            base_url=_checked_base_url(base_url or os.getenv(URL_ENV) or DEFAULT_BASE_URL),
            cache=_checked_cache(cache),
            offline=offline,
            workers=int(_at_least("workers", workers, 1, whole=True)),
            timeout=_at_least("timeout", timeout, 0.001),
            retries=int(_at_least("retries", retries, 0, whole=True)),
            requests_per_second=(
                None
                if requests_per_second is None
                else _at_least("requests_per_second", requests_per_second, 0.001)
            ),
            list_ttl=_at_least("list_ttl", list_ttl, 0),
        )


def _checked_key(given: Secret | None) -> Secret:
    # The text stays inside the Secret: a local variable would show in a traceback with locals.
    key = given or Secret(os.getenv(KEY_ENV, ""))
    key = Secret(key.reveal().strip())
    if not key:
        msg = (
            f"no API key: set the environment variable {KEY_ENV}, or pass api_key=...; "
            "to try without an account, use scandoc_analytics.Sandbox()"
        )
        raise ConfigError(msg)
    if not (key.reveal().isascii() and key.reveal().isprintable() and " " not in key.reveal()):
        msg = (
            "the API key holds a space, a line break or a character outside ASCII: "
            "copy it again from the dashboard, on one line and without quotes"
        )
        raise ConfigError(msg)
    return key


def _checked_base_url(text: str) -> str:
    text = text.strip()
    example = f"a base URL looks like {DEFAULT_BASE_URL}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        msg = f"base_url {text!r} is not an address ({error}): {example}"
        raise ConfigError(msg) from error
    host = parts.hostname
    if parts.username or parts.password:
        # Not quoted: what stands before the @ is a secret.
        msg = f"base_url holds a user name or password: leave it out; {example}"
        raise ConfigError(msg)
    if parts.scheme not in {"http", "https"} or not host:
        msg = f"base_url {text!r} is not an http(s) address: {example}"
        raise ConfigError(msg)
    if parts.query or parts.fragment:
        msg = f"base_url {text!r} has a query or a fragment: leave it out; {example}"
        raise ConfigError(msg)
    if parts.scheme == "http" and not _is_loopback(host):
        msg = (
            f"base_url {text!r} would send the API key unencrypted to {host!r}: use https://; "
            "http:// is for the loopback interface (127.0.0.1, localhost) only"
        )
        raise ConfigError(msg)
    shown = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        shown = f"{shown}:{port}"
    # Paths of the API carry /v1 themselves; a gateway's prefix before it stays.
    path = parts.path.rstrip("/").removesuffix("/v1")
    return f"{parts.scheme}://{shown}{path}".rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_cache(cache: bool | str | os.PathLike[str]) -> Path | str | None:  # noqa: FBT001
    if cache is False:
        return None
    if cache is True:
        given = os.getenv(CACHE_DIR_ENV)
        return _checked_cache(given) if given else _default_cache_dir()
    if isinstance(cache, str) and "://" in cache:
        return cache
    try:
        path = os.fspath(cache)
        if path and "\0" not in path:
            # The same place, wherever the program goes later.
            return Path(path).expanduser().absolute()
    except (TypeError, RuntimeError):
        # It is no path at all, or there is no such home folder.
        pass
    msg = (
        f"cache={cache!r} is none of True (the user's cache folder), False (no cache), "
        "a folder, or a URL such as 'redis://localhost:6379/0'"
    )
    raise ConfigError(msg)


def _default_cache_dir() -> Path | None:
    """The user's cache folder; None for a user without a home, as in some containers."""
    try:
        folder = Path(platformdirs.user_cache_dir("scandoc_analytics", appauthor=False))
    except RuntimeError:
        return None
    # Where older versions of the library know of no home, they leave the "~" as it is.
    return folder if folder.is_absolute() else None


def _at_least(name: str, value: float, least: float, *, whole: bool = False) -> float:
    what = "whole number" if whole else "number"
    kinds = (int,) if whole else (int, float)
    # `not value >= least` also refuses NaN.
    if isinstance(value, bool) or not isinstance(value, kinds) or not value >= least:
        msg = f"{name}={value!r} is no {what} of at least {least}"
        raise ConfigError(msg)
    if value == float("inf"):
        msg = f"{name}={value!r} is not finite: give a {what} of at least {least}"
        raise ConfigError(msg)
    return value
