"""Fits a small network to windows of embeddings: one hidden layer, by Adam, in numpy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from assistant.wake.network import Floats, Network
from assistant.wake.training.adam import Adam

HIDDEN = 32
STEPS = 900
BATCH_WORDS = 96
BATCH_OTHERS = 384
LEARNING_RATE = 2e-3
DECAY = 2e-2
"""Of the weights, a step at full learning rate (AdamW: not by way of the gradient)."""
# Half of the values of each window are dropped, anew each step: no single one is to be trusted. The
# others count twice.
KEPT = np.float32(0.5)
HARD_EVERY = 150
HARD_SHARE = 0.03
"""Every so many steps, those of the others that look most like the word are found again."""


@dataclass(frozen=True)
class Windows:
    """Windows within a row of embeddings, each by its last embedding, each with a weight.

    The embeddings lie in memory one after the other (C order), else each step copies them all.
    """

    embeddings: Floats
    ends: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    def take(self, chosen: npt.NDArray[np.int64], length: int) -> Floats:
        """Return the chosen windows, each ``length`` x 96."""
        size = length * self.embeddings.shape[1]
        # What follows each other in time does so in memory: a window is copied as one piece.
        values = self.embeddings.reshape(-1)
        starts = (self.ends[chosen] + 1 - length) * self.embeddings.shape[1]
        taken: Floats = sliding_window_view(values, size)[starts]
        return taken.reshape(len(chosen), length, -1)

    def draw(self, count: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
        """Choose so many by their weights."""
        thrown = random.random(count)
        chosen: npt.NDArray[np.int64] = np.searchsorted(self._upto, thrown, side="right")
        return chosen

    @cached_property
    def _upto(self) -> npt.NDArray[np.float64]:
        """The share of all weights up to each of them."""
        sums = np.cumsum(self.weights)
        shares: npt.NDArray[np.float64] = sums / sums[-1]
        return shares


def fit(
    words: Windows,
    others: Windows,
    length: int,
    random: np.random.Generator,
    *,
    step_done: Callable[[], object] = lambda: None,
    steps: int = STEPS,
) -> Network:
    """Fit a network that tells windows with the word from others."""
    mean, scale = scale_of(others.embeddings)
    size = length * others.embeddings.shape[1]
    values = [
        (random.standard_normal((size, HIDDEN)) / np.sqrt(size)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (random.standard_normal(HIDDEN) / np.sqrt(HIDDEN)).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    adam = Adam(values, rate=LEARNING_RATE, decay=DECAY, steps=steps)
    hard = np.zeros(0, np.int64)

    def network() -> Network:
        return Network(length, mean, scale, values[0], values[1], values[2], float(values[3][0]))

    for step in range(steps):
        if step and step % HARD_EVERY == 0:
            logits = logits_of(network(), others)
            count = max(1, round(HARD_SHARE * len(logits)))
            hard = np.argpartition(logits, -count)[-count:]
        chosen_words = words.draw(BATCH_WORDS, random)
        usual = BATCH_OTHERS // 2 if len(hard) else BATCH_OTHERS
        chosen = others.draw(usual, random)
        if len(hard):
            chosen = np.concatenate((chosen, random.choice(hard, BATCH_OTHERS - usual)))
        inputs = np.concatenate((words.take(chosen_words, length), others.take(chosen, length)))
        inputs -= mean
        inputs /= scale * KEPT
        inputs = inputs.reshape(len(inputs), -1)
        inputs *= _coins(inputs.shape, random)
        targets = np.zeros(len(inputs), np.float32)
        targets[:BATCH_WORDS] = 1.0
        weights = np.full(len(inputs), 0.5 / BATCH_OTHERS, np.float32)
        weights[:BATCH_WORDS] = 0.5 / BATCH_WORDS
        gradients = _gradients(values, inputs, targets, weights)
        adam.step(gradients)
        step_done()
    return network()


def scale_of(embeddings: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation of each value."""
    return embeddings.mean(axis=0), embeddings.std(axis=0) + np.float32(1e-3)


def average(networks: Sequence[Network], logit: float) -> Network:
    """One network whose logit is the mean of all of theirs, less ``logit``."""
    count = np.float32(len(networks))
    return Network(
        networks[0].length,
        networks[0].mean,
        networks[0].scale,
        np.concatenate([one.hidden_weights for one in networks], axis=1),
        np.concatenate([one.hidden_bias for one in networks]),
        (np.concatenate([one.output_weights for one in networks]) / count).astype(np.float32),
        sum(one.output_bias for one in networks) / len(networks) - logit,
    )


def logits_of(network: Network, windows: Windows) -> Floats:
    """The network's logit of each window."""
    logits: Floats = network.logits_along(windows.embeddings)[windows.ends + 1 - network.length]
    return logits


def _coins(shape: tuple[int, int], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """0 or 1 with equal chances, at a bit of chance each."""
    count = shape[0] * shape[1]
    thrown = np.frombuffer(random.bytes((count + 7) // 8), np.uint8)
    return np.unpackbits(thrown, count=count).reshape(shape)


def _gradients(
    values: list[Floats], inputs: Floats, targets: Floats, weights: Floats
) -> list[Floats]:
    """Of the weighted cross-entropy, by each of the values."""
    hidden_weights, hidden_bias, output_weights, output_bias = values
    hidden = np.maximum(inputs @ hidden_weights + hidden_bias, 0.0)
    logits = hidden @ output_weights + output_bias
    error = weights * (1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))) - targets)
    back = np.outer(error, output_weights) * (hidden > 0)
    return [inputs.T @ back, back.sum(axis=0), hidden.T @ error, np.array([error.sum()])]
