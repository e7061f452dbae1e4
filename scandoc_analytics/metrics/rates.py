"""A rate with its uncertainty, so that 1 of 3 does not look like 1,000 of 3,000."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RATE_DTYPES", "with_rate"]

RATE_DTYPES: Final = {
    "settled": "int64",
    "failed": "int64",
    "rate": "float64",
    "rate_low": "float64",
    "rate_high": "float64",
}
#: 97.5th percentile of the normal distribution: two-sided 95 %.
_Z: Final = 1.959963984540054


def with_rate(table: pd.DataFrame) -> pd.DataFrame:
    """Add `rate`, the failed share of the settled tasks, and its 95 % Wilson interval.

    All three are missing where nothing has settled. The formula is that of E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), pages 209 to 212.

    Examples
    --------
    >>> import pandas as pd
    >>> table = with_rate(pd.DataFrame({"settled": [10, 0], "failed": [1, 0]}))
    >>> table.round(4)
       settled  failed  rate  rate_low  rate_high
    0       10       1   0.1    0.0179     0.4042
    1        0       0   NaN       NaN        NaN
    """
    settled = table["settled"].to_numpy("float64")
    settled = np.where(settled > 0, settled, np.nan)
    rate = table["failed"].to_numpy("float64") / settled
    middle = rate + _Z**2 / (2 * settled)
    spread = _Z * np.sqrt(rate * (1 - rate) / settled + (_Z / (2 * settled)) ** 2)
    whole = 1 + _Z**2 / settled
    return table.assign(
        rate=rate,
        rate_low=np.where(rate == 0, 0, (middle - spread) / whole),
        rate_high=np.where(rate == 1, 1, (middle + spread) / whole),
    )
