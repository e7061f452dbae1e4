from __future__ import annotations

import pandas as pd
import pytest

from scandoc_analytics.metrics.rates import with_rate


@pytest.mark.parametrize(
    ("settled", "failed", "low", "high"),
    [
        # R.G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (263, 81, 0.2553, 0.3662),
        (148, 15, 0.0624, 0.1605),
        (20, 0, 0.0, 0.1611),
        (29, 1, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_interval_as_published(settled: int, failed: int, low: float, high: float) -> None:
    table = with_rate(pd.DataFrame({"settled": [settled], "failed": [failed]}))

    assert table["rate"].iloc[0] == failed / settled
    assert table["rate_low"].iloc[0] == pytest.approx(low, abs=5e-5)
    assert table["rate_high"].iloc[0] == pytest.approx(high, abs=5e-5)
