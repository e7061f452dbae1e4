"""`scandoc notebooks`: the notebooks, copied to where they may be changed, in JupyterLab."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from scandoc_analytics.cli import _common
from scandoc_analytics.errors import MissingExtraError

__all__ = ["notebooks", "shipped_notebooks"]

#: Inside the installed package, or, in a checkout, beside it.
_HOMES: Final = (
    Path(__file__).parents[1] / "notebooks",
    Path(__file__).parents[2] / "notebooks",
)


def shipped_notebooks() -> list[Path]:
    """The notebooks that came with the package, in their order."""
    for home in _HOMES:
        if found := sorted(home.glob("*.ipynb")):
            return found
    msg = f"the notebooks are not where they were installed ({_HOMES[0]}): install again"
    raise FileNotFoundError(msg)


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("scandoc-notebooks"),
    show_default=True,
    help="Where the copies go. Copies that are there already are left as they are.",
)
@click.option("--copy-only", is_flag=True, help="Do not open JupyterLab.")
@click.option("--no-browser", is_flag=True, help="Start JupyterLab, and print its address.")
@click.argument("options", nargs=-1, metavar="[-- JUPYTERLAB_OPTIONS]")
def notebooks(folder: Path, *, copy_only: bool, no_browser: bool, options: tuple[str, ...]) -> None:
    """Open JupyterLab on copies of the notebooks.

    They use your account where SCAN_DOCUMENTS_API_KEY is set, and a sandbox where it is not. What
    stands after -- goes to JupyterLab, such as --allow-root in a container.

    Example: scandoc notebooks --folder my-notebooks -- --port 9000
    """
    if not copy_only and importlib.util.find_spec("jupyterlab") is None:
        feature = "Opening the notebooks"
        raise MissingExtraError(feature, "notebooks")
    folder.mkdir(parents=True, exist_ok=True)
    for source in shipped_notebooks():
        copy = folder / source.name
        if copy.exists():
            _common.say(f"left {copy} as it is")
            continue
        with copy.open("xb") as target:
            target.write(source.read_bytes())
        _common.say(f"wrote {copy}")
    if copy_only:
        return
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    if no_browser:
        command.append("--no-browser")
    command += options
    ended = subprocess.run(command, check=False)  # noqa: S603 - our own words, and the user's
    raise click.exceptions.Exit(1 if ended.returncode else 0)
