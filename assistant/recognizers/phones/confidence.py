"""How far a phone network is believed, by itself and beside another recognizer.

A network that has learnt from recordings of people deserves more weight than one that has heard
synthesised speech alone, and training moves how well anything fits. ``scripts/bench
calibrate-phones`` prints the constants of both: logistic regressions on the half 'dev' of the
coffee orders, clean and in kitchen noise, and of single words, each network trained with one half
of the orders and asked about the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.recognizers.phones.hypothesis import Hypothesis


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability by logistic regression."""

    intercept: float
    weights: tuple[float, ...]

    def __call__(self, *values: float) -> float:
        """How likely it is."""
        odds = self.intercept + sum(
            weight * value for weight, value in zip(self.weights, values, strict=True)
        )
        return 1.0 / (1.0 + math.exp(-min(50.0, max(-50.0, odds))))


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a network is believed.

    ``own``: that what it heard is right, by its fit in nats a phone. ``agreeing``: that what both
    heard is right, by the log-odds of the other one. ``other_right``: that the other one is right
    where they differ, by their ``Difference`` and its log-odds. ``differing`` is how much is
    left of ``own`` there: in loud noise phones hear commands in any words.
    """

    own: Logistic
    agreeing: Logistic
    other_right: Logistic
    differing: float


AS_SHIPPED = Trust(
    own=Logistic(4.58, (2.52,)),
    agreeing=Logistic(2.17, (1.08,)),
    other_right=Logistic(2.29, (-8.02, 26.24, 0.09)),
    differing=0.5,
)
WITH_RECORDINGS = Trust(
    own=Logistic(3.24, (3.06,)),
    agreeing=Logistic(2.23, (0.87,)),
    other_right=Logistic(1.81, (-6.96, 33.19, 0.13)),
    differing=0.7,
)
ENOUGH_RECORDINGS = 25
"""Half as many as the constants were found with; how many it takes was not tried."""


def trust_in(recordings: int) -> Trust:
    """How far a network is believed that has learnt from so many recordings."""
    return WITH_RECORDINGS if recordings >= ENOUGH_RECORDINGS else AS_SHIPPED


def fit(heard: Hypothesis) -> float:
    """How well a sentence fits, in nats a phone: 0 where nothing would fit better."""
    return heard.acoustic / max(1, heard.phones)
