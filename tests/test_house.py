"""What holds the checkout together: names, commands and files that must agree with each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import scandoc_analytics as sda

ROOT = Path(__file__).parents[1]


def test_ci_runs_the_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(
        r"<!-- test command -->\n```bash\n(.+)\n```\n<!-- /test command -->", readme
    )
    assert command.startswith("python3 -m venv --without-pip .venv && python3 -m pip --python")
    assert "<!-- test command -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_extra_all_has_each_optional_feature() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"\[(.*?)\]", " ".join(extras["all"])))))
    assert named == set(extras) - {"all", "demo", "dev", "test", "lint", "browser"}


def test_every_public_name_can_be_had() -> None:
    names = vars(sda)["__all__"]
    assert "fetch_tasks" in names
    for name in names:
        assert getattr(sda, name) is not None


def test_importing_the_package_loads_little_beside_pandas() -> None:
    code = (
        "import sys, pandas; before = set(sys.modules); import scandoc_analytics; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert set(loaded.stdout.split()) <= {"scandoc_analytics", "lazy_loader"}
