"""`scandoc cache`: what is kept on this machine, and how to be rid of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scandoc_analytics.cli import _common

if TYPE_CHECKING:
    from scandoc_analytics.service.housekeeping import CacheInfo

__all__ = ["cache"]

_address = click.option("--base-url", metavar="URL", help="Another address of the service.")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


def _options(base_url: str | None) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "no_cache": False,
        "offline": True,
        "workers": 1,
        "requests_per_second": None,
    }


@click.group()
def cache() -> None:
    """Look at the cache of this account, or delete from it.

    Example: scandoc cache info
    """


@cache.command()
@_address
def info(base_url: str | None) -> None:
    """Where the cache is, how much it holds, and how old that is.

    Example: scandoc cache info
    """
    click.echo(str(_common.make_client(_options(base_url)).cache.info()))


@cache.command()
@_address
@_yes
def clear(base_url: str | None, *, yes: bool) -> None:
    """Delete every kept answer of this account.

    Example: scandoc cache clear --yes
    """
    kept = _common.make_client(_options(base_url)).cache
    if _agreed(kept.info(), yes=yes):
        kept.clear()
        _common.say(f"Done: {kept.info().summary} left.")


@cache.command()
@_address
@click.option("--older-than", required=True, metavar="AGE", help="Such as 30d, 12h.")
@_yes
def prune(base_url: str | None, older_than: str, *, yes: bool) -> None:
    """Delete old answers.

    Those that were given longer ago than AGE go, and so does the disk space that they took.

    Example: scandoc cache prune --older-than 90d
    """
    kept = _common.make_client(_options(base_url)).cache
    with _common.wrong_usage():
        doomed = kept.info(older_than=older_than)
    if _agreed(doomed, yes=yes):
        kept.prune(older_than=older_than)
        _common.say(f"Done: {kept.info().summary} left.")


def _agreed(doomed: CacheInfo, *, yes: bool) -> bool:
    """Say what will be deleted, and whether that is wanted; nothing needs no question."""
    if not doomed.tasks:
        _common.say(f"There are no tasks to delete in {doomed.path}.")
        return True
    _common.say(f"This deletes {doomed.summary} from {doomed.path}.")
    try:
        agreed = yes or click.confirm("Go on?", err=True)
    except click.Abort:
        # Nobody answers: there is no terminal, or the user has left the question.
        agreed = False
        _common.say("")
    if not agreed:
        _common.say("Nothing was deleted; with --yes it is done without a question.")
        raise click.exceptions.Exit(1)
    return True
