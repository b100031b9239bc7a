"""What a recognizer heard that is not bound to the sentences of a grammar, held against them.

Vosk's grammar is a bigram of phrases, so its hypotheses mix them; and where any words may be said,
it listens a second time, without a grammar, and both are held against each other. A hypothesis that
is a sentence wins over a likelier one that is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.ports import Grammar
from assistant.recognizers.grammar import fits_open, is_sentence
from assistant.turn import Transcript

UNKNOWN = "[unk]"
"""Stands for words that are not in the grammar."""

# What is no sentence can be understood by chance only, and may still be nearly what was said.
NO_SENTENCE_SHARE = 0.5
MOST_ALTERNATIVES = 5

Words: TypeAlias = tuple[str, ...]
Shares: TypeAlias = Mapping[Words, float]
"""How likely each hypothesis is among all of them, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Words that may have been said. ``score`` is a log-likelihood: differences tell, in nats."""

    words: Words
    score: float


def shares(hypotheses: Sequence[Hypothesis]) -> Shares:
    """Make shares of scores; those of equal words are added up."""
    best = max((one.score for one in hypotheses), default=0.0)
    weights = [math.exp(one.score - best) for one in hypotheses]
    found: dict[Words, float] = {}
    for one, weight in zip(hypotheses, weights, strict=True):
        found[one.words] = found.get(one.words, 0.0) + weight / sum(weights)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def choose(grammar: Grammar, heard: Shares) -> Transcript:
    """Choose what was said: the likeliest sentence, then other ones, then what is no sentence.

    The confidence of a sentence is the share of all sentences, with or without any words: that
    something of the grammar was said at all. Which of "set the timer" and "set a timer" it was is
    never sure, and mostly the same; what is no command is like none of them.
    """
    sentences = {
        words: share
        for words, share in heard.items()
        if is_sentence(grammar, words) or fits_open(grammar, words)
    }
    # Any words that nobody wrote down make it likelier that some were said, and are no text.
    texts = [words for words in sentences if UNKNOWN not in words]
    confidence = sum(sentences.values())
    others = [_known(*one) for one in heard.items() if one[0] not in texts]
    others.sort(key=lambda one: -one[1])
    if not texts and others:
        confidence = others[0][1]
    said = list(dict.fromkeys(" ".join(words) for words in (*texts, *(one for one, _ in others))))
    if not said or not said[0]:
        return Transcript("", 0.0)
    return Transcript(said[0], confidence, tuple(filter(None, said[1:]))[:MOST_ALTERNATIVES])


def _known(words: Words, share: float) -> tuple[Words, float]:
    """Leave unknown words out; the more they are, the less sure is the rest."""
    known = tuple(word for word in words if word != UNKNOWN)
    return known, share * NO_SENTENCE_SHARE * len(known) / max(1, len(words))
