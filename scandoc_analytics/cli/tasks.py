"""`scandoc status`, `fetch` and `list`: tasks into a table on the screen or in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scandoc_analytics import metrics
from scandoc_analytics.cli import _common
from scandoc_analytics.client.timespan import first_moment, last_moment
from scandoc_analytics.export import check_path, write_table
from scandoc_analytics.frame import anonymise as without_persons
from scandoc_analytics.frame import per_task

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fetch", "list_", "status"]

#: What `status` shows of each task when it is asked for several.
_BRIEF = ["task_id", "status", "operation", "created_at", "duration_s", "file_count", "error"]
#: Which of it a narrow terminal can do without.
_SPARE = ["file_count", "duration_s"]


@click.command()
@click.argument("ids", nargs=-1, metavar="[IDS...|-]")
@click.option("--since", metavar="DATE", help="Without ids: only tasks created from this day on.")
@click.option("--refresh", is_flag=True, help="Ask again for what the cache already knows.")
@_common.as_json
@_common.client_options
def status(
    ids: tuple[str, ...], since: str | None, *, refresh: bool, as_json: bool, **options: Any
) -> None:
    """In which state tasks are.

    With ids, those tasks; without, the status mix of the account.

    \b
    Examples:
      scandoc status task_euyrvozb9302uwhq
      cut -d, -f1 jobs.csv | scandoc status -
      scandoc status --since 2026-11-01
    """
    with _common.wrong_usage():
        first_moment(since)
    client = _common.make_client(options)
    if not ids:
        frame = client.list_tasks(since=since)
        _common.print_table(metrics.status_mix(frame), as_json=as_json)
        return
    asked = _common.read_ids(ids)
    if len(asked) == 1 and not as_json:
        click.echo(str(client.task(asked[0], refresh=refresh)))
        return
    frame = client.fetch_tasks(asked, refresh=refresh)
    _common.print_table(_brief(frame), as_json=as_json, spare=_SPARE)
    _common.leave(frame)


def _brief(frame: pd.DataFrame) -> pd.DataFrame:
    tasks = per_task(frame)
    brief = tasks[_BRIEF].copy()
    # Why there is no answer stands where the answer's own error would.
    brief["error"] = brief["error"].fillna(tasks["fetch_error"])
    return brief


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="IDS...|-")
@_common.output_option
@click.option("--refresh", is_flag=True, help="Ask again for what the cache already knows.")
@click.option("--text", is_flag=True, help="With the text that extract-text tasks have read.")
@_common.anonymise
@_common.as_json
@_common.client_options
def fetch(
    ids: tuple[str, ...],
    output: str | None,
    *,
    refresh: bool,
    text: bool,
    anonymise: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Fetch tasks by their ids.

    There is one row per generated file.

    \b
    Examples:
      scandoc fetch task_a1 task_b2 -o tasks.parquet
      scandoc fetch - -o tasks.xlsx < ids.txt
    """
    if output is not None:
        with _common.wrong_usage():
            check_path(output)
    client = _common.make_client(options)
    frame = client.fetch_tasks(_common.read_ids(ids), refresh=refresh, text=text)
    _finish(frame, output, anonymise=anonymise, as_json=as_json)


@click.command(name="list")
@_common.output_option
@click.option("--since", metavar="DATE", help="Only tasks created from this day on (UTC).")
@click.option("--until", metavar="DATE", help="Only tasks created up to this day (UTC).")
@click.option("--limit", type=click.IntRange(min=0), help="The newest so many.")
@click.option("--text", is_flag=True, help="With the text that extract-text tasks have read.")
@_common.anonymise
@_common.as_json
@_common.client_options
def list_(
    output: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
    *,
    text: bool,
    anonymise: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Fetch the account's tasks.

    The newest come first, with one row per generated file.

    \b
    Examples:
      scandoc list --since 2026-10-01 --until 2026-10-31 -o october.parquet
      scandoc list --limit 20
    """
    with _common.wrong_usage():
        if output is not None:
            check_path(output)
        first_moment(since)
        last_moment(until)
    client = _common.make_client(options)
    frame = client.list_tasks(since=since, until=until, limit=limit, text=text)
    _finish(frame, output, anonymise=anonymise, as_json=as_json)


def _finish(frame: pd.DataFrame, output: str | None, *, anonymise: bool, as_json: bool) -> None:
    if anonymise:
        frame = without_persons(frame)
    if output is None:
        _common.print_table(frame if as_json else _brief(frame), as_json=as_json, spare=_SPARE)
        _common.leave(frame)
    else:
        _common.leave(frame, write_table(frame, output))
