"""A phone network that goes on learning, in numpy alone: what was learnt before is where it begins.

The shipped network is made with torch (``scripts/train-phones``), which has batch normalisation;
here that is part of the weights, and the rates are low. What is told frame by frame is learnt with
half of the prior added, so that what is left has been relieved of it ("logit adjustment", A. K.
Menon et al., ICLR 2021).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.network import (
    CTC,
    DEVIATIONS,
    FRAMEWISE,
    Floats,
    Layer,
    PhoneNetwork,
    log_softmax,
)
from assistant.recognizers.phones.training.ctc import loss_and_gradient
from assistant.recognizers.phones.training.examples import Example, batches, masked
from assistant.wake.training.adam import Adam

UNKNOWN = -1
MOST_GRADIENT = 1.0
"""The norm of all gradients together is cut to this."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it goes on learning; ``rate`` is the highest learning rate."""

    epochs: int = 8
    batch: int = 16
    rate: float = 3e-4
    decay: float = 1e-2
    dropout: float = 0.1


class Learner:
    """A network under change, and the examples that change it."""

    def __init__(
        self,
        network: PhoneNetwork,
        examples: Sequence[Example],
        recipe: Recipe,
        random: np.random.Generator,
    ) -> None:
        self._network = network
        self._recipe = recipe
        self._random = random
        self._batches = batches(examples, recipe.batch)
        self._values: list[Floats] = []
        for layer in network.layers:
            width = len(layer.bias)
            self._values.append(layer.weights.transpose(2, 1, 0).reshape(-1, width).copy())
            self._values.append(layer.bias.copy())
        self._values.append(network.output.weights[:, :, 0].T.copy())
        self._values.append(network.output.bias.copy())
        self._adam = Adam(
            self._values,
            rate=recipe.rate,
            decay=recipe.decay,
            steps=recipe.epochs * len(self._batches),
        )

    @property
    def steps(self) -> int:
        """In how many it learns."""
        return self._recipe.epochs * len(self._batches)

    def learn(self) -> Iterator[float]:
        """Go through all examples as often as the recipe says; the loss of each step, in nats."""
        for _ in range(self._recipe.epochs):
            for number in self._random.permutation(len(self._batches)):
                batch = self._batches[int(number)]
                loss, gradients = self.gradients(batch, dropout=self._recipe.dropout)
                norm = float(np.sqrt(sum(float(np.sum(np.square(one))) for one in gradients)))
                if norm > MOST_GRADIENT:
                    gradients = [one * np.float32(MOST_GRADIENT / norm) for one in gradients]
                self._adam.step(gradients)
                yield loss

    def network(self) -> PhoneNetwork:
        """Return what it is now."""
        layers = []
        for weights, bias in zip(self._values[:-2:2], self._values[1:-2:2], strict=True):
            wide = weights.reshape(3, -1, len(bias)).transpose(2, 1, 0)
            layers.append(Layer(np.ascontiguousarray(wide), bias.copy()))
        output = Layer(self._values[-2].T[:, :, None].copy(), self._values[-1].copy())
        return replace(self._network, layers=tuple(layers), output=output)

    def gradients(
        self, batch: Sequence[Example], *, dropout: float = 0.0
    ) -> tuple[float, list[Floats]]:
        """Return the loss a unit, in nats, and its gradient by each of the weights and biases."""
        network = self._network
        lengths = [len(one.frames) for one in batch]
        frames = np.tile(network.mean, (len(batch), max(lengths) + network.ahead, 1))
        for row, one in zip(frames, batch, strict=True):
            heard = one.frames.astype(np.float32)
            row[: len(heard)] = masked(heard, network.mean, self._random) if dropout else heard
        standard = (frames - network.mean) / network.deviation
        signal = np.clip(standard, -DEVIATIONS, DEVIATIONS)
        inputs: list[Floats] = []
        masks: list[npt.NDArray[np.float32]] = []
        for number, span in enumerate(network.spans):
            weights, bias = self._values[2 * number], self._values[2 * number + 1]
            three = _three(signal, span.before, span.after, span.step)
            found = three @ weights + bias
            mask = (found > 0).astype(np.float32)
            if dropout:
                kept = self._random.random(found.shape, np.float32) >= dropout
                mask *= kept / np.float32(1.0 - dropout)
            found *= mask
            signal = found if number == 0 else signal + found
            inputs.append(three)
            masks.append(mask)
        scores = signal @ self._values[-2] + self._values[-1]
        posteriors = log_softmax(scores)[:, :, CTC]
        half_prior = np.float32(0.5) * network.log_prior
        losses, error = loss_and_gradient(posteriors, lengths, [one.units for one in batch])
        # As torch means it: each utterance by its length, and the mean of these.
        sizes = np.array([max(1, len(one.units)) for one in batch])
        error *= (1.0 / (len(batch) * sizes)).astype(np.float32)[:, None, None]
        loss, lasting = framewise(scores[:, :, FRAMEWISE] + half_prior, batch)
        gradients = self._backwards(np.concatenate((error, lasting), axis=2), signal, inputs, masks)
        return float(np.mean(losses / sizes)) + loss, gradients

    def _backwards(
        self,
        error: Floats,
        signal: Floats,
        inputs: Sequence[Floats],
        masks: Sequence[npt.NDArray[np.float32]],
    ) -> list[Floats]:
        gradients: list[Floats] = [_outer(signal, error), error.sum(axis=(0, 1))]
        back: Floats = error @ self._values[-2].T
        for number in range(len(self._network.spans) - 1, -1, -1):
            span = self._network.spans[number]
            found = back * masks[number]
            gradients[:0] = [_outer(inputs[number], found), found.sum(axis=(0, 1))]
            if number:
                wide: Floats = (found @ self._values[2 * number].T).astype(np.float32)
                back = back + _together(wide, span.before, span.step)
        return gradients


def framewise(scores: Floats, batch: Sequence[Example]) -> tuple[float, Floats]:
    """The cross entropy of the frames whose units are known, in nats, and its gradient by scores.

    ``scores`` are utterances x frames x units. The mean is over all these frames.
    """
    labels = np.full(scores.shape[:2], UNKNOWN, dtype=np.intp)
    for row, one in zip(labels, batch, strict=True):
        if one.labels is not None:
            row[: len(one.labels)] = one.labels
    rows, frames = np.nonzero(labels != UNKNOWN)
    gradient = np.zeros_like(scores)
    if not len(rows):
        return 0.0, gradient
    known = scores[rows, frames]
    known = known - known.max(axis=1, keepdims=True)
    posteriors = known - np.log(np.exp(known).sum(axis=1, keepdims=True))
    each = np.arange(len(rows)), labels[rows, frames]
    error = np.exp(posteriors)
    error[each] -= 1.0
    gradient[rows, frames] = error / np.float32(len(rows))
    return -float(posteriors[each].mean()), gradient


def _three(signal: Floats, before: int, after: int, step: int) -> Floats:
    """The three frames that are seen from each, side by side; there is nothing outside."""
    padded = np.pad(signal, ((0, 0), (before, after), (0, 0)))
    count = signal.shape[1]
    return np.concatenate([padded[:, at : at + count] for at in (0, step, 2 * step)], axis=2)


def _together(wide: Floats, before: int, step: int) -> Floats:
    """The reverse of ``_three``: what each frame was seen with is added up."""
    rows, count, width = wide.shape
    size = width // 3
    padded = np.zeros((rows, count + 2 * step, size), dtype=np.float32)
    for number, at in enumerate((0, step, 2 * step)):
        padded[:, at : at + count] += wide[:, :, number * size : (number + 1) * size]
    return padded[:, before : before + count]


def _outer(inputs: Floats, errors: Floats) -> Floats:
    product: Floats = inputs.reshape(-1, inputs.shape[2]).T @ errors.reshape(-1, errors.shape[2])
    return product
