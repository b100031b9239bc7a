"""How sure it is that a sentence was said, from how well its phones fit the sound."""

from __future__ import annotations

import math

from assistant.recognizers.phones.hypothesis import Hypothesis

INTERCEPT = 4.09
WEIGHT = 2.66
"""Of nats a phone; logistic regression on the half 'dev' of the coffee
orders, and other speech. No script prints it yet."""


def fit(heard: Hypothesis) -> float:
    """How well a sentence fits, in nats a phone: 0 where nothing would fit better."""
    return heard.acoustic / max(1, heard.phones)


def confidence(heard: Hypothesis) -> float:
    """The probability that this was said."""
    log_odds = INTERCEPT + WEIGHT * fit(heard)
    return 1.0 / (1.0 + math.exp(-max(log_odds, -50.0)))
