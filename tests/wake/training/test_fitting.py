"""The network that is fitted, and the trade-off that is made of its logits."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.wake.network import Network
from assistant.wake.training import curve
from assistant.wake.training.fitting import Windows, average, fit, logits_of
from assistant.wake.training.folds import FOLDS, Others, held_out_logits

LENGTH = 4
VALUES = 96


def made_up(seed: int) -> tuple[Windows, Windows]:
    """A word is three embeddings in a row with some values high, among noise."""
    random = np.random.default_rng(seed)
    embeddings = random.standard_normal((2_000, VALUES)).astype(np.float32)
    ends = np.arange(20, 2_000, 20)
    for end in ends:
        embeddings[end - 2 : end + 1, 7:12] += 4.0
    others = np.setdiff1d(np.arange(LENGTH, 2_000), ends[:, None] + np.arange(-2, 5))
    return (
        Windows(embeddings, ends, np.ones(len(ends))),
        Windows(embeddings, others, np.ones(len(others))),
    )


@pytest.fixture(scope="module")
def network() -> Network:
    return fit(*made_up(1), LENGTH, np.random.default_rng(1), steps=200)


def test_a_word_is_told_from_what_it_was_not_trained_on(network: Network) -> None:
    words, others = made_up(2)
    assert np.mean(logits_of(network, words) > 0) > 0.95
    assert np.mean(logits_of(network, others) > 0) < 0.02


def test_windows_are_drawn_by_their_weights() -> None:
    embeddings = np.arange(40, dtype=np.float32).reshape(10, 4)
    windows = Windows(embeddings, np.array([3, 5, 9]), np.array([1.0, 0.0, 3.0]))
    drawn = np.bincount(windows.draw(4_000, np.random.default_rng(1)), minlength=3)
    assert drawn[1] == 0
    assert drawn[2] == pytest.approx(3_000, abs=150)
    assert windows.take(np.array([2, 0]), 2).tolist() == [
        embeddings[8:10].tolist(), embeddings[2:4].tolist(),
    ]  # fmt: skip


def test_the_average_of_networks_is_the_mean_of_their_logits(network: Network) -> None:
    other = fit(*made_up(1), LENGTH, np.random.default_rng(2), steps=20)
    words, _ = made_up(2)
    mean = (logits_of(network, words) + logits_of(other, words)) / 2
    both = average([network, other], 1.5)
    assert logits_of(both, words) == pytest.approx(mean - 1.5, abs=1e-4)


def test_each_fifth_is_judged_by_the_network_that_has_not_seen_it() -> None:
    zeros = np.zeros((16 * VALUES, 1), np.float32)
    one = np.ones(VALUES, np.float32)
    networks = [
        Network(16, one * 0, one, zeros, zeros[0], zeros[0], float(number))
        for number in range(FOLDS)
    ]
    usable = np.ones(100, bool)
    usable[50:60] = False
    logits = held_out_logits(networks, Others(np.zeros((100, VALUES), np.float32), usable))
    assert set(logits[:15]) == {-60.0}
    assert set(logits[50:60]) == {-60.0}
    assert [logits[at] for at in (16, 25, 45, 65, 99)] == [0.0, 1.0, 2.0, 3.0, 4.0]


# --- the trade-off --------------------------------------------------------------------------------


def test_detections_within_the_refractory_time_are_one() -> None:
    logits = np.full(200, -9.0, np.float32)
    logits[[50, 55, 60, 100]] = 3.0, 5.0, 4.0, 2.0
    alarms = curve.peaks(logits)
    assert alarms[:2].tolist() == [5.0, 2.0]
    assert curve.count_over(alarms, 2.0) == 2
    assert curve.count_over(alarms, 2.5) == 1


def test_the_threshold_lets_so_many_through_and_no_more() -> None:
    alarms = np.array([5.0, 4.0, 3.0])
    for most in (0, 1, 2):
        assert curve.count_over(alarms, curve.threshold_for(alarms, most)) == most
    assert curve.threshold_for(alarms, 3) == 0.0


def test_far_above_what_others_say_the_threshold_is_out_of_their_reach() -> None:
    others = np.linspace(3.0, -3.0, 200)  # of ten hours
    at = curve.balanced(others, 10.0, np.full(20, 15.0))
    assert curve.count_over(others, at) == 10 * curve.RATES_BETWEEN[1]


def test_mingled_with_what_others_say_few_words_are_missed() -> None:
    others = np.linspace(3.0, -3.0, 200)
    far = curve.balanced(others, 10.0, np.full(20, 12.0))
    near = curve.balanced(others, 10.0, np.linspace(-1.0, 6.0, 20))
    assert near < far
    assert curve.count_over(others, near) <= 10 * curve.RATES_BETWEEN[0]


def test_one_word_in_many_that_is_not_heard_does_not_lower_the_threshold() -> None:
    others = np.linspace(3.0, -3.0, 200)
    all_but_one = np.array([*np.full(99, 15.0), -5.0])
    assert curve.balanced(others, 10.0, all_but_one) == curve.balanced(
        others, 10.0, np.full(100, 15.0)
    )


def test_fewer_false_alarms_cost_more_misses() -> None:
    points = curve.det(np.array([2.0, 1.0, 0.0, -1.0]), 2.0, [3.0, 1.5], [1.0, -0.5])
    alarms = [point.false_alarms_an_hour for point in points]
    assert alarms == sorted(alarms)
    assert alarms[-1] == 2.0
    for shares in ([one.missed for one in points], [one.missed_in_noise for one in points]):
        assert shares == sorted(shares, reverse=True)
    assert points[-1].plain() == {
        "threshold": pytest.approx(0.26894),
        "false_alarms_an_hour": 2.0,
        "missed": 0.0,
        "missed_in_noise": 0.0,
    }
