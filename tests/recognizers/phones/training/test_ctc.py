"""How likely units are, beside all ways to say them written out."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.network import BLANK
from assistant.recognizers.phones.training.ctc import loss_and_gradient

Scores = npt.NDArray[np.float64]


def collapsed(way: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(unit for unit, _ in groupby(way) if unit != BLANK)


def chance(posteriors: Scores, units: tuple[int, ...]) -> float:
    """The sum over all ways that are these units."""
    frames, count = posteriors.shape
    return float(
        sum(
            np.exp(sum(posteriors[time, unit] for time, unit in enumerate(way)))
            for way in product(range(count), repeat=frames)
            if collapsed(way) == units
        )
    )


def log_softmax(scores: Scores) -> Scores:
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)))


def scores_of(seed: int, *shape: int) -> Scores:
    return np.random.default_rng(seed).normal(0.0, 1.5, shape)


@given(st.integers(0, 99), st.integers(1, 5), st.lists(st.integers(1, 2), max_size=3))
def test_the_loss_is_that_of_all_ways(seed: int, frames: int, units: list[int]) -> None:
    posteriors = log_softmax(scores_of(seed, frames, 3))
    expected = chance(posteriors, tuple(units))
    losses, gradient = loss_and_gradient(posteriors[None].astype(np.float32), [frames], [units])
    if expected:
        assert losses[0] == pytest.approx(-np.log(expected), rel=1e-4, abs=1e-5)
    else:  # there are not frames enough, so there is nothing to learn
        assert losses[0] == 0.0
        assert not gradient.any()


def test_the_gradient_is_the_slope() -> None:
    scores = scores_of(7, 2, 6, 4)
    lengths, units = [6, 4], [[1, 1, 3], [2]]

    def losses(changed: Scores) -> float:
        found, _ = loss_and_gradient(log_softmax(changed).astype(np.float32), lengths, units)
        return float(found.sum())

    _, gradient = loss_and_gradient(log_softmax(scores).astype(np.float32), lengths, units)
    for place in [(0, 0, 0), (0, 3, 1), (0, 5, 2), (1, 0, 2), (1, 3, 0)]:
        more, less = scores.copy(), scores.copy()
        more[place] += 0.05
        less[place] -= 0.05
        slope = (losses(more) - losses(less)) / 0.1
        assert gradient[place] == pytest.approx(slope, abs=2e-3)
    assert not gradient[1, 4:].any()  # after its end


def test_what_is_after_the_end_does_not_matter() -> None:
    posteriors = log_softmax(scores_of(3, 1, 9, 4)).astype(np.float32)
    short = loss_and_gradient(posteriors[:, :5], [5], [[1, 2]])
    filled = loss_and_gradient(posteriors, [5], [[1, 2]])
    assert filled[0] == pytest.approx(short[0])
    assert np.allclose(filled[1][:, :5], short[1], atol=1e-6)


def test_utterances_know_nothing_of_each_other() -> None:
    posteriors = log_softmax(scores_of(4, 2, 8, 4)).astype(np.float32)
    together, _ = loss_and_gradient(posteriors, [8, 7], [[1, 2, 3], [3]])
    alone, _ = loss_and_gradient(posteriors[1:], [7], [[3]])
    assert together[1] == pytest.approx(alone[0])
