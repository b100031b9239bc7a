"""How far a phone network is believed, by itself and beside another recognizer.

Training moves how well anything fits, and the more so how well the sentences do that were learnt,
so a network that was trained here is believed by other constants, and one that has learnt from
recordings of people by others again. ``scripts/bench calibrate-phones`` prints them all: they are
regressions on the half 'dev' of the coffee orders, clean and in kitchen noise, and of other speech,
sentences nearly like orders among it, where networks that learnt from recordings had one half of
the orders and were asked about the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.recognizers.phones.hypothesis import Hypothesis

MOST_WORDS = 4
"""That differ: beyond so many, more tell no more of how sure it is."""


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
class Distance:
    """By so many words and phones two sentences differ: inserted, left out or replaced."""

    words: int
    phones: int


@dataclass(frozen=True, slots=True)
class Channel:
    """What speaks for a sentence, in nats: that it fits, and that the other one heard the like.

    ``score`` is the weight of a nat of fitting. A word or a phone that differs costs what is told
    here, and ``..._odds`` as much more for each nat by which the other one is sure.
    """

    score: float
    word: float
    word_odds: float
    phone: float
    phone_odds: float

    def __call__(self, score: float, distance: Distance, odds: float) -> float:
        """Of a sentence with this score, which so far is from what was heard with these odds."""
        words = distance.words * (self.word + self.word_odds * odds)
        phones = distance.phones * (self.phone + self.phone_odds * odds)
        return self.score * score - words - phones


@dataclass(frozen=True, slots=True)
class Heard:
    """How well the chosen sentence fits, in nats a phone, and what the other one makes of it.

    ``odds`` are the log-odds of the other one, where it ``said`` something, and ``words`` those in
    which that differs.
    """

    fit: float
    odds: float
    said: bool
    words: int

    @property
    def values(self) -> tuple[float, float, float, float]:
        """For a regression."""
        odds = self.odds if self.said else 0.0
        return self.fit, odds, float(not self.said), float(min(MOST_WORDS, self.words))


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a network is believed.

    ``own``: that what it heard is right, by its fit in nats a phone. ``channel`` chooses a
    sentence by what both heard, and ``sure`` is that this one is right.
    """

    own: Logistic
    channel: Channel
    sure: Logistic

    def both(self, heard: Heard) -> float:
        """How likely the chosen sentence is."""
        return self.sure(*heard.values)


AS_SHIPPED = Trust(
    own=Logistic(3.82, (0.91,)),
    channel=Channel(0.152, 0.617, 0.399, 0.256, -0.067),
    sure=Logistic(1.84, (0.33, 0.84, -4.72, -0.32)),
)
WITH_TEXT = Trust(
    own=Logistic(3.09, (0.91,)),
    channel=Channel(0.123, 0.651, 0.365, 0.232, -0.050),
    sure=Logistic(1.58, (0.34, 0.78, -4.31, -0.33)),
)
WITH_RECORDINGS = Trust(
    own=Logistic(3.08, (1.35,)),
    channel=Channel(0.097, 0.597, 0.334, 0.175, -0.050),
    sure=Logistic(1.81, (0.59, 0.69, -3.10, -0.17)),
)
ENOUGH_RECORDINGS = 25
"""Half as many as the constants were found with; how many it takes was not tried."""


def trust_in(recordings: int | None) -> Trust:
    """How far a network is believed that has learnt from so many recordings; None as shipped."""
    if recordings is None:
        return AS_SHIPPED
    return WITH_RECORDINGS if recordings >= ENOUGH_RECORDINGS else WITH_TEXT


def fit(heard: Hypothesis) -> float:
    """How well a sentence fits, in nats a phone: 0 where nothing would fit better."""
    return heard.acoustic / max(1, heard.phones)
