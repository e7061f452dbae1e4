"""`scandoc demo`: the whole job once, on the sandbox, in a few seconds."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scandoc_analytics import metrics
from scandoc_analytics.cli import _common
from scandoc_analytics.errors import MissingExtraError
from scandoc_analytics.files import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from scandoc_analytics.client import Client
    from scandoc_analytics.sandbox import Sandbox

__all__ = ["demo"]

_NEXT = """
What to try next
  scandoc sandbox                      keep a sandbox running, and work against it
  scandoc list -o tasks.xlsx           with SCAN_DOCUMENTS_API_KEY set: your own account
  scandoc status task_...              one task on a card
  python                               import scandoc_analytics as sda
                                       frame = sda.list_tasks(since="2026-11-01")
                                       sda.status_mix(frame, by="operation")
"""


@click.command()
@click.option("--tasks", type=click.IntRange(min=1), default=500, show_default=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("scandoc-demo"),
    show_default=True,
    help="Where the pictures go.",
)
def demo(tasks: int, folder: Path) -> None:
    """Fetch, measure and draw a made-up account. It needs no key and no network.

    Example: scandoc demo
    """
    from scandoc_analytics.sandbox import Sandbox  # noqa: PLC0415 - it is an extra

    _need_plots()
    with (
        # The latency of a real service, so that there is something to wait for and to save.
        Sandbox(tasks=tasks, latency_s=0.03) as sandbox,
        tempfile.TemporaryDirectory(prefix="scandoc-demo-") as cache,
        sandbox.client(cache=cache) as client,
    ):
        _common.say(f"A sandbox with {tasks:,} tasks answers on {sandbox.base_url}.\n")
        frame = _fetch(sandbox, client)
        _measure(frame)
        _fetch_again(sandbox, client)
        _draw(frame, folder)
    _common.say(_NEXT.rstrip())


def _fetch(sandbox: Sandbox, client: Client) -> pd.DataFrame:
    ids = sandbox.task_ids[: max(1, len(sandbox.task_ids) * 4 // 5)]
    start = time.perf_counter()
    client.fetch_tasks(ids)
    _common.say(f"Fetched {len(ids):,} tasks by id in {time.perf_counter() - start:.1f} s.")
    start = time.perf_counter()
    frame = client.list_tasks()
    _common.say(
        f"Listed all {frame['task_id'].nunique():,} in {time.perf_counter() - start:.1f} s: "
        f"{len(frame):,} rows, one per generated file.\n"
    )
    return frame


def _measure(frame: pd.DataFrame) -> None:
    for title, table in (
        ("How many tasks, in which states", metrics.status_mix(frame)),
        ("How large the generated files are", metrics.size_summary(frame)),
    ):
        _common.say(title)
        _common.print_table(table)
        _common.say("")


def _fetch_again(sandbox: Sandbox, client: Client) -> None:
    sandbox.requests.clear()
    start = time.perf_counter()
    again = client.fetch_tasks(sandbox.task_ids)
    seconds = time.perf_counter() - start
    counted = metrics.coverage(again).iloc[0]
    _common.say(
        f"Fetched all {counted['requested']:,} by id once more in {seconds:.2f} s: "
        f"{counted['from_cache']:,} came from the cache, {sandbox.requests.total:,} were asked for "
        f"({counted['unsettled']:,} are unsettled, and those are never kept).\n"
    )


def _need_plots() -> None:
    try:
        import matplotlib  # noqa: F401, ICN001, PLC0415 - only whether it is there
    except ModuleNotFoundError as error:
        feature = "The demo's pictures"
        raise MissingExtraError(feature, "demo") from error


def _draw(frame: pd.DataFrame, folder: Path) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, and an extra

    from scandoc_analytics import plot  # noqa: PLC0415 - the same

    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in (("status-mix", plot.status_mix), ("sizes", plot.sizes)):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        draw(frame, ax=figure.subplots())
        with whole_file(folder / f"{name}.png") as unfinished:
            figure.savefig(unfinished, dpi=150)
        _common.say(f"Drew {folder / f'{name}.png'}")
