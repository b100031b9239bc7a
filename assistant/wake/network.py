"""The network of a trained wake word: one hidden layer over a window of embeddings, in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]


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
