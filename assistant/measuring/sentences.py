"""What is said to a recognizer that is measured: sentences of its grammar, and others.

``pick(n)`` chooses from 0 to n - 1, as random.Random(seed).randrange does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from assistant.ports import Grammar
from assistant.recognizers.grammar import PrefixStatus, prefix_status, sample

Pick = Callable[[int], int]
Means = Callable[[str], bool]
"""Tells whether a text means something."""

TRIES = 50


def commands(grammars: Sequence[Grammar], count: int, pick: Pick) -> list[str]:
    """So many different sentences, of each grammar in turn: fewer where there are no more."""
    return list(islice(dict.fromkeys(_in_turn(grammars, count, pick)), count))


def _in_turn(grammars: Sequence[Grammar], count: int, pick: Pick) -> Iterator[str]:
    for number in range(TRIES * count):
        if grammars:
            yield sample(grammars[number % len(grammars)], pick)


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


def is_sentence(grammar: Grammar, text: str) -> bool:
    """Whether the grammar has this sentence."""
    return prefix_status(grammar, text.split()) in {
        PrefixStatus.COMPLETE,
        PrefixStatus.COMPLETE_FINAL,
    }


def _shuffled(words: Sequence[str], pick: Pick) -> str:
    left = list(words)
    return " ".join(left.pop(pick(len(left))) for _ in words)
