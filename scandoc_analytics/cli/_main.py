"""The group of commands, and how an error becomes a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import click

from scandoc_analytics import __version__
from scandoc_analytics.cli import cache, demo, notebooks, report, service, tasks
from scandoc_analytics.errors import CacheWarning, FetchWarning, ScandocError

__all__ = ["main"]

_INTERRUPTED = 130


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            # One plain sentence instead of a line with a file name and a piece of source.
            warnings.showwarning = _say_warning
            for kind in (CacheWarning, FetchWarning):
                warnings.simplefilter("always", kind)
            try:
                return super().invoke(ctx)
            except (ScandocError, OSError, ValueError) as error:
                if isinstance(error, BrokenPipeError):
                    _leave_quietly()
                raise click.ClickException(str(error)) from error
            except KeyboardInterrupt as stop:
                for note in getattr(stop, "__notes__", ["stopped"]):
                    click.echo(f"scandoc: {note}", err=True)
                ctx.exit(_INTERRUPTED)


def _say_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"scandoc: {message}", err=True)


def _leave_quietly() -> None:
    # The reader of the pipe has gone (`| head`): nothing is left to say, not even at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise click.exceptions.Exit(0)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
The account comes from the environment: SCAN_DOCUMENTS_API_KEY and, for another
address, SCAN_DOCUMENTS_BASE_URL.

\b
Completion, in the start-up file of your shell:
  bash  eval "$(_SCANDOC_COMPLETE=bash_source scandoc)"
  zsh   eval "$(_SCANDOC_COMPLETE=zsh_source scandoc)"
  fish  _SCANDOC_COMPLETE=fish_source scandoc | source""",
)
@click.version_option(__version__, prog_name="scandoc")
def main() -> None:
    """Analyse the tasks of a Scan Documents account.

    Example: scandoc demo
    """


main.add_command(demo.demo)
main.add_command(tasks.status)
main.add_command(tasks.fetch)
main.add_command(tasks.list_)
main.add_command(report.report)
main.add_command(notebooks.notebooks)
main.add_command(cache.cache)
main.add_command(service.sandbox)
