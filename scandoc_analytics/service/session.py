"""One GET: the key goes in just before it leaves, and it is tried again where that makes sense."""

from __future__ import annotations

import email.utils
import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from scandoc_analytics.errors import NetworkError, PayloadError, RateLimitError, ScandocError
from scandoc_analytics.service.answers import now_us
from scandoc_analytics.service.gate import LONGEST_WAIT_S, Gate
from scandoc_analytics.service.problems import RETRIED, problem, shown

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from scandoc_analytics.config import Config

__all__ = ["Backoff", "Raw", "Wire"]

Read = TypeVar("Read")

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GOOD: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Raw:
    """What came over the wire, and when (microseconds since 1970)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: int


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why no answer came, and whether the next attempt may fare better."""

    text: str
    again: bool = True


_STOPPED: Final = _Trouble("stopped before there was one", again=False)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before the next attempt, as the official SDK does."""

    base_s: float = 0.5
    most_s: float = 8.0

    def wait_s(self, attempt: int) -> float:
        """Seconds after attempt number ``attempt``, counted from 0."""
        longest = min(self.base_s * 2.0 ** min(attempt, 30), self.most_s)
        return longest * (1 - random.uniform(0, 0.25))  # noqa: S311 - only spreads the load


class _Unseen(str):
    """A header's value that no repr shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


class Wire:
    """Sends GETs for one account. It keeps nothing, and it sends nothing but GETs."""

    def __init__(self, config: Config, session: requests.Session | None = None) -> None:
        self.backoff = Backoff()
        self.gate = Gate(config.requests_per_second)
        self._key = config.api_key
        self._timeout = config.timeout
        self._retries = config.retries
        self._owned = session is None
        self._session = session if session is not None else _session(config.workers)
        self._prepared = self._session.prepare_request(
            requests.Request(
                "GET",
                config.base_url,
                headers={"Accept": "application/json"},
                # Without this, a .netrc would add credentials that the service does not know.
                auth=self._session.auth or _no_auth,
            )
        )
        # As requests writes it: a host in another script is encoded by now.
        self._base_url = (self._prepared.url or config.base_url).rstrip("/")
        self._origin = _origin(self._base_url)
        self._own_settings = self._settings(self._base_url)

    def close(self) -> None:
        """Give back the connections, unless the user brought the session."""
        if self._owned:
            self._session.close()

    def get(
        self,
        path: str,
        read: Callable[[Raw], Read],
        *,
        asked: str,
        stop: threading.Event,
        elsewhere: bool = False,
    ) -> Read:
        """Ask until there is an answer that ``read`` accepts, or no hope of one.

        Parameters
        ----------
        path
            From the base URL on, percent-encoded, with its query.
        read
            Makes a value of the answer; a `PayloadError` from it counts as a failed attempt.
        asked
            What is asked for, as messages say it.
        stop
            Ends all waiting when it is set.
        elsewhere
            Whether the answer may come from another host, to which the key is not sent.
        """
        attempt = 0
        while True:
            queued_at = time.monotonic()
            left_at = self.gate.enter(stop)
            came = _STOPPED if stop.is_set() else self._attempt(path, elsewhere=elsewhere)
            error, again, wait_s = self._judge(came, asked, attempt)
            if error is None and isinstance(came, Raw):
                try:
                    value = read(came)
                except PayloadError as unreadable:
                    error = unreadable
                else:
                    self.gate.succeeded()
                    return value
            if isinstance(error, RateLimitError):
                self.gate.close(wait_s, left_at=left_at)
            elif again and attempt < self._retries:
                stop.wait(wait_s)
            if error is not None and (attempt >= self._retries or not again):
                raise error.with_traceback(None)
            # While the service answers others, a 429 is a matter of waiting for one's turn.
            if not (isinstance(error, RateLimitError) and self.gate.others_passed(queued_at)):
                attempt += 1

    def _judge(
        self, came: Raw | _Trouble, asked: str, attempt: int
    ) -> tuple[ScandocError | None, bool, float]:
        """The error if it is one, whether to ask again, and how many seconds later."""
        wait_s = self.backoff.wait_s(attempt)
        if isinstance(came, _Trouble):
            text = f"no answer ({came.text}), asked for {asked}; check the network and the base URL"
            return NetworkError(text), came.again, wait_s
        if came.status in _GOOD:
            return None, True, wait_s
        told_s = _retry_after_s(came.headers)
        error = problem(came.status, came.body, asked=asked, retry_after_s=told_s)
        again = (
            came.status in RETRIED
            and came.headers.get("x-should-retry") != "false"
            and (told_s or 0) <= LONGEST_WAIT_S
        )
        return error, again, wait_s if told_s is None else told_s

    def _attempt(self, path: str, *, elsewhere: bool) -> Raw | _Trouble:
        """One answer, redirects followed; or why there is none."""
        url, own = self._base_url + path, True
        for _ in range(_MOST_REDIRECTS + 1):
            came = self._send(url, own=own)
            if isinstance(came, _Trouble) or came.status not in _REDIRECTS:
                return came
            try:
                url = urljoin(url, came.headers.get("location", ""))
                host = urlsplit(url).hostname
                own = _origin(url) == self._origin
            except ValueError:
                return _Trouble("it redirects to something that is no address", again=False)
            if not own and not elsewhere:
                return _Trouble(f"it redirects to another host, {shown(host)}", again=False)
            if not own and not url.startswith(("https://", self._origin[0] + "://")):
                return _Trouble(f"it redirects without encryption to {shown(host)}", again=False)
        return _Trouble(f"it redirects more than {_MOST_REDIRECTS} times", again=False)

    def _send(self, url: str, *, own: bool) -> Raw | _Trouble:
        # What goes wrong is told as text: a library's traceback holds the request as it was sent,
        # and an error of ours raised inside of `except` would carry it along.
        try:
            response = self._session.get_adapter(url).send(
                self._request(url, own=own),
                timeout=self._timeout,
                **(self._own_settings if own else self._settings(url)),
            )
            with response:
                body, fetched_at = response.content, now_us()
        except requests.exceptions.Timeout:
            return _Trouble(f"none within {self._timeout:g} s")
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            return _Trouble(self._reason(error))
        except Exception as error:  # noqa: BLE001 - the user's own adapter may raise anything
            return _Trouble(self._reason(error), again=False)
        if response.status_code not in _GOOD:
            # A careless service quotes the key that it refuses.
            body = body.replace(self._key.reveal().encode(), b"<secret>")
        return Raw(response.status_code, response.headers, body, fetched_at)

    def _request(self, url: str, *, own: bool) -> requests.PreparedRequest:
        """A request of its own for this attempt; the key goes to the own host only."""
        request = requests.PreparedRequest()
        request.method = "GET"
        request.url = url
        request.hooks = self._prepared.hooks
        if own:
            request.headers = self._prepared.headers.copy()
            request.headers["x-api-key"] = _Unseen(self._key.reveal())
        else:
            request.headers = requests.structures.CaseInsensitiveDict({"Accept": "*/*"})
        return request

    def _reason(self, error: BaseException) -> str:
        """What is at the bottom of an error of the HTTP library."""
        while (inner := error.__cause__ or error.__context__) is not None:
            error = inner
        text = str(error) or type(error).__name__
        return shown(text.replace(self._key.reveal(), "<secret>"))

    def _settings(self, url: str) -> dict[str, Any]:
        """Proxies, certificates and the like, from the session and the environment."""
        settings = self._session.merge_environment_settings(url, {}, None, None, None)
        if url.startswith("http://"):
            # That is the loopback interface: a company's proxy does not know the way there.
            settings["proxies"] = dict(self._session.proxies)
        return dict(settings)


def _session(workers: int) -> requests.Session:
    session = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=workers)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = f"scandoc_analytics {requests.utils.default_user_agent()}"
    return session


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait; None where it says nothing, or nothing sensible."""
    if milliseconds := _positive(headers.get("retry-after-ms")):
        return milliseconds / 1000
    text = headers.get("retry-after")
    if text is None:
        return None
    if seconds := _positive(text):
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return _positive(moment - time.time())


def _positive(number: str | float | None) -> float | None:
    try:
        value = float(number or 0)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None
