"""How sure it is that a sentence was said: evidence of several kinds, made a probability.

The constants are printed by ``scripts/bench calibrate`` from what was heard of the half 'dev'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells for a sentence.

    ``margin`` is how much better the sentence fits the sound than any sounds of speech do, in nats
    a second; ``agreement`` the share of hearings in which it was the best, 0..1.
    """

    margin: float
    agreement: float = 1.0


MIDPOINT, MARGIN_WEIGHT = 0.0003, 1000.0 / 0.15
AGREEMENT_WEIGHT = 0.0


def confidence(evidence: Evidence) -> float:
    """The probability that the sentence was said, by logistic regression."""
    weighed = MARGIN_WEIGHT * (evidence.margin - MIDPOINT)
    weighed += AGREEMENT_WEIGHT * (evidence.agreement - 1.0)
    return 1.0 / (1.0 + math.exp(-weighed))
