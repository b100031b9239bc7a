"""What the phone recognizer and another one heard, judged together.

What both heard is nearly always right. Where they differ, the phone network is asked how much worse
the other one's sentence fits its sounds than its own: a little worse is no objection, since the
two err independently of each other. Where its own sentence is the shorter one, that tells less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ports import Grammar
from assistant.recognizers.combination import Opinion, can_hear, combine, transcript_of, words_of

if TYPE_CHECKING:
    from assistant.recognizers.phones.hypothesis import Hypothesis
    from assistant.recognizers.phones.recognizer import PhoneRecognizer
    from assistant.turn import Transcript


ALONE = 0.3
"""How far phones are believed where the other one heard nothing."""


MOST_LOSS = 1.0


@dataclass(frozen=True, slots=True)
class Difference:
    """How another sentence differs from the one that phones heard.

    ``loss`` is how much worse it fits, in nats a phone; beyond ``MOST_LOSS`` it tells no more.
    ``short`` is the share of its phones by which the one that was heard is shorter: in noise whole
    words are missed, and then any sentence without them fits better.
    """

    loss: float
    short: float

    @classmethod
    def of(cls, best: Hypothesis, other: Hypothesis) -> Difference:
        """Compare what was heard with another sentence of the same sounds."""
        loss = (best.score - other.score) / max(1, best.phones)
        short = 1.0 - best.phones / max(1, other.phones)
        return cls(min(MOST_LOSS, loss), max(0.0, short))


class PhoneJudge:
    """Judges what a phone recognizer heard last, beside what another one heard before or after."""

    def __init__(self, phones: PhoneRecognizer, *, first: bool) -> None:
        self._phones = phones
        self._first = first
        self._trust = phones.trust

    def __call__(self, grammar: Grammar, first: Opinion, second: Opinion) -> Transcript:
        """Make one transcript of both."""
        own, other = (first, second) if self._first else (second, first)
        mine, theirs = words_of(grammar, own), words_of(grammar, other)
        if not can_hear(grammar, own, other) or not can_hear(grammar, other, own):
            return combine(grammar, first, second)
        odds = log_odds(other.weight)
        if mine and mine == theirs:
            return transcript_of(other, own, self._trust.agreeing(odds))
        if not theirs:
            return transcript_of(own, other, ALONE * own.weight)
        fits = self._phones.align(other.heard.text) if mine else None
        if fits is None:
            return combine(grammar, first, second)
        differing = Difference.of(*fits)
        other_right = self._trust.other_right(differing.loss, differing.short, odds)
        if other_right >= 0.5:
            return transcript_of(other, own, other_right * other.weight)
        return transcript_of(own, other, (1.0 - other_right) * self._trust.differing * own.weight)


def log_odds(confidence: float) -> float:
    """Of a confidence, which is never quite certain."""
    bounded = min(1.0 - 1e-4, max(1e-4, confidence))
    return math.log(bounded / (1.0 - bounded))
