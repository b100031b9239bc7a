"""How sure it is that a sentence was said, from how well its words fit the sound.

PocketSphinx's scores are relative to the best that any sound of speech scores in the same frame, so
the mean score of the words' frames tells how well they fit. espeak-ng's voices never fit well: they
are heard rightly, and hardly believed. Also tried, and no better together with it: the score of a
free loop of phones over the same sound, which took twice as long as the sentence itself; the worst
of the words; agreement between lengths of vocal tract.
``scripts/bench calibrate`` prints the two constants, found on the half 'dev'.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

INTERCEPT = 8.36
WEIGHT = 2_577.0
"""Of nats a frame."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was heard in so many frames; ``score`` is of all of them, in nats, at most 0."""

    text: str
    frames: int
    score: float


def fit(words: Sequence[Word]) -> float:
    """How well these words fit their sound, in nats a frame; at least one word."""
    return sum(word.score for word in words) / sum(word.frames for word in words)


def confidence(words: Sequence[Word]) -> float:
    """The probability that these words were said, by logistic regression; 0 of none."""
    if not words:
        return 0.0
    log_odds = INTERCEPT + WEIGHT * fit(words)
    return 1.0 / (1.0 + math.exp(-max(log_odds, -50.0)))
