"""What is said to a recognizer that is measured: sentences of its grammar, and others.

``pick(n)`` chooses from 0 to n - 1, as random.Random(seed).randrange does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain

from assistant.ports import Grammar
from assistant.recognizers.grammar import sample

Pick = Callable[[int], int]
Means = Callable[[str], bool]
"""Tells whether a text means something."""

TRIES = 50


def commands(grammars: Sequence[Grammar], count: int, pick: Pick) -> list[str]:
    """So many different sentences, of each grammar in turn: fewer where there are no more."""
    found: dict[str, None] = {}
    left = list(grammars)
    while left and len(found) < count:
        new = [_new_sentence(grammar, found, pick) for grammar in left]
        left = [grammar for grammar, text in zip(left, new, strict=True) if text is not None]
        found |= dict.fromkeys(text for text in new if text is not None)
    return list(found)[:count]


def _new_sentence(grammar: Grammar, found: Collection[str], pick: Pick) -> str | None:
    """One that is not among those found; None when that takes too many tries."""
    tries = (sample(grammar, pick) for _ in range(TRIES))
    return next((text for text in tries if text not in found), None)


def reordered(texts: Sequence[str], means: Means, pick: Pick) -> Iterator[str]:
    """The words of each sentence in an order in which they mean nothing."""
    for text in texts:
        words = text.split()
        for _ in range(TRIES):
            shuffled = _shuffled(words, pick)
            if not means(shuffled):
                yield shuffled
                break


def replaced(
    texts: Sequence[str], others: Sequence[str], means: Means, pick: Pick
) -> Iterator[str]:
    """Each sentence with one of its words replaced by one of ``others``: it means nothing then."""
    for text in texts:
        for _ in range(TRIES):
            words = text.split()
            words[pick(len(words))] = others[pick(len(others))]
            if not means(" ".join(words)):
                yield " ".join(words)
                break


def other_words(texts: Sequence[str], grammar: Grammar) -> list[str]:
    """The words of other sentences that the grammar does not have."""
    own = set(grammar.words())
    return sorted(set(chain.from_iterable(text.split() for text in texts)) - own)


def _shuffled(words: Sequence[str], pick: Pick) -> str:
    left = list(words)
    return " ".join(left.pop(pick(len(left))) for _ in words)
