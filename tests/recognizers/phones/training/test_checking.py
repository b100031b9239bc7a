"""Whether a network is better than the one before."""

from __future__ import annotations

import pytest

from assistant.recognizers.phones.training.checking import Check, gullible


@pytest.mark.parametrize(("right", "better"), [(81, True), (80, False), (79, False)])
def test_better_is_more_understood(right: int, better: bool) -> None:
    assert Check(100, right, 60).better_than(Check(100, 80, 60)) is better


def test_one_in_twenty_others_may_be_surer() -> None:
    others = [number / 100 for number in range(40)]
    least = gullible(others)
    assert sum(sure > least for sure in others) == 2
    assert gullible(others[::-1]) == least


def test_of_few_others_none_may_be_and_without_any_everything_is_believed() -> None:
    assert gullible([0.2, 0.7]) == 0.7
    assert gullible([]) == 0.0
