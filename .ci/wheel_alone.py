"""Run by nox in an environment that holds the built wheel and its dependencies, nothing else."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import scandoc_analytics as sda

assert "site-packages" in str(sda.__file__), sda.__file__
for loaded_too_early in ("requests", "requests_cache", "narwhals", "matplotlib", "ipywidgets"):
    assert loaded_too_early not in sys.modules, loaded_too_early

from scandoc_analytics.cli.notebooks import shipped_notebooks  # noqa: E402 - it loads more

frame = sda.flatten([{"id": "task_a", "operation": "scan", "status": "completed"}])
assert sda.status_mix(frame)["tasks"].tolist() == [1]

for extra_of_a_feature in ("matplotlib", "ipywidgets", "starlette", "openpyxl"):
    assert find_spec(extra_of_a_feature) is None, extra_of_a_feature
for use, says in (
    (lambda: sda.plot.status_mix(frame), "scandoc_analytics[plot]"),
    (lambda: sda.Sandbox().start(), "scandoc_analytics[sandbox]"),
    (lambda: sda.TaskLookup(), "scandoc_analytics[widgets]"),  # noqa: PLW0108 - loads the name
    (lambda: sda.report(frame, "r.html"), "scandoc_analytics[report]"),
):
    try:
        use()
    except sda.MissingExtraError as error:
        if says not in str(error):
            raise
    else:
        raise AssertionError(says)

assert [path.name[:2] for path in shipped_notebooks()] == ["01", "02", "03", "04"]
assert (Path(sda.__file__).parent / "py.typed").exists()
sys.stdout.write("the wheel is whole\n")
