"""From a frame to one HTML file: snapshot, run the notebook, keep its outputs, write it whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV
from scandoc_analytics.errors import MissingExtraError, ScandocError
from scandoc_analytics.export import check_path, write_workbook
from scandoc_analytics.files import whole_file
from scandoc_analytics.frame import save
from scandoc_analytics.reporting import _page, inputs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_paths", "copy_template", "report"]

_TEMPLATE: Final = "report.ipynb"
_CELL_SECONDS: Final = 600
#: What the notebook's kernel need not know: it has the snapshot and asks nobody.
_WITHHELD: Final = (KEY_ENV, URL_ENV, CACHE_DIR_ENV)


def report(  # noqa: PLR0913 - each is one decision about the report
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    compare: pd.DataFrame | None = None,
    template: str | os.PathLike[str] | None = None,
    tables: str | os.PathLike[str] | None = None,
) -> Path:
    """Write a report about the tasks of a frame: one HTML file that needs nothing beside it.

    It opens with the headline numbers; then come the status mix, throughput, durations, failures,
    sizes, backlog, the slowest tasks and the largest files, and how complete the data is. The
    report is made by running a notebook over a snapshot of the frame, in a kernel that has neither
    the API key nor a reason to use the network.

    Parameters
    ----------
    frame
        A flat frame.
    path
        Where to; the ending is .html. An existing file is replaced, whole or not at all.
    title
        The report's heading; without it, one that names the period.
    compare
        A flat frame of an earlier period: the tables then say what has changed.
    template
        A notebook to run instead of the one that ships with the package; see `copy_template`.
    tables
        An .xlsx file to write the report's tables into, unrounded, a sheet each.

    Returns
    -------
    Path
        The HTML file.

    Raises
    ------
    ValueError
        The path does not end in .html (or `tables` in .xlsx), or the frame is no flat frame.
    FileNotFoundError
        A folder or the template does not exist.
    ScandocError
        A cell of the template failed; the message names the cell and the error.
    MissingExtraError
        Running notebooks needs packages that are not installed.
    """
    target = check_paths(path, tables, template)
    source = Path(template).expanduser() if template is not None else None
    with tempfile.TemporaryDirectory(prefix="scandoc-report-") as name:
        folder = Path(name)
        save(frame, folder / inputs.FRAME)
        if compare is not None:
            save(compare, folder / inputs.COMPARE)
        heading = title if title is not None else inputs.default_title(frame)
        (folder / inputs.SETTINGS).write_text(json.dumps({"title": heading}), encoding="utf-8")
        html = _run(source, folder, heading)
        sheets = inputs.collected_tables(folder)
        with whole_file(target) as unfinished:
            unfinished.write_text(html, encoding="utf-8")
        if tables is not None:
            write_workbook(sheets, tables)
    return target


def check_paths(
    path: str | os.PathLike[str],
    tables: str | os.PathLike[str] | None = None,
    template: str | os.PathLike[str] | None = None,
) -> Path:
    """The report's path, once it is certain that a template is there, and what is written can be.

    Raises
    ------
    ValueError, FileNotFoundError, MissingExtraError
        As `report`.
    """
    if tables is not None:
        check_path(_checked(Path(tables).expanduser(), ".xlsx"))
    if template is not None and not Path(template).expanduser().is_file():
        msg = f"there is no template {str(template)!r}: copy_template(...) makes one to change"
        raise FileNotFoundError(msg)
    return _checked(Path(path).expanduser(), ".html")


def copy_template(path: str | os.PathLike[str]) -> Path:
    """Copy the report's notebook, to change it and pass it as ``template=``.

    Parameters
    ----------
    path
        Where to; the ending is .ipynb. An existing file is not replaced.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    ValueError
        The path does not end in .ipynb.
    FileExistsError
        There is a file of that name.
    """
    target = _checked(Path(path).expanduser(), ".ipynb")
    with target.open("xb") as copy, _shipped_template().open("rb") as shipped:
        shutil.copyfileobj(shipped, copy)
    return target


def _shipped_template() -> Path:
    return Path(str(files("scandoc_analytics.reporting") / _TEMPLATE))


def _checked(path: Path, ending: str) -> Path:
    if path.suffix.lower() != ending:
        msg = f"{path.name!r}: this file's name must end in {ending}"
        raise ValueError(msg)
    if not path.parent.is_dir():
        msg = f"there is no folder {str(path.parent)!r} to write {path.name!r} into"
        raise FileNotFoundError(msg)
    return path


def _run(source: Path | None, folder: Path, title: str) -> str:
    try:
        import nbformat  # noqa: PLC0415 - slow to import, and an extra
        from nbclient import NotebookClient  # noqa: PLC0415 - the same
        from nbclient.exceptions import CellExecutionError, CellTimeoutError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        feature = "A report"
        extra = "report"
        raise MissingExtraError(feature, extra) from error
    notebook: Any = nbformat.read(source or _shipped_template(), as_version=4)
    client = NotebookClient(
        notebook,
        timeout=_CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.km = client.create_kernel_manager()
    if os.name == "posix":
        # Files that only this user can open, rather than ports that every program here could.
        client.km.transport = "ipc"
        client.km.ip = str(folder / "kernel")
    environment = {name: text for name, text in os.environ.items() if name not in _WITHHELD}
    failure = ""
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        failure = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        failure = f"it took longer than {_CELL_SECONDS} s"
    if failure:
        number, cell = _failed_cell(notebook)
        msg = (
            f"cell {number} of the report's notebook failed ({failure[:500]}); it begins "
            f"{cell[:80]!r}. Nothing was written: mend the template and run the report again"
        )
        raise ScandocError(msg)
    return _page.to_html(notebook, title)


def _failed_cell(notebook: Any) -> tuple[int, str]:
    ran = [
        (number, str(cell.source))
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and cell.get("execution_count") is not None
    ]
    return ran[-1] if ran else (1, "")
