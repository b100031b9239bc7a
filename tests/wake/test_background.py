"""The measure of "the same voice", learnt from voices that are known because they were drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.wake.background import (
    SHIPPED,
    Background,
    learn,
    save_background,
    shipped_background,
)
from assistant.wake.voice import FEATURES, Vector

AXES, VOICES, RECORDINGS = 4, 200, 20
BETWEEN = np.array([3.0, 1.0, 0.0, 0.0])
"""How far voices are apart along each axis; what is said spreads by 1 along all."""


def drawn(seed: int, count: int = VOICES) -> tuple[Vector, npt.NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    voices = random.standard_normal((count, AXES)) * BETWEEN
    heard = voices.repeat(RECORDINGS, axis=0) + random.standard_normal((count * RECORDINGS, AXES))
    return heard, np.arange(count).repeat(RECORDINGS)


@pytest.fixture(scope="module")
def background() -> Background:
    return learn(*drawn(1))


def test_axes_that_tell_nothing_are_dropped(background: Background) -> None:
    assert len(background.between) == 2


def test_the_axis_that_tells_most_weighs_most(background: Background) -> None:
    here = np.zeros((3, AXES))
    far, near = np.array([4.0, 0.0, 0.0, 0.0]), np.array([0.0, 0.0, 4.0, 0.0])
    assert background.log_ratio(here, far) < background.log_ratio(here, near) - 1.0


def test_ratios_are_those_of_the_normal_distributions() -> None:
    """Against the formula spelt out: the joint density of both over the product of each."""
    plain = Background(np.zeros(1), np.eye(1), np.array([4.0]))
    enrolled, heard = np.array([[1.0], [2.0]]), np.array([1.5])

    def log_density(values: list[float]) -> float:
        covariance = np.full((len(values), len(values)), 4.0) + np.eye(len(values))
        _, log_determinant = np.linalg.slogdet(2 * np.pi * covariance)
        vector = np.array(values)
        return float(-(log_determinant + vector @ np.linalg.solve(covariance, vector)) / 2)

    expected = log_density([1.0, 2.0, 1.5]) - log_density([1.0, 2.0]) - log_density([1.5])
    assert plain.log_ratio(enrolled, heard) == pytest.approx(expected)


def test_scores_are_probabilities() -> None:
    """With as many calls of others as own ones, of scores about 0.7 seven of ten are own."""
    background = Background(np.zeros(AXES), np.eye(AXES), BETWEEN**2)
    heard, names = drawn(2)
    scores, own = [], []
    for name in range(VOICES):
        mine = heard[names == name]
        other = heard[names == (name + 1) % VOICES]
        for calls, is_own in ((mine[3:10], True), (other[3:10], False)):
            scores += [background.score(mine[:3], call) for call in calls]
            own += [is_own] * len(calls)
    for low, high in ((0.1, 0.4), (0.4, 0.7), (0.7, 0.9)):
        chosen = [is_own for score, is_own in zip(scores, own, strict=True) if low < score < high]
        assert low < np.mean(chosen) < high


def test_a_voice_from_another_world_scores_nothing_and_does_not_overflow() -> None:
    enrolled = np.zeros((3, FEATURES))
    assert shipped_background().score(enrolled, np.full(FEATURES, 1e6)) == pytest.approx(0.0)


def test_the_file_is_the_same_for_the_same_measure(background: Background, tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        save_background(background, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_shipped_one_fits_the_features_and_is_small() -> None:
    shipped = shipped_background()
    assert shipped.mean.shape == (FEATURES,)
    assert shipped.projection.shape == (FEATURES, len(shipped.between))
    assert SHIPPED.stat().st_size < 20_000
