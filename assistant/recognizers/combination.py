"""What two recognizers heard of the same utterance, combined into one transcript.

This is Dempster's rule of combination (A. P. Dempster, "Upper and lower probabilities induced by a
multivalued mapping", Ann. Math. Stat. 38(2), 1967): a recognizer with the confidence c supports its
text by c, and by the rest nothing in particular; the two err independently of each other. Of
recognizers with the confidences a and b that agree both have to err for the text to be wrong:

    1 - (1 - a)(1 - b)

Where they differ they cannot both be right, so that share ab is left out of what may be:

    a(1 - b) / (1 - ab)   for the first text,   b(1 - a) / (1 - ab)   for the second

They agree when their words are the same. Other words may mean the same ("what time is it", "what's
the time"), which takes the intents to tell, and recognizers do not have these.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ports import Grammar
from assistant.recognizers.grammar import fits_open, is_sentence, is_whole, without_prefix
from assistant.recognizers.hypotheses import MOST_ALTERNATIVES
from assistant.turn import Transcript

# Who has heard nothing says that it is no sentence, and never how sure that is: as likely right as
# wrong. It halves the odds of what the other one heard.
NOTHING_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a recognizer heard, and the words of the grammar that it cannot hear."""

    heard: Transcript
    unheard: frozenset[str] = frozenset()

    @property
    def weight(self) -> float:
        """How much speaks for it, 0..1, be it text or nothing."""
        return self.heard.confidence if self.heard.text else NOTHING_CONFIDENCE


def combine(grammar: Grammar, one: Opinion, other: Opinion) -> Transcript:
    """Make one transcript of two; which is given first matters only where they are as sure.

    Agreement makes it no less sure, difference no surer. The likelier text wins, a sentence before
    what is none, and the other one is the first of the alternatives.
    """

    def rank(opinion: Opinion) -> tuple[bool, bool, float]:
        words = words_of(grammar, opinion)
        return is_whole(grammar, words), bool(opinion.heard.text), opinion.weight

    best, rest = sorted((one, other), key=rank, reverse=True)
    if words_of(grammar, best) == words_of(grammar, rest):
        return transcript_of(best, rest, 1.0 - (1.0 - best.weight) * (1.0 - rest.weight))
    # Who cannot hear a sentence hears another one instead, which supports both of them, and so
    # neither against the other: the one that can hear both decides alone.
    for deciding, deaf in ((best, rest), (rest, best)):
        if not can_hear(grammar, deaf, deciding):
            return transcript_of(deciding, deaf, deciding.weight)
    possible = 1.0 - best.weight * rest.weight
    # Of two that are certain one is right, and nothing tells which.
    return transcript_of(
        best, rest, best.weight * (1.0 - rest.weight) / possible if possible else 0.5
    )


def words_of(grammar: Grammar, opinion: Opinion) -> list[str]:
    """Its words without a wake word before them, of which each may have heard more or less."""
    return without_prefix(opinion.heard.text, grammar.prefixes).split()


def can_hear(grammar: Grammar, listener: Opinion, heard: Opinion) -> bool:
    """Whether it could have heard this, too: any words are heard by who has written them down."""
    words = words_of(grammar, heard)
    if is_sentence(grammar, words):
        return listener.unheard.isdisjoint(words)
    return not fits_open(grammar, words)


def transcript_of(best: Opinion, rest: Opinion, confidence: float) -> Transcript:
    """The better one with this confidence, the other one first among its alternatives."""
    heard = best.heard
    if not heard.text:
        return Transcript("", 0.0)
    texts = dict.fromkeys((rest.heard.text, *heard.alternatives, *rest.heard.alternatives))
    others = tuple(text for text in texts if text not in {"", heard.text})
    return Transcript(heard.text, confidence, others[:MOST_ALTERNATIVES])
