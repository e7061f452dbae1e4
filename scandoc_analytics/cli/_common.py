"""What the commands share: the client's options, ids from a pipe, and how a table is printed."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scandoc_analytics import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    "snapshot",
    "wrong_usage",
]

#: The exit code of "done, but some ids could not be fetched".
SOME_FAILED = 3

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def say(text: str) -> None:
    """Tell a person something; the program that reads the pipe does not see it."""
    click.echo(text, err=True)


@contextmanager
def wrong_usage() -> Iterator[None]:
    """What is wrong with an option's value is wrong usage, which has an exit code of its own."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def snapshot(path: str) -> pd.DataFrame:
    """The flat frame in a file that a person named."""
    from scandoc_analytics.frame import load  # noqa: PLC0415 - `scandoc --help` stays quick

    if not Path(path).expanduser().is_file():
        msg = f"there is no file {path!r}: `scandoc list -o FILE.parquet` writes one"
        raise FileNotFoundError(msg)
    return load(Path(path).expanduser())


def client_options(command: _Command) -> _Command:
    """The options of each command that asks the service; no key among them: `ps` shows those."""
    for option in (
        click.option("--base-url", metavar="URL", help="Another address of the service."),
        click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
        click.option("--offline", is_flag=True, help="Answer from the cache alone."),
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            default=8,
            show_default=True,
            help="At once.",
        ),
        click.option(
            "--requests-per-second",
            type=click.FloatRange(min=0, min_open=True),
            help="Ask no faster than this.",
        ),
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


def print_table(table: pd.DataFrame, *, as_json: bool = False, spare: Sequence[str] = ()) -> None:
    """A table on standard output: for people as wide as their terminal, or as JSON records.

    Spare columns are left out, the first one first, where a short text would have to be cut.
    """
    if as_json:
        click.echo(
            table.to_json(
                orient="records", date_format="iso", date_unit="us", force_ascii=False, indent=1
            )
        )
        return
    width = shutil.get_terminal_size((120, 24)).columns
    shown = tables.without_spare(table, width=width, spare=spare)
    click.echo(tables.as_text(shown, width=width))
    if left_out := [str(name) for name in table.columns if name not in shown.columns]:
        say(f"No room for {' and '.join(left_out)} in {width} columns: --json has all.")


def leave(frame: pd.DataFrame, written: Path | None = None) -> None:
    """Say what was written, and exit with 3 where some ids have no answer."""
    if written is not None:
        rows = f"{len(frame):,} row{'' if len(frame) == 1 else 's'}"
        say(f"wrote {written} ({rows})")
    if frame["fetch_error"].notna().any():
        raise click.exceptions.Exit(SOME_FAILED)
