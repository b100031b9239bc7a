"""Adam with decoupled weight decay, and a learning rate that rises and falls once.

D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015; I. Loshchilov and
F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FIRST, SECOND = 0.9, 0.999
EPSILON = 1e-8
WARM_UP = 0.1
"""The rate is highest after this share of the steps."""


class Adam:
    """Moves ``values`` in place, in so many ``steps``; matrices decay, biases do not."""

    def __init__(
        self, values: Sequence[npt.NDArray[np.float32]], *, rate: float, decay: float, steps: int
    ) -> None:
        self._values = values
        self._rate, self._decay, self._steps = rate, decay, steps
        self._first = [np.zeros_like(one) for one in values]
        self._second = [np.zeros_like(one) for one in values]
        self._taken = 0

    def step(self, gradients: Sequence[npt.NDArray[np.float32]]) -> None:
        """Take the next step."""
        done = self._taken / self._steps
        rate = self._rate * min(1.0, done / WARM_UP) * 0.5 * (1.0 + np.cos(np.pi * done))
        self._taken += 1
        for number, gradient in enumerate(gradients):
            self._first[number] += (1.0 - FIRST) * (gradient - self._first[number])
            self._second[number] += (1.0 - SECOND) * (gradient**2 - self._second[number])
            moved = self._first[number] / (1.0 - FIRST**self._taken)
            spread = np.sqrt(self._second[number] / (1.0 - SECOND**self._taken)) + EPSILON
            self._values[number][...] -= (rate * moved / spread).astype(np.float32)
            if gradient.ndim > 1:
                self._values[number][...] *= np.float32(1.0 - rate * self._decay)
