"""What the phone recognizer and another one heard, judged together.

Of every sentence that may have been said, phones tell how well it fits the sound. The other
recognizer is taken for a noisy channel: had that sentence been said, it would have heard what it
did, but for a few words and phones, the fewer the likelier. So where it misses one word of a
sentence that phones are unsure of, the rest of what it heard still counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ports import Grammar
from assistant.recognizers.combination import Opinion, can_hear, combine, words_of
from assistant.recognizers.grammar import without_prefix
from assistant.recognizers.hypotheses import MOST_ALTERNATIVES
from assistant.recognizers.phones.confidence import Distance, Heard, fit
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.recognizers.phones.hypothesis import Hypothesis
    from assistant.recognizers.phones.recognizer import PhoneRecognizer

LEAST_ODDS, MOST_ODDS = -4.0, 6.0
"""Of the other one: it is never as sure as it may say."""
SURE_ALONE = 0.97
"""PocketSphinx that is as sure is believed without phones: on the half 'dev' of the coffee orders,
clean and in kitchen noise, phones changed nothing then, and at 0.95 mended two orders of 510
(``scripts/bench phone-steps`` tells of the other half)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence as phones fit it, and how far it is from what the other one heard."""

    sentence: Hypothesis
    distance: Distance


class PhoneJudge:
    """Judges what a phone recognizer heard last, beside what another one heard before or after."""

    def __init__(self, phones: PhoneRecognizer, *, first: bool) -> None:
        self._phones = phones
        self._first = first
        self._trust = phones.trust

    def __call__(self, grammar: Grammar, first: Opinion, second: Opinion) -> Transcript:
        """Make one transcript of both."""
        own, other = (first, second) if self._first else (second, first)
        if not can_hear(grammar, own, other) or not can_hear(grammar, other, own):
            return combine(grammar, first, second)
        possible = self.candidates(grammar, other) if words_of(grammar, own) else []
        if not possible:
            return combine(grammar, first, second)
        odds = log_odds(other.heard.confidence)

        def value(one: Candidate) -> float:
            return self._trust.channel(one.sentence.score, one.distance, odds)

        best, *rest = sorted(possible, key=value, reverse=True)
        said = bool(other.heard.text)
        sure = self._trust.both(Heard(fit(best.sentence), odds, said, best.distance.words))
        heard = (other.heard.text, own.heard.text, *(one.sentence.text for one in rest))
        others = dict.fromkeys(text for text in heard if text not in {"", best.sentence.text})
        return Transcript(best.sentence.text, sure, tuple(others)[:MOST_ALTERNATIVES])

    def candidates(self, grammar: Grammar, other: Opinion) -> list[Candidate]:
        """The sentences that may have been said: the best by phones, and what the other one heard.

        None where phones heard nothing.
        """
        texts = (other.heard.text, *other.heard.alternatives)
        found = self._phones.candidates([text for text in texts if text])
        return [Candidate(one, self._distance(grammar, one.text, other)) for one in found]

    def _distance(self, grammar: Grammar, text: str, other: Opinion) -> Distance:
        """How far a sentence is from what the other one heard; nowhere where that is nothing."""
        heard = words_of(grammar, other)
        if not heard:
            return Distance(0, 0)
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - 3 MB

        said = without_prefix(text, grammar.prefixes).split()
        sounds, others = self._phones.sounds(said), self._phones.sounds(heard)
        return Distance(Levenshtein.distance(said, heard), Levenshtein.distance(sounds, others))


def log_odds(confidence: float) -> float:
    """Of a confidence, within what it can tell."""
    if confidence <= 0.0:
        return LEAST_ODDS
    if confidence >= 1.0:
        return MOST_ODDS
    return min(MOST_ODDS, max(LEAST_ODDS, math.log(confidence / (1.0 - confidence))))
