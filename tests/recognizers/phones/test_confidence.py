"""How far a phone network is believed."""

from __future__ import annotations

import pytest

from assistant.recognizers.phones.confidence import (
    AS_SHIPPED,
    ENOUGH_RECORDINGS,
    WITH_RECORDINGS,
    Logistic,
    Trust,
    fit,
    trust_in,
)
from assistant.recognizers.phones.hypothesis import Hypothesis


def test_a_regression_is_a_probability() -> None:
    assert Logistic(0.0, (1.0,))(0.0) == 0.5
    assert Logistic(1.0, (2.0, -1.0))(1.0, 3.0) == 0.5
    assert 0.0 < Logistic(0.0, (1.0,))(-1e6) < 1e-9
    assert Logistic(0.0, (1.0,))(1e6) == pytest.approx(1.0)


@pytest.mark.parametrize("trust", [AS_SHIPPED, WITH_RECORDINGS])
def test_what_fits_better_is_surer_and_what_fits_worse_is_no_objection_for_long(
    trust: Trust,
) -> None:
    assert trust.own(-0.3) > trust.own(-1.0) > trust.own(-3.0)
    assert trust.agreeing(3.0) > trust.agreeing(-3.0)
    assert trust.other_right(0.0, 0.0, 0.0) > 0.5 > trust.other_right(1.0, 0.0, 0.0)


def test_a_network_that_has_heard_people_fits_better_before_it_is_believed() -> None:
    assert trust_in(0) is trust_in(ENOUGH_RECORDINGS - 1) is AS_SHIPPED
    assert trust_in(ENOUGH_RECORDINGS) is WITH_RECORDINGS
    assert WITH_RECORDINGS.own(-1.5) < AS_SHIPPED.own(-1.5)


def test_fit_is_by_phones() -> None:
    assert fit(Hypothesis((), 0.0, -6.0, 4)) == -1.5
    assert fit(Hypothesis((), 0.0, -6.0, 0)) == -6.0
