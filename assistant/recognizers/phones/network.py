"""The phone network: convolutions over mid frames, streaming, in numpy.

Every 40 ms it gives log-posteriors of 40 units, a blank and 39 phones, twice. By connectionist
temporal classification (``CTC``) a phone is told once, in the frame in which it is surest, and the
rest are blanks; ``FRAMEWISE`` each frame is told for what is said in it, and the blank is silence.
Both err, and not alike. Each layer looks at three frames, some of them still to come, and all but
the first add what they find to what they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]

INVENTORY = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
"""The phones of CMUdict."""
UNITS = len(INVENTORY) + 1
BLANK = 0
CTC, FRAMEWISE = slice(0, UNITS), slice(UNITS, 2 * UNITS)
"""Of the log-posteriors of a frame."""
OUTPUTS = 2 * UNITS
DEVIATIONS = 6.0
"""Values farther from the mean are taken to be so far: no single one may outweigh all others."""


@dataclass(frozen=True, slots=True)
class Span:
    """The frames that a layer sees: three, ``step`` apart, the last of them ``after`` ahead."""

    step: int
    after: int

    @property
    def before(self) -> int:
        """How far back it sees."""
        return 2 * self.step - self.after


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights of outputs x inputs x 3 (x 1 for the output layer), and a bias for each output."""

    weights: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class PhoneNetwork:
    """What was learnt: ``mean`` and ``deviation`` of mid frames, and a layer for each span.

    ``log_prior`` is of each unit the log of its share of all frames, half of which what is told
    frame by frame has been relieved of: how often a phone is said is for the grammar to tell.
    """

    spans: tuple[Span, ...]
    mean: Floats
    deviation: Floats
    layers: tuple[Layer, ...]
    output: Layer
    log_prior: Floats

    @property
    def ahead(self) -> int:
        """By so many frames it looks ahead."""
        return sum(span.after for span in self.spans)

    def posteriors(self, frames: Floats) -> Floats:
        """Log-posteriors, frames x outputs, of a whole utterance."""
        stream = PosteriorStream(self)
        return np.concatenate((stream.feed(frames), stream.rest()))


def between(one: PhoneNetwork, other: PhoneNetwork, share: float) -> PhoneNetwork:
    """Return a network so far on the way from one to another that was trained on from it."""

    def blend(first: Layer, second: Layer) -> Layer:
        weights = first.weights + np.float32(share) * (second.weights - first.weights)
        return Layer(weights, first.bias + np.float32(share) * (second.bias - first.bias))

    layers = tuple(map(blend, one.layers, other.layers))
    return replace(one, layers=layers, output=blend(one.output, other.output))


class PosteriorStream:
    """Log-posteriors of one stream of mid frames, each ``ahead`` frames late."""

    def __init__(self, network: PhoneNetwork) -> None:
        self._network = network
        # Three frames that are seen lie side by side, and so one product is all of a layer.
        self._weights = [
            np.ascontiguousarray(one.weights.transpose(2, 1, 0).reshape(-1, len(one.bias)))
            for one in network.layers
        ]
        self._output = np.ascontiguousarray(network.output.weights[:, :, 0].T)
        self.start()

    def start(self) -> None:
        """Begin another stream."""
        sizes = [layer.weights.shape[1] for layer in self._network.layers]
        self._seen: Sequence[Floats] = [
            np.zeros((span.before, size), dtype=np.float32)
            for span, size in zip(self._network.spans, sizes, strict=True)
        ]

    def feed(self, frames: Floats) -> Floats:
        """Take any number of mid frames; returns the log-posteriors that are known by now."""
        network = self._network
        standard = (frames - network.mean) / network.deviation
        posteriors, self._seen = self._run(np.clip(standard, -DEVIATIONS, DEVIATIONS))
        return posteriors

    def rest(self) -> Floats:
        """Return those from there to the end, were it now; the stream may go on."""
        ending = np.zeros((self._network.ahead, len(self._network.mean)), dtype=np.float32)
        return self._run(ending)[0]

    def _run(self, signal: Floats) -> tuple[Floats, Sequence[Floats]]:
        seen = []
        for number, (span, weights, layer) in enumerate(
            zip(self._network.spans, self._weights, self._network.layers, strict=True)
        ):
            joined = np.concatenate((self._seen[number], signal))
            seen.append(joined[max(0, len(joined) - 2 * span.step) :])
            count = max(0, len(joined) - 2 * span.step)
            three = [joined[at : at + count] for at in (0, span.step, 2 * span.step)]
            found = np.maximum(np.concatenate(three, axis=1) @ weights + layer.bias, 0.0)
            signal = found if number == 0 else found + joined[span.before : span.before + count]
        scores = signal @ self._output + self._network.output.bias
        return log_softmax(scores), seen


def log_softmax(scores: Floats) -> Floats:
    """Log-posteriors of scores, ... x outputs, of both kinds by themselves."""
    both = scores.reshape(*scores.shape[:-1], 2, UNITS)
    both = both - both.max(axis=-1, keepdims=True)
    posteriors: Floats = both - np.log(np.exp(both).sum(axis=-1, keepdims=True))
    return posteriors.reshape(scores.shape)
