"""How far a phone network is believed."""

from __future__ import annotations

import pytest

from assistant.recognizers.phones.confidence import (
    AS_SHIPPED,
    ENOUGH_RECORDINGS,
    WITH_RECORDINGS,
    WITH_TEXT,
    Distance,
    Heard,
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


@pytest.mark.parametrize("trust", [AS_SHIPPED, WITH_TEXT, WITH_RECORDINGS])
def test_what_fits_better_is_surer_and_so_is_what_the_other_one_heard_the_like_of(
    trust: Trust,
) -> None:
    assert trust.own(-0.3) > trust.own(-1.0) > trust.own(-3.0)
    alike = [trust.both(Heard(-1.0, odds, said=True, words=0)) for odds in (3.0, 0.0, -3.0)]
    assert alike == sorted(alike, reverse=True)
    apart = [trust.both(Heard(-1.0, 2.0, said=True, words=words)) for words in range(8)]
    assert apart == sorted(apart, reverse=True)
    assert apart[4] == apart[7]


@pytest.mark.parametrize("trust", [AS_SHIPPED, WITH_TEXT, WITH_RECORDINGS])
def test_a_sentence_is_worth_how_it_fits_less_what_differs(trust: Trust) -> None:
    channel = trust.channel
    same = channel(10.0, Distance(0, 0), 2.0)
    assert same == pytest.approx(10.0 * channel.score)
    assert same > channel(10.0, Distance(1, 2), 2.0) > channel(10.0, Distance(2, 6), 2.0)
    # The surer the other one is, the more it costs to differ from it.
    assert channel(10.0, Distance(1, 3), 4.0) < channel(10.0, Distance(1, 3), -1.0)


def test_where_the_other_one_is_silent_nothing_is_said_of_its_odds() -> None:
    assert Heard(-1.0, -4.0, said=False, words=0).values == (-1.0, 0.0, 1.0, 0.0)
    assert Heard(-1.0, -4.0, said=True, words=9).values == (-1.0, -4.0, 0.0, 4.0)


def test_a_network_that_has_heard_people_fits_better_before_it_is_believed() -> None:
    assert trust_in(None) is AS_SHIPPED
    assert trust_in(0) is trust_in(ENOUGH_RECORDINGS - 1) is WITH_TEXT
    assert trust_in(ENOUGH_RECORDINGS) is WITH_RECORDINGS
    assert WITH_RECORDINGS.own(-1.5) < AS_SHIPPED.own(-1.5)


def test_fit_is_by_phones() -> None:
    assert fit(Hypothesis((), 0.0, -6.0, 4)) == -1.5
    assert fit(Hypothesis((), 0.0, -6.0, 0)) == -6.0
