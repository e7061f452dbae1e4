"""`scandoc sandbox`: a stand-in of the service, for as long as the command runs."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from scandoc_analytics.cli import _common
from scandoc_analytics.config import KEY_ENV, URL_ENV

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["sandbox"]


@click.command()
@click.option("--tasks", type=click.IntRange(min=0), default=500, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same account.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The interface to bind.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--order", type=click.Choice(["newest", "oldest"]), default="newest")
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, help="Seconds an answer.")
@click.option("--faults", type=click.FloatRange(0, 1), default=0.0, help="Share of bad answers.")
def sandbox(
    tasks: int, seed: int, host: str, port: int, order: str, latency: float, faults: float
) -> None:
    """Run a stand-in of the service until Ctrl-C. It needs no key and no network.

    It prints two lines for a shell; the first account's key is a key of the sandbox alone.

    Example: scandoc sandbox --tasks 2000 --port 8000
    """
    from scandoc_analytics.sandbox import Faults, Sandbox  # noqa: PLC0415 - it is an extra

    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    with Sandbox(
        tasks=tasks,
        seed=seed,
        host=host,
        port=port,
        order=order,
        latency_s=latency,
        faults=Faults.mixed(faults) if faults else None,
    ) as running:
        click.echo(f"export {URL_ENV}={running.base_url}")
        click.echo(f"export {KEY_ENV}={running.api_key}")
        _common.say("The sandbox runs until Ctrl-C.")
        stop.wait()
    _common.say("The sandbox has stopped.")
