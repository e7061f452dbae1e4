"""`scandoc report`: one HTML file about the tasks of an account, or of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scandoc_analytics.cli import _common
from scandoc_analytics.client.timespan import first_moment, last_moment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["report"]


@click.command()
@click.option("-o", "--output", default="report.html", show_default=True, metavar="FILE.html")
@click.option("--from", "snapshot", metavar="SNAPSHOT", help="A .parquet file instead of asking.")
@click.option("--since", metavar="DATE", help="Only tasks created from this day on (UTC).")
@click.option("--until", metavar="DATE", help="Only tasks created up to this day (UTC).")
@click.option("--compare", metavar="SNAPSHOT", help="An earlier .parquet file: say what changed.")
@click.option("--title", help="The report's heading.")
@click.option("--tables", metavar="FILE.xlsx", help="Also write the tables into a workbook.")
@click.option("--template", metavar="NOTEBOOK", help="A notebook instead of the one shipped.")
@click.option("--copy-template", metavar="NOTEBOOK", help="Write a copy of it to change, and stop.")
@_common.anonymise
@_common.client_options
def report(
    output: str,
    snapshot: str | None,
    since: str | None,
    until: str | None,
    compare: str | None,
    title: str | None,
    tables: str | None,
    template: str | None,
    copy_template: str | None,
    *,
    anonymise: bool,
    **options: Any,
) -> None:
    """Write a report: one self-contained HTML file.

    \b
    Examples:
      scandoc report --since 2026-10-01 --until 2026-10-31 -o october.html
      scandoc report --from oct.parquet --compare sept.parquet --tables oct.xlsx
    """
    import scandoc_analytics as sda  # noqa: PLC0415 - `scandoc --help` stays quick
    from scandoc_analytics import reporting  # noqa: PLC0415 - the same

    if copy_template is not None:
        _common.say(f"wrote {reporting.copy_template(copy_template)}")
        return
    # Before anything is asked of the service.
    with _common.wrong_usage():
        reporting.check_paths(output, tables, template)
        first_moment(since)
        last_moment(until)
    if snapshot is not None and (since is not None or until is not None):
        msg = "--since and --until choose what to fetch: a snapshot given with --from is whole"
        raise click.UsageError(msg)
    frame = _frame(snapshot, since, until, options)
    earlier = _common.snapshot(compare) if compare is not None else None
    if anonymise:
        frame = sda.anonymise(frame)
        earlier = sda.anonymise(earlier) if earlier is not None else None
    _common.say("Running the report's notebook ...")
    written = sda.report(
        frame, output, title=title, compare=earlier, template=template, tables=tables
    )
    for path in (written, tables):
        if path is not None:
            _common.say(f"wrote {path}")
    _common.leave(frame)


def _frame(
    snapshot: str | None, since: str | None, until: str | None, options: dict[str, Any]
) -> pd.DataFrame:
    if snapshot is not None:
        return _common.snapshot(snapshot)
    return _common.make_client(options).list_tasks(since=since, until=until)
