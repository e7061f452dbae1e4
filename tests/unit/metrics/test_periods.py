from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics.metrics import failure_rate, status_mix, throughput

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


@pytest.mark.parametrize(
    ("every", "time", "start"),
    [
        ("1h", "2026-10-31T23:59:59.999999Z", "2026-10-31T23:00:00"),
        ("1h", "2026-10-31T23:00:00+05:30", "2026-10-31T17:00:00"),
        ("1d", "2026-11-01T00:00:00+01:00", "2026-10-31T00:00:00"),
        ("1w", "2026-11-01T23:59:59Z", "2026-10-26T00:00:00"),
        ("1w", "2026-11-02T00:00:00Z", "2026-11-02T00:00:00"),
        ("1w", "1970-01-01T00:00:00Z", "1969-12-29T00:00:00"),
        ("1mo", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00"),
        ("1mo", "1969-12-31T23:59:59Z", "1969-12-01T00:00:00"),
    ],
)
def test_a_period_starts_in_utc(
    every: str, time: str, start: str, build: Callable[..., pd.DataFrame]
) -> None:
    table = status_mix(build({"task_id": "a", "created_at": time}), every=every)

    assert [value.isoformat() for value in table["period"]] == [f"{start}+00:00"]


def test_times_that_are_texts_say_what_to_do(month: pd.DataFrame) -> None:
    frame = month.assign(created_at=month["created_at"].astype("str"))

    with pytest.raises(TypeError, match="'created_at' holds String, not times: read the frame wi"):
        status_mix(frame, every="1d")


def test_empty_months_are_kept_across_a_year(build: Callable[..., pd.DataFrame]) -> None:
    days = ("2025-11-30T23:59:59Z", "2026-02-01T00:00:00Z")
    frame = build(*({"task_id": day, "created_at": day} for day in days))

    table = throughput(frame, every="1mo")

    assert table["period"].dt.strftime("%Y-%m").tolist() == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert table["created"].tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("metric", [throughput, failure_rate])
def test_an_impossible_time_does_not_fill_the_memory(
    metric: Callable[..., Any], build: Callable[..., pd.DataFrame]
) -> None:
    frame = build(
        *({"task_id": day, "created_at": day} for day in ("1700-01-01", "2200-12-31")),
    )

    with pytest.raises(ValueError, match=r"every='1h' from 1700-01-01.* makes 4,391,641 rows: use"):
        metric(frame, every="1h")
