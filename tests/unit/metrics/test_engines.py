"""Each metric gives the same table, dtypes and order included, whatever engine holds the frame."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import time
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pytest

import scandoc_analytics as sda
from scandoc_analytics import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Metric: TypeAlias = "Callable[[Any], pd.DataFrame]"

METRICS: dict[str, Metric] = {
    "status_mix": sda.status_mix,
    "status_mix by two": lambda f: sda.status_mix(f, by=["operation", "param_quality"]),
    "status_mix every hour": lambda f: sda.status_mix(f, by="operation", every="1h"),
    "size_summary": sda.size_summary,
    "size_summary by two": lambda f: sda.size_summary(f, by=["operation", "file_type"]),
    "size_summary of all": lambda f: sda.size_summary(f, by=None),
    "duration_summary": sda.duration_summary,
    "duration_summary of all": lambda f: sda.duration_summary(f, by=None),
    "failure_reasons": sda.failure_reasons,
    "failure_reasons by": lambda f: sda.failure_reasons(f, by="operation"),
    "failure_rate": lambda f: sda.failure_rate(f, by=["operation"]),
    "failure_rate every week": lambda f: sda.failure_rate(f, by="from_cache", every="1w"),
    "throughput": sda.throughput,
    "throughput every month": lambda f: sda.throughput(f, every="1mo", by="operation"),
    "backlog": sda.backlog,
    "backlog by": lambda f: sda.backlog(f, by=["status", "from_cache"], stuck_after=10),
    "slowest": sda.slowest,
    "slowest two": lambda f: sda.slowest(f, 2),
    "largest": sda.largest,
    "largest two": lambda f: sda.largest(f, 2),
    "parameter_effect": lambda f: sda.parameter_effect(f, "quality"),
    "parameter_effect text": lambda f: sda.parameter_effect(f, "effect", by=None),
    "coverage": sda.coverage,
}
FRAMES = ("ties", "one group", "one task", "one that was not fetched", "none")
#: Each engine with every frame, and a variant with the richest.
HELD = [
    *(
        (engine, frame)
        for engine in ("polars", "polars lazy", "pyarrow", "duckdb", "dask")
        for frame in FRAMES
    ),
    ("duckdb on pandas", "ties"),
]
#: Of those that differ in kind; each costs Spark seconds.
SPARK_FRAMES = ("ties", "none")


@pytest.fixture(scope="module")
def frames(month: pd.DataFrame) -> dict[str, pd.DataFrame]:
    again = [
        month.assign(task_id=month["task_id"] + tail, file_id=month["file_id"] + tail)
        for tail in ("", "b", "ä")
    ]
    return {
        # Among them: missing keys, unknown statuses, times that are not known.
        "ties": pd.concat(again),
        "one group": month[month["operation"] == "scan"],
        "one task": month.iloc[:1],
        "one that was not fetched": month.iloc[-1:],
        "none": schema.empty_frame(),
    }


@pytest.fixture(scope="module")
def held(frames: dict[str, pd.DataFrame]) -> Callable[[str, str], Any]:
    """The same tasks in an engine, put there once."""
    connections: list[Any] = []
    return functools.cache(lambda engine, frame: _held_by(engine, frames[frame], connections))


@pytest.fixture(scope="module", autouse=True)
def _far_away() -> Iterator[None]:
    """Half an hour off every whole hour of UTC, and a day ahead of it for a quarter of the day."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Kolkata"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def _held_by(engine: str, frame: pd.DataFrame, connections: list[Any]) -> Any:
    plain = frame.drop(columns="input_ids")
    if engine.startswith("polars"):
        polars = pytest.importorskip("polars")
        eager = polars.from_pandas(plain)
        return eager.lazy() if engine == "polars lazy" else eager
    if engine == "dask":
        return pytest.importorskip("dask.dataframe").from_pandas(plain, npartitions=3)
    table = pa.Table.from_pandas(plain, preserve_index=False)
    if engine == "pyarrow":
        return table
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Kolkata'")
    # Older relations do not keep their connection open.
    connections.append(connection)
    # Older versions know texts in pandas as objects only.
    texts = [name for name in plain.columns if plain[name].dtype == schema.STR]
    objects = plain.astype(dict.fromkeys(texts, "object"))
    connection.register("tasks", table if engine == "duckdb" else objects)
    return connection.table("tasks")


@pytest.mark.parametrize(("engine", "frame"), HELD)
@pytest.mark.parametrize("metric", METRICS)
def test_in_process_engines_agree_with_pandas(
    metric: str,
    frame: str,
    engine: str,
    frames: dict[str, pd.DataFrame],
    held: Callable[[str, str], Any],
) -> None:
    wanted = METRICS[metric](frames[frame])

    table = METRICS[metric](held(engine, frame))

    pd.testing.assert_frame_equal(table, wanted, rtol=1e-9, atol=0)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime, and there is no java here")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        # For queries as small as these, compiling them well costs more than it saves.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.session.timeZone", "Asia/Kolkata")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def spark_frames(
    spark: Any, frames: dict[str, pd.DataFrame], tmp_path_factory: Any
) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("parquet")
    held = {}
    for name in SPARK_FRAMES:
        plain = frames[name].drop(columns="input_ids")
        path = str(folder / f"{name}.parquet")
        plain.to_parquet(path)
        held[name] = spark.read.parquet(path)
    # What is there by now need not be looked through after each test.
    gc.freeze()
    yield held
    gc.unfreeze()


# Older releases of PySpark leave sockets to the garbage collector, which the end of the test calls.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("frame", SPARK_FRAMES)
@pytest.mark.parametrize("metric", METRICS)
def test_spark_agrees_with_pandas(
    metric: str, frame: str, spark_frames: Any, frames: dict[str, pd.DataFrame]
) -> None:
    wanted = METRICS[metric](frames[frame])

    table = METRICS[metric](spark_frames[frame])
    gc.collect()

    pd.testing.assert_frame_equal(table, wanted, rtol=1e-9, atol=0)
