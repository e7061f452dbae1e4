"""What the commands share: the client's options, ids from a pipe, and how a table is printed."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scandoc_analytics import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pandas as pd

    from scandoc_analytics.client import Client

__all__ = [
    "SOME_FAILED",
    "anonymise",
    "as_json",
    "client_options",
    "leave",
    "make_client",
    "output_option",
    "print_table",
    "read_ids",
    "say",
]

#: The exit code of "done, but some ids could not be fetched".
SOME_FAILED = 3

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def say(text: str) -> None:
    """Tell a person something; the program that reads the pipe does not see it."""
    click.echo(text, err=True)


def client_options(command: _Command) -> _Command:
    """The options of each command that asks the service; no key among them: `ps` shows those."""
    for option in (
        click.option("--base-url", metavar="URL", help="Another address of the service."),
        click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
        click.option("--offline", is_flag=True, help="Answer from the cache alone."),
        click.option("--workers", type=int, default=8, show_default=True, help="At once."),
        click.option("--requests-per-second", type=float, help="Ask no faster than this."),
    ):
        command = option(command)
    return command


def make_client(options: dict[str, Any]) -> Client:
    """The client that `client_options` describe."""
    from scandoc_analytics.client import Client  # noqa: PLC0415 - `scandoc --help` stays quick

    return Client(
        base_url=options["base_url"],
        cache=not options["no_cache"],
        offline=options["offline"],
        workers=options["workers"],
        requests_per_second=options["requests_per_second"],
    )


output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to; the ending picks csv, parquet, json or xlsx. Written whole or not at all.",
)
anonymise = click.option(
    "--anonymise", is_flag=True, help="Replace ids and names, drop texts and URLs."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


def read_ids(words: Iterable[str]) -> list[str]:
    """The ids given as words; a word `-` stands for those on standard input, one a line."""
    ids: list[str] = []
    for word in words:
        if word == "-":
            ids += [line.strip() for line in sys.stdin if line.strip()]
        else:
            ids.append(word)
    return ids


def print_table(table: pd.DataFrame, *, as_json: bool = False) -> None:
    """A table on standard output: for people as wide as their terminal, or as JSON records."""
    if as_json:
        click.echo(
            table.to_json(
                orient="records", date_format="iso", date_unit="us", force_ascii=False, indent=1
            )
        )
        return
    width = shutil.get_terminal_size((120, 24)).columns
    click.echo(tables.as_text(table, width=width))


def leave(frame: pd.DataFrame, written: Path | None = None) -> None:
    """Say what was written, and exit with 3 where some ids have no answer."""
    if written is not None:
        rows = f"{len(frame):,} row{'' if len(frame) == 1 else 's'}"
        say(f"wrote {written} ({rows})")
    if frame["fetch_error"].notna().any():
        raise click.exceptions.Exit(SOME_FAILED)
