"""Sensitivity: one setting that means false alarms a day, for every word."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.wake.calibration import (
    LEAST_THRESHOLD,
    MOST_THRESHOLD,
    SPEECH_HOURS,
    Calibration,
    false_alarms_a_day,
    fit,
    log_odds_of,
    raised,
    through,
)

calibrations = st.builds(Calibration, st.floats(-10, 10), st.floats(0.2, 5.0))
sensitivities = st.floats(0.0, 1.0)


def test_what_a_sensitivity_stands_for() -> None:
    assert false_alarms_a_day(0.0) == pytest.approx(1 / 365)
    assert false_alarms_a_day(0.5) == pytest.approx(4 / 7, rel=0.01)
    assert false_alarms_a_day(1.0) == pytest.approx(120.0)


@given(calibrations, sensitivities)
def test_at_its_threshold_there_are_as_many_false_alarms_as_it_says(
    calibration: Calibration, sensitivity: float
) -> None:
    threshold = calibration.threshold(sensitivity)
    if LEAST_THRESHOLD < threshold < MOST_THRESHOLD:
        expected = false_alarms_a_day(sensitivity)
        assert calibration.false_alarms(threshold) == pytest.approx(expected, rel=1e-3)


@given(calibrations, sensitivities, sensitivities)
def test_more_sensitive_is_never_a_higher_threshold(
    calibration: Calibration, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert calibration.threshold(high) <= calibration.threshold(low)


def test_a_model_that_nobody_calibrated_keeps_its_threshold_at_a_half() -> None:
    for threshold in (0.4, 0.5, 0.9):
        assert through(threshold).threshold(0.5) == pytest.approx(threshold)


def test_the_tail_of_scores_is_found_again() -> None:
    true = Calibration(1.5, 1.2)
    hours, random = 200.0, np.random.default_rng(1)
    above = log_odds_of(0.05)
    peaks = random.poisson(hours * exp(true.intercept - true.slope * above))
    scores = above + random.exponential(1 / true.slope, peaks)
    found = fit([1 / (1 + exp(-score)) for score in scores], hours, 200)
    assert found.slope == pytest.approx(true.slope, rel=0.15)
    hourly = found.false_alarms(0.5) / SPEECH_HOURS
    assert hourly == pytest.approx(exp(true.intercept), rel=0.3)


def test_scores_of_exactly_0_and_1_are_no_trouble() -> None:
    assert fit([0.0, 1.0] * 50, 1.0).slope > 0


def test_too_few_peaks_are_no_tail() -> None:
    with pytest.raises(ValueError, match="5 peaks are too few to fit 40"):
        fit([0.1] * 5, 1.0)


def test_while_the_assistant_speaks_the_threshold_is_higher() -> None:
    assert raised(0.5) == pytest.approx(0.77, abs=0.01)
    assert raised(0.98) == MOST_THRESHOLD
