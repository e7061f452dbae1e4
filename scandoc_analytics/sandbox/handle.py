"""`Sandbox`: the handle that users hold."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from scandoc_analytics.errors import MissingExtraError
from scandoc_analytics.sandbox.account import Account
from scandoc_analytics.sandbox.chains import make_month
from scandoc_analytics.sandbox.faults import Faults, RateLimit
from scandoc_analytics.sandbox.records import Clock, moment_ms
from scandoc_analytics.sandbox.traffic import Behaviour

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from scandoc_analytics.client import Client
    from scandoc_analytics.sandbox.traffic import RequestLog
    from scandoc_analytics.sandbox.wire import WebServer

__all__ = ["Sandbox"]

#: The second account shows that keys are told apart: a few hundred tasks are enough.
_SECOND_TASKS = 200


class Sandbox:
    """A stand-in of the API on this machine: a made-up company's month over real HTTP.

    The same seed and the same `now` give the same account. It starts with the ``with`` statement,
    or with `start`, and ends with the block, with `stop`, or with the program.

    Parameters
    ----------
    tasks
        How many tasks the account has.
    seed
        Another seed, another company.
    now
        The newest moment of the account's month, with a time zone; None for the real now. The
        account's clock runs on from there.
    host, port
        Where to listen; port 0 is any that is free.
    order
        Whether lists begin with the "newest" item or the "oldest": the contract does not say.
    from_inclusive
        Whether a page begins with the item that `from` names, or after it: neither does it say
        that.
    latency_s
        Seconds that every answer takes at least.
    faults
        Shares of answers that go wrong, as `Faults` or a mapping of its arguments.
    rate_limit
        Requests per second, or a `RateLimit`; more are answered 429. None for no limit.
    task_seconds
        Seconds that each task made by POST takes from pending to its end; None for as long as its
        operation and input ask for.
    subscribed
        False answers every request 409: the account has no subscription.

    Attributes
    ----------
    faults, latency_s, subscribed
        As given; may be changed while the sandbox runs.
    requests
        Counts of the requests that came: `total`, `count(path)`, `by_path()`, `clear()`.

    Examples
    --------
    >>> with Sandbox(tasks=25, seed=3) as sandbox:
    ...     len(sandbox.task_ids)
    25
    """

    def __init__(  # noqa: PLR0913 - one argument per way in which services differ
        self,
        tasks: int = 500,
        seed: int = 0,
        *,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        order: Literal["newest", "oldest"] | str = "newest",  # noqa: PYI051 - names what is known
        from_inclusive: bool = True,
        latency_s: float = 0.0,
        faults: Faults | Mapping[str, float] | None = None,
        rate_limit: RateLimit | float | None = None,
        task_seconds: float | None = None,
        subscribed: bool = True,
    ) -> None:
        if tasks < 0:
            msg = f"tasks={tasks!r}: give a number of 0 or more"
            raise ValueError(msg)
        if order not in {"newest", "oldest"}:
            msg = f"order={order!r}: give 'newest' or 'oldest'"
            raise ValueError(msg)
        now_ms = _now_ms(now)
        clock = Clock(now_ms)
        self._host, self._port = host, port
        self._newest_first, self._inclusive = order == "newest", from_inclusive
        self._behaviour = Behaviour(
            faults=_faults(faults),
            latency_s=latency_s,
            rate_limit=(
                RateLimit(requests_per_second=rate_limit)
                if isinstance(rate_limit, int | float)
                else rate_limit
            ),
            subscribed=subscribed,
        )
        # Made anew each time: nothing that was cached for one sandbox is served for another.
        self._keys = (f"sandbox-{secrets.token_hex(16)}", f"sandbox-{secrets.token_hex(16)}")
        sizes = ((tasks, True), (min(tasks, _SECOND_TASKS), False))
        self._accounts = [
            Account(
                make_month(size, seed=f"{seed}/{number}", now_ms=now_ms, millis=millis),
                clock=clock,
                seed=f"{seed}/{number}/added",
                millis=millis,
                task_seconds=task_seconds,
            )
            for number, (size, millis) in enumerate(sizes)
        ]
        self._base_url: str | None = None
        self._server: WebServer | None = None

    def start(self) -> Self:
        """Begin to answer.

        Raises
        ------
        MissingExtraError
            The packages of the extra ``sandbox`` are not installed.
        OSError
            The address is taken, or is not this machine's.
        RuntimeError
            The sandbox was started before.
        """
        if self._base_url is not None:
            msg = "this sandbox was started before: make a new one"
            raise RuntimeError(msg)
        try:
            from scandoc_analytics.sandbox.app import make_router  # noqa: PLC0415 - an extra
            from scandoc_analytics.sandbox.gate import Gate  # noqa: PLC0415 - the same
            from scandoc_analytics.sandbox.wire import WebServer, listen  # noqa: PLC0415 - the same
        except ModuleNotFoundError as error:
            feature = "The sandbox"
            raise MissingExtraError(feature, "sandbox") from error
        listener = listen(self._host, self._port)
        self._base_url = _address(self._host, listener.getsockname()[1])
        accounts = {
            key.encode(): account for key, account in zip(self._keys, self._accounts, strict=True)
        }
        router = make_router(
            self._base_url, newest_first=self._newest_first, inclusive=self._inclusive
        )
        self._server = WebServer(Gate(router, accounts, self._behaviour), listener)
        self._server.start()
        return self

    def stop(self) -> None:
        """End every connection, also where an answer is under way. Stopping twice is no error."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        if self._base_url is None:
            return "<Sandbox, not started>"
        return f"<Sandbox on {self._base_url}{'' if self._server else ', stopped'}>"

    @property
    def base_url(self) -> str:
        """Address of the service, for `Client(base_url=...)`; known once it has started."""
        if self._base_url is None:
            msg = "the sandbox has no address yet: start it, or use it in a `with` statement"
            raise RuntimeError(msg)
        return self._base_url

    @property
    def api_key(self) -> str:
        """The key of the account with `tasks` tasks."""
        return self._keys[0]

    @property
    def second_api_key(self) -> str:
        """The key of another, smaller account, which writes its times without milliseconds."""
        return self._keys[1]

    @property
    def task_ids(self) -> list[str]:
        """Ids of all tasks of the first account, newest first."""
        return self._accounts[0].task_ids()

    @property
    def requests(self) -> RequestLog:
        """What was asked so far."""
        return self._behaviour.log

    @property
    def faults(self) -> Faults | None:
        """Shares of answers that go wrong."""
        return self._behaviour.faults

    @faults.setter
    def faults(self, faults: Faults | Mapping[str, float] | None) -> None:
        self._behaviour.faults = _faults(faults)

    @property
    def latency_s(self) -> float:
        """Seconds that every answer takes at least."""
        return self._behaviour.latency_s

    @latency_s.setter
    def latency_s(self, seconds: float) -> None:
        self._behaviour.latency_s = seconds

    @property
    def subscribed(self) -> bool:
        """Whether the accounts have a subscription; every request is answered 409 if not."""
        return self._behaviour.subscribed

    @subscribed.setter
    def subscribed(self, subscribed: bool) -> None:
        self._behaviour.subscribed = subscribed

    def client(self, **options: Any) -> Client:
        """Make a client of this sandbox; `options` are those of `Client`."""
        from scandoc_analytics.client import Client  # noqa: PLC0415 - the sandbox stands alone

        return Client(**{"api_key": self.api_key, "base_url": self.base_url} | options)

    def load(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """Add tasks, files and events to the first account, served as they are.

        One with the id of another takes its place: so a task can be made to settle.

        Raises
        ------
        ValueError
            One of them is no task, file or event, or has no text as its id; none is added then.
        """
        self._accounts[0].load(payloads)


def _now_ms(now: datetime | None) -> int:
    if now is None:
        now = datetime.now(UTC)
    elif now.tzinfo is None:
        msg = f"now={now!r} has no time zone: write for instance datetime(2026, 11, 2, tzinfo=UTC)"
        raise ValueError(msg)
    return moment_ms(now)


def _faults(given: Faults | Mapping[str, float] | None) -> Faults | None:
    return given if given is None or isinstance(given, Faults) else Faults(**given)  # type: ignore[arg-type]


def _address(host: str, port: int) -> str:
    """Give the address to connect to: a host that stands for all interfaces is none."""
    reachable = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
