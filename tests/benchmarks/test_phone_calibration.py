"""``scripts/bench calibrate-phones``: how its constants are fitted and told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.recognizers.phones.confidence import Logistic
from scripts.benchmarks.phone_calibration import fitted, told


def test_constants_that_made_the_answers_are_found() -> None:
    random = np.random.default_rng(1)
    true = Logistic(1.0, (-4.0, 0.5))
    values = [(random.uniform(0, 1), random.uniform(-3, 3)) for _ in range(4_000)]
    right = [bool(random.random() < true(*each)) for each in values]
    found = fitted(values, right)
    assert [found.intercept, *found.weights] == pytest.approx([1.0, -4.0, 0.5], abs=0.3)


def test_what_weighs_more_tells_more() -> None:
    values, right = [(0.0,), (0.0,), (1.0,), (1.0,)], [True, False, True, False]
    mostly = fitted(values, right, [9.0, 1.0, 1.0, 9.0])
    assert mostly(0.0) > 0.7
    assert mostly(1.0) < 0.3


def test_where_all_are_right_nothing_is_known() -> None:
    assert math.isnan(fitted([(0.5,)], [True]).intercept)


def test_they_are_told_as_they_are_written() -> None:
    assert told(Logistic(1.234, (-5.678, 0.2))) == "1.23, (-5.68, 0.20)"
