"""What must hold for any tasks, however odd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scandoc_analytics as sda
from scandoc_analytics import schema

if TYPE_CHECKING:
    from collections.abc import Callable

Build: TypeAlias = "Callable[..., pd.DataFrame]"

_QUICK = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_WORDS = st.sampled_from([None, "a", "b", "ä b", "<x>"])
_TIMES = st.sampled_from(
    [None, "2026-10-01T00:00:00Z", "2026-10-01T23:59:59.5Z", "2026-10-06T12:00:00Z"]
)
_FILES = st.lists(
    st.fixed_dictionaries(
        {
            "file_size_bytes": st.sampled_from([None, 0, 1, 10**12]),
            "file_type": st.sampled_from([None, "image/png", "application/pdf"]),
        }
    ),
    max_size=3,
)
_TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "operation": _WORDS,
            "status": st.sampled_from(["completed", "failed", "pending", "odd", None]),
            "created_at": _TIMES,
            "updated_at": _TIMES,
            "duration_s": st.sampled_from([None, -1.0, 0.0, 0.1, 1e9]),
            "error": st.sampled_from([None, "page 1", "page 22", "x" * 300]),
            "param_quality": st.sampled_from([None, 1, 80]),
            "fetched_at": _TIMES,
            "files": _FILES,
        }
    ),
    max_size=12,
)

_METRICS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "status_mix": lambda f: sda.status_mix(f, by="operation", every="1d"),
    "size_summary": sda.size_summary,
    "duration_summary": sda.duration_summary,
    "failure_reasons": lambda f: sda.failure_reasons(f, by="operation"),
    "failure_rate": lambda f: sda.failure_rate(f, by="operation", every="1w"),
    "throughput": lambda f: sda.throughput(f, by="operation"),
    "backlog": sda.backlog,
    "slowest": sda.slowest,
    "largest": sda.largest,
    "parameter_effect": lambda f: sda.parameter_effect(f, "quality"),
    "lineage": sda.lineage,
    "size_change": sda.size_change,
    "coverage": sda.coverage,
}


def _rows(tasks: list[dict[str, Any]], account: str = "") -> list[dict[str, Any]]:
    rows = []
    for number, task in enumerate(tasks):
        name = f"{account}t{number}"
        inputs = [f"{account}t{number - 1}-0", f"{account}t{number + 1}"]
        shared = {**task, "task_id": name, "input_ids": inputs}
        files = shared.pop("files")
        rows += [
            {**shared, **file, "file_index": index, "file_id": f"{name}-{index}"}
            for index, file in enumerate(files)
        ] or [shared]
    return rows


@pytest.mark.parametrize("metric", _METRICS)
@given(tasks=_TASKS, order=st.randoms(use_true_random=False))
@_QUICK
def test_order_and_duplication_of_rows_change_no_number(
    metric: str, build: Build, tasks: list[dict[str, Any]], order: Any
) -> None:
    rows = _rows(tasks)
    mixed = [*rows, *rows[::2]]
    order.shuffle(mixed)

    table = _METRICS[metric](build(*mixed))

    pd.testing.assert_frame_equal(table, _METRICS[metric](build(*rows)))


@given(tasks=_TASKS)
@_QUICK
def test_counts_are_the_number_of_tasks_and_shares_are_whole(
    build: Build, tasks: list[dict[str, Any]]
) -> None:
    frame = build(*_rows(tasks))

    mix = sda.status_mix(frame, by="operation", every="1d")
    reasons = sda.failure_reasons(frame, by="operation")

    assert mix["tasks"].sum() == len(tasks)
    assert sda.duration_summary(frame)["tasks"].sum() == len(tasks)
    assert sda.parameter_effect(frame, "quality")["tasks"].sum() == len(tasks)
    assert sda.throughput(frame)["created"].sum() == len(tasks)
    assert sda.size_summary(frame)["files"].sum() == sum(len(task["files"]) for task in tasks)
    failed = sum(task["status"] == "failed" for task in tasks)
    assert reasons["tasks"].sum() == failed
    assert sda.failure_rate(frame, every="1h")["failed"].sum() == failed
    waiting = sda.backlog(frame)[["pending", "processing", "other"]].sum().sum()
    assert waiting == sum(task["status"] not in schema.SETTLED for task in tasks)
    for table, keys in ((mix, ["operation", "period"]), (reasons, ["operation"])):
        shares = table.groupby(keys, dropna=False)["share"].sum()
        assert shares.tolist() == pytest.approx([1.0] * len(shares))


@given(ours=_TASKS, theirs=_TASKS)
@_QUICK
def test_two_accounts_together_add_up(
    build: Build, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    one, other = build(*_rows(ours, "our-")), build(*_rows(theirs, "their-"))
    both = build(*_rows(ours, "our-"), *_rows(theirs, "their-"))

    for metric, key, counts in (
        (sda.status_mix, "status", ["tasks"]),
        (sda.size_summary, "file_type", ["files", "bytes_total", "pages_total"]),
        (sda.duration_summary, "operation", ["tasks", "settled", "unsettled", "negative"]),
        (sda.throughput, "period", ["created", "completed", "failed"]),
        (sda.failure_reasons, "reason", ["tasks"]),
        (lambda f: sda.failure_rate(f, by="operation"), "operation", ["settled", "failed"]),
        (sda.backlog, "operation", ["pending", "processing", "other"]),
        (sda.size_change, "operation", ["pairs", "bytes_in", "bytes_out"]),
    ):
        apart = pd.concat([metric(one), metric(other)])
        summed = apart.groupby(key, dropna=False)[counts].sum()
        together = metric(both).groupby(key, dropna=False)[counts].sum()
        # Periods in the gap between two accounts are rows of zeros in one table only.
        summed = summed[summed.any(axis=1)].sort_index()
        together = together[together.any(axis=1)].sort_index()
        pd.testing.assert_frame_equal(together, summed)


@pytest.mark.parametrize("metric", _METRICS)
def test_no_rows_give_the_same_columns_and_dtypes(metric: str, month: pd.DataFrame) -> None:
    full, empty = _METRICS[metric](month), _METRICS[metric](schema.empty_frame())

    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert len(empty) == (1 if metric == "coverage" else 0)
    assert not (empty.dtypes == "category").any()


@pytest.mark.parametrize("metric", _METRICS)
def test_a_metric_leaves_its_frame_as_it_was(metric: str, month: pd.DataFrame) -> None:
    before = month.copy(deep=True)

    _METRICS[metric](month)

    pd.testing.assert_frame_equal(month, before)
