"""The network of a trained wake word: one hidden layer over a window of embeddings, in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]

AT_ONCE = 4096
"""Windows that are looked at together: what comes of them stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of (length * values) x hidden and hidden x 1, over standardised embeddings."""

    length: int
    mean: Floats
    scale: Floats
    hidden_weights: Floats
    hidden_bias: Floats
    output_weights: Floats
    output_bias: float

    def logits(self, windows: Floats) -> Floats:
        """The logit of each of windows x length x values."""
        inputs = ((windows - self.mean) / self.scale).reshape(len(windows), -1)
        hidden = np.maximum(inputs @ self.hidden_weights + self.hidden_bias, 0.0)
        logits: Floats = hidden @ self.output_weights + np.float32(self.output_bias)
        return logits

    def logits_along(self, embeddings: Floats) -> Floats:
        """The logit of each window of embeddings in a row, the first as soon as there is one.

        Each embedding is weighted once for each place in a window, and no window is written out.
        """
        weights = self.hidden_weights.reshape(self.length, -1, len(self.hidden_bias))
        logits = np.zeros(max(0, len(embeddings) - self.length + 1), np.float32)
        for at in range(0, len(logits), AT_ONCE):
            part = (embeddings[at : at + AT_ONCE + self.length - 1] - self.mean) / self.scale
            count = len(part) - self.length + 1
            hidden = np.zeros((count, len(self.hidden_bias)), np.float32)
            for place, weight in enumerate(weights):
                hidden += part[place : place + count] @ weight
            hidden = np.maximum(hidden + self.hidden_bias, 0.0)
            logits[at : at + count] = hidden @ self.output_weights + np.float32(self.output_bias)
        return logits
