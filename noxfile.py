"""Everything that is checked, in one command: `nox`. One leg alone: `nox -s tests`."""

from __future__ import annotations

import os
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "wheel", "lowest", "tests", "browser"]

HERE = Path(__file__).parent
# On every core; the tests of a file share what is costly to start.
PARALLEL = ("--numprocesses=auto", "--dist=loadfile")
SUITE = ("--ignore=tests/browser", *PARALLEL)
# Bytecode is kept: the suite starts dozens of interpreters that all import pandas.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, and the layers of the package."""
    session.install("-e", ".[all,test,lint,browser]", "nox")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")
    session.run("mypy")


@nox.session
def wheel(session: nox.Session) -> None:
    """The built wheel, alone in its environment: it imports, and names what an extra would add."""
    dist = Path(session.create_tmp()) / "dist"
    session.run("uv", "build", "--wheel", "--quiet", "--clear", "--out-dir", str(dist), ".")
    (built,) = dist.glob("*.whl")
    session.install("--reinstall-package", "scandoc_analytics", str(built))
    session.chdir(session.create_tmp())
    session.run("python", str(HERE / ".ci" / "wheel_alone.py"))
    session.run("scandoc", "--version")


@nox.session
def lowest(session: nox.Session) -> None:
    """The suite on the oldest dependencies that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[all,test]")
    # The contract and the sandbox stand on four packages whose floors the rest tries as well.
    slow = ("--ignore=tests/contract", "--ignore=tests/unit/sandbox")
    session.run("pytest", *SUITE, *slow, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The suite on the newest dependencies, with the coverage floor."""
    session.install("--upgrade", "-e", ".[all,test]")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *SUITE, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session
def browser(session: nox.Session) -> None:
    """The widgets in a real JupyterLab in a real Chromium (skips where there is none)."""
    session.install("-e", ".[all,test,browser]")
    session.run("pytest", "tests/browser", *PARALLEL, *session.posargs)
