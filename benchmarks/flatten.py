"""How fast `flatten` is, against decoding alone and against `json_normalize`, on the same pages.

Run ``python benchmarks/flatten.py``; see ``--help`` for sizes and the JSON file. Each size runs in
a process of its own, the ways one after the other, several times over; the least CPU time of each
counts. Compare the ratios, not the microseconds: those are the machine's.
"""

from __future__ import annotations

import argparse
import copy
import importlib.metadata
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from scandoc_analytics import flatten

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parent.parent / "tests" / "contract" / "examples"
PAGE = 100
#: How often each example stands among 100 tasks; together they make 1.5 files a task.
MIX = {
    "task-scan-completed": 14,
    "task-apply-effect-completed": 14,
    "task-convert-completed": 10,
    "task-render-completed": 14,
    "task-split-completed": 14,
    "task-merge-completed": 6,
    "task-extract-pages-completed": 5,
    "task-warp-completed": 3,
    "task-extract-text-completed": 5,
    "task-detect-documents-completed": 2,
    "task-scan-failed": 3,
    "task-apply-effect-failed": 2,
    "task-render-failed": 2,
    "task-scan-processing": 2,
    "task-render-pending": 4,
}


def account(tasks: int) -> list[bytes]:
    """List pages of an account: the examples with ids, names, sizes and times of their own."""
    chance = random.Random(0)  # noqa: S311 - data, not secrets
    kinds = [
        json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        for name, times in MIX.items()
        for _ in range(times)
    ]
    chance.shuffle(kinds)
    made = (_varied(kinds[number % len(kinds)], chance) for number in range(tasks))
    links = {"previous": None, "next": None}
    return [
        orjson.dumps(
            {"data": [next(made) for _ in range(min(PAGE, tasks - first))], "links": links}
        )
        for first in range(0, tasks, PAGE)
    ]


def _varied(kind: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    task = copy.deepcopy(kind)
    task["id"] = f"task_{_letters(chance)}"
    task["parameters"]["name"] = f"Invoice {chance.randrange(10**6)} from customer"
    start = chance.randrange(1_700_000_000, 1_780_000_000)
    task["created_at"] = _moment(start)
    task["updated_at"] = _moment(start + chance.random() * 60)
    for file in (task.get("result") or {}).get("generated_files", []):
        file["id"] = f"file_{_letters(chance)}"
        file["task_id"] = task["id"]
        file["name"] = task["parameters"]["name"]
        file["created_at"] = task["updated_at"]
        file["properties"]["size"] = chance.randrange(10**7)
    return task


def _letters(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16))


def _moment(seconds: float) -> str:
    return pd.Timestamp(seconds, unit="s").isoformat(timespec="milliseconds") + "Z"


def decode(pages: list[bytes]) -> None:
    for page in pages:
        orjson.loads(page)


def normalize(pages: list[bytes]) -> tuple[pd.DataFrame, pd.DataFrame]:
    tasks = [task for page in pages for task in json.loads(page)["data"]]
    with_files = [task for task in tasks if (task.get("result") or {}).get("generated_files")]
    files = pd.json_normalize(
        with_files, record_path=["result", "generated_files"], meta="id", record_prefix="file."
    )
    return pd.json_normalize(tasks), files


def measure(tasks: int, rounds: int) -> dict[str, Any]:
    pages = account(tasks)
    ways: dict[str, Callable[[list[bytes]], object]] = {"decode": decode, "flatten": flatten}
    if tasks <= 100_000:
        ways["json_normalize"] = normalize
    flatten(pages[:1])
    least = dict.fromkeys(ways, float("inf"))
    # What takes a few milliseconds is disturbed more easily: it needs more tries for its least.
    for _ in range(max(rounds, 50_000 // tasks)):
        for name, way in ways.items():
            # Twice in a row: the first time the caches still hold what the way before it used.
            for _ in range(2):
                started = time.process_time()
                way(pages)
                least[name] = min(least[name], time.process_time() - started)
    micros = {name: round(1e6 * seconds / tasks, 3) for name, seconds in least.items()}
    frame = flatten(pages)
    return {
        "tasks": tasks,
        "bytes_per_task": round(sum(map(len, pages)) / tasks),
        "files_per_task": round(float(frame["file_id"].notna().sum()) / tasks, 2),
        "cpu_us_per_task": micros,
        "flatten_over_decode": round(micros["flatten"] / micros["decode"], 2),
        "normalize_over_flatten": (
            round(micros["json_normalize"] / micros["flatten"], 2)
            if "json_normalize" in micros
            else None
        ),
    }


def memory(folder: Path) -> dict[str, int]:
    """Rise of the peak of resident memory while pages come from disk, and the frame's own size."""
    paths = sorted(folder.iterdir())
    flatten(paths[0].read_bytes())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    frame = flatten(path.read_bytes() for path in paths)
    peak = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    # The rows of one task share one list of ids.
    ids = frame.loc[frame["file_index"].fillna(0) == 0, "input_ids"]
    held = sum(sys.getsizeof(each) + sum(map(sys.getsizeof, each)) for each in ids)
    size = int(frame.memory_usage(deep=False, index=False).sum()) + held
    return {"peak_bytes": peak, "frame_bytes": size}


def in_a_process(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - this file itself
        [sys.executable, __file__, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        # Arrow's own allocator holds some 30 MB in reserve, whatever is asked of it.
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(tasks: int, rounds: int) -> dict[str, Any]:
    found = in_a_process("--measure", str(tasks), "--rounds", str(rounds))
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(account(tasks)):
            (Path(folder) / f"{number:06}.json").write_bytes(page)
        found.update(in_a_process("--memory", folder))
    found["peak_over_frame"] = round(found["peak_bytes"] / found["frame_bytes"], 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the results here too")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.rounds)))
        return
    if options.memory:
        print(json.dumps(memory(options.memory)))
        return
    results = [measured(tasks, options.rounds) for tasks in options.sizes]
    names = ("tasks", "flatten_over_decode", "normalize_over_flatten", "peak_over_frame")
    table = pd.DataFrame(results)
    micros = pd.json_normalize(table["cpu_us_per_task"].tolist()).add_suffix("_us")
    micros["flatten_over_least"] = (micros["flatten_us"] / micros["flatten_us"].min()).round(2)
    print(pd.concat([table[list(names)], micros], axis=1).to_string(index=False))
    if options.json:
        names = ("msgspec", "orjson", "pandas", "pyarrow")
        versions = {name: importlib.metadata.version(name) for name in names}
        about = {"python": platform.python_version(), **versions, "results": results}
        options.json.write_text(json.dumps(about, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
