"""Fetching against its targets: warm, cold and at import, with requests-cache itself as the peer.

    python benchmarks/fetch.py [--tasks 20000] [--cold-ids 2000] [--json FILE]

The service is a sandbox in a process of its own. What is warm is compared in CPU seconds on the
same bodies in one run, what is cold in wall time with the ideal: as many rounds of 50 ms as there
must be. Compare the ratios, not the seconds: those are the machine's. Let nothing else run.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from requests_cache import CachedSession

from scandoc_analytics import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LATENCY_S = 0.05
PAGES = 200
WORKERS = 32
SERVER = """
import json, sys
from scandoc_analytics import Sandbox
with Sandbox(tasks=int(sys.argv[1]), seed=1, latency_s=float(sys.argv[2])) as sandbox:
    print(json.dumps([sandbox.base_url, sandbox.api_key, sandbox.task_ids]), flush=True)
    sys.stdin.read()
"""


@contextmanager
def account(tasks: int, latency_s: float) -> Iterator[tuple[str, str, list[str]]]:
    command = [sys.executable, "-c", SERVER, str(tasks), str(latency_s)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        base_url, key, ids = json.loads(server.stdout.readline())
        yield base_url, key, ids
        server.stdin.close()


def cpu_s(work: Callable[[], object], rounds: int = 3) -> float:
    """Least CPU time of several rounds."""
    least = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return least


def wall_s(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def normalized(session: CachedSession, urls: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables that most people would make: tasks, and their files."""
    tasks = [session.get(url).json() for url in urls]
    with_files = [task for task in tasks if (task.get("result") or {}).get("generated_files")]
    files = pd.json_normalize(
        with_files, record_path=["result", "generated_files"], meta="id", record_prefix="file."
    )
    return pd.json_normalize(tasks), files


def warm(tasks: int, folder: Path) -> dict[str, Any]:
    """All from the cache: one call of ours, and a loop over a stock CachedSession."""
    with account(tasks, 0.0) as (base_url, key, every_id):
        client = Client(key, base_url, cache=folder / "ours")
        listed = client.list_tasks()
        ids = listed.loc[listed["status"].isin(["completed", "failed"]), "task_id"].unique()
        urls = [f"{base_url}/v1/tasks/{task_id}" for task_id in ids]
        session = CachedSession(folder / "stock")
        session.headers["x-api-key"] = key
        for url in urls:
            session.get(url).raise_for_status()
    # The service is gone: what comes now comes from the cache.
    ours_s = cpu_s(lambda: client.fetch_tasks(ids, progress=False))
    stock_s = cpu_s(lambda: normalized(session, urls), rounds=1)
    session.close()  # type: ignore[no-untyped-call]
    client.close()
    return {
        "tasks": len(ids),
        "of": len(every_id),
        "ours_us_per_task": 1e6 * ours_s / len(ids),
        "stock_us_per_task": 1e6 * stock_s / len(ids),
        "ratio": ours_s / stock_s,
        "target": 1 / 10,
    }


def remembered(tasks: int, folder: Path) -> dict[str, Any]:
    """What a list costs with a cache that remembers each task on it, and without one."""
    with account(tasks, 0.0) as (base_url, key, _):
        spent = {}
        for name, cache in (("without", False), ("with", folder / "remembered")):
            with Client(key, base_url, cache=cache, list_ttl=0) as client:
                # At its first call it also imports what it needs, and opens the file.
                client.list_tasks(limit=1, progress=False)
                spent[name] = cpu_s(lambda c=client: c.list_tasks(progress=False), rounds=1)  # type: ignore[misc]
    return {
        "tasks": tasks,
        "us_per_task": 1e6 * (spent["with"] - spent["without"]) / tasks,
        "ratio": spent["with"] / spent["without"],
    }


def cold(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A list of pages one after the other, and ids by many workers, 50 ms each."""
    with (
        account(PAGES * 100, LATENCY_S) as (base_url, key, ids),
        tempfile.TemporaryDirectory() as t,
    ):
        with Client(key, base_url, cache=Path(t) / "list") as client:
            list_s = wall_s(lambda: client.list_tasks(progress=False))
        with Client(key, base_url, cache=Path(t) / "ids", workers=WORKERS) as client:
            ids_s = wall_s(lambda: client.fetch_tasks(ids[:count], progress=False))
    ideal_list_s, ideal_ids_s = PAGES * LATENCY_S, count / WORKERS * LATENCY_S
    return (
        {"pages": PAGES, "seconds": list_s, "ratio": list_s / ideal_list_s, "target": 1.08},
        {"ids": count, "seconds": ids_s, "ratio": ids_s / ideal_ids_s, "target": 1.25},
    )


def imported() -> dict[str, Any]:
    """Wall time of a fresh interpreter that imports one or the other, the least of some."""
    least = {"pandas": float("inf"), "scandoc_analytics": float("inf"), "sys": float("inf")}
    for _ in range(7):
        for name, best in least.items():
            command = [sys.executable, "-c", f"import {name}"]
            seconds = wall_s(lambda c=command: subprocess.run(c, check=True))  # type: ignore[misc]  # noqa: S603
            least[name] = min(best, seconds)
    ours_s, pandas_s = (least[n] - least["sys"] for n in ("scandoc_analytics", "pandas"))
    return {"ours_s": ours_s, "pandas_s": pandas_s, "ratio": ours_s / pandas_s, "target": 1.25}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000, help="tasks in the warm comparison")
    parser.add_argument("--cold-ids", type=int, default=2_000)
    parser.add_argument("--json", type=Path, help="write the results here too")
    options = parser.parse_args()
    names = ("requests", "requests-cache", "pandas", "orjson")
    versions = {"python": platform.python_version(), **{name: version(name) for name in names}}
    print(" ".join(f"{name} {number}" for name, number in versions.items()))
    with tempfile.TemporaryDirectory() as folder:
        results = {"warm fetch_tasks / CachedSession": warm(options.tasks, Path(folder))}
        results["list_tasks that remembers / that does not"] = remembered(
            options.tasks, Path(folder)
        )
    results["cold list_tasks / ideal"], results["cold fetch_tasks / ideal"] = cold(options.cold_ids)
    results["import / import pandas"] = imported()
    table = pd.DataFrame(results).T[["ratio", "target"]].astype(float).round(3)
    met = (table["ratio"] <= table["target"]).astype(object).where(table["target"].notna(), "-")
    print(table.assign(met=met).to_string(na_rep="-"))
    print(json.dumps(results, indent=1))
    if options.json:
        about = {"versions": versions, "results": results}
        options.json.write_text(json.dumps(about, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
