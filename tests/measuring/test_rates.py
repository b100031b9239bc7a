"""Rates of what was counted, and their exact intervals."""

from __future__ import annotations

import math

import pytest

from assistant.measuring.rates import Rate


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's table of 1936, as every book on Poisson counts has it.
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.63)],
)
def test_the_interval_is_the_exact_one(count: int, low: float, high: float) -> None:
    assert Rate(count, 1.0).interval() == pytest.approx((low, high), rel=1e-3)


def test_it_is_told_by_the_hour() -> None:
    assert str(Rate(2, 4.0)) == "0.50 an hour (0.06 to 1.81)"
    assert Rate(2, 4.0).plain() == {
        "count": 2,
        "hours": 4.0,
        "per_hour": 0.5,
        "interval": [pytest.approx(0.0606, abs=1e-4), pytest.approx(1.8062, abs=1e-4)],
    }


def test_in_no_time_nothing_is_known() -> None:
    assert Rate(0, 0.0).interval() == (0.0, math.inf)
    assert str(Rate(0, 0.0)) == "-"
    assert Rate(0, 0.0).plain()["per_hour"] is None
