"""A phone network that goes on learning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.embedding.features import MID_SIZE
from assistant.recognizers.phones.network import CTC, FRAMEWISE
from assistant.recognizers.phones.training.ctc import loss_and_gradient
from assistant.recognizers.phones.training.examples import Example, batches
from assistant.recognizers.phones.training.learner import Learner, Recipe
from tests.recognizers.phones.networks import random_frames, random_network

NETWORK = random_network()
STEP = 0.005
RECIPE = Recipe(epochs=30, batch=4, rate=1e-2, decay=0.0, dropout=0.0)


def spoken(units: tuple[int, ...], seed: int) -> Example:
    """Frames in which each unit is a direction of its own, for three frames."""
    random = np.random.default_rng(seed)
    directions = np.random.default_rng(0).normal(0.0, 1.0, (40, MID_SIZE))
    frames = [random.normal(0.0, 0.3, (3, MID_SIZE)) + directions[unit] for unit in units]
    labels = np.repeat(np.array(units, dtype=np.int16), 3)
    return Example(np.concatenate(frames).astype(np.float16), units, labels)


EXAMPLES = [spoken((unit, 1 + unit % 3, 5), unit) for unit in range(1, 13)]


def learner(recipe: Recipe = RECIPE) -> Learner:
    return Learner(NETWORK, EXAMPLES, recipe, np.random.default_rng(1))


def test_it_begins_as_the_network_that_it_is_given() -> None:
    frames = random_frames(15)
    unchanged = learner().network().posteriors(frames)
    assert np.array_equal(unchanged, NETWORK.posteriors(frames))


def test_its_loss_is_that_of_the_network_as_it_is_used() -> None:
    example = replace(EXAMPLES[4], labels=None)
    posteriors = NETWORK.posteriors(example.frames.astype(np.float32))[:, CTC]
    loss, _ = loss_and_gradient(posteriors[None], [len(posteriors)], [example.units])
    assert learner().gradients([example])[0] == pytest.approx(loss[0] / 3, rel=1e-4)


def test_units_of_frames_that_are_known_are_learnt_beside_them() -> None:
    example = EXAMPLES[4]
    assert example.labels is not None
    without, _ = learner().gradients([replace(example, labels=None)])
    relieved = NETWORK.posteriors(example.frames.astype(np.float32))[:, FRAMEWISE]
    frames = relieved + 0.5 * NETWORK.log_prior
    frames -= np.log(np.exp(frames).sum(axis=1, keepdims=True))
    entropy = -float(frames[np.arange(len(frames)), example.labels].mean())
    assert learner().gradients([example])[0] == pytest.approx(without + entropy, rel=1e-4)


def test_the_gradients_are_the_slopes() -> None:
    one = learner()
    batch = EXAMPLES[:3]
    _, gradients = one.gradients(batch)
    random = np.random.default_rng(5)
    for value, gradient in zip(one._values, gradients, strict=True):
        assert value.shape == gradient.shape
        place = tuple(int(random.integers(size)) for size in value.shape)
        before = value[place]
        value[place] = before + STEP
        more, _ = one.gradients(batch)
        value[place] = before - STEP
        less, _ = one.gradients(batch)
        value[place] = before
        assert gradient[place] == pytest.approx((more - less) / (2 * STEP), rel=0.02, abs=3e-3)


def test_it_learns() -> None:
    one = learner()
    losses = list(one.learn())
    assert len(losses) == one.steps
    assert np.mean(losses[-3:]) < 0.3 * np.mean(losses[:3])
    before = learner().gradients(EXAMPLES)[0]
    after = Learner(one.network(), EXAMPLES, RECIPE, np.random.default_rng(1))
    assert after.gradients(EXAMPLES)[0] < 0.3 * before


def test_the_same_numbers_give_the_same_network() -> None:
    recipe = Recipe(epochs=2, batch=4, dropout=0.2)
    networks = []
    for _ in range(2):
        one = learner(recipe)
        list(one.learn())
        networks.append(one.network())
    first, second = networks
    assert all(
        np.array_equal(a.weights, b.weights)
        for a, b in zip(first.layers, second.layers, strict=True)
    )


def test_batches_have_examples_of_a_length() -> None:
    some = [Example(np.zeros((n, MID_SIZE), np.float16), (1,)) for n in (9, 2, 8, 3)]
    assert [[len(one.frames) for one in batch] for batch in batches(some, 2)] == [[2, 3], [8, 9]]
