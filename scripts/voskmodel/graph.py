"""The graph in two parts, which Vosk composes: words of phones, and sentences of words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from scripts.voskmodel.fst import Transducer
from scripts.voskmodel.phones import (
    ANY_NUMBER,
    SILENCE_NUMBER,
    UNKNOWN,
    Lexicon,
    entry,
    loop,
    numbers,
)
from scripts.voskmodel.sentences import Words

SILENCE_COST = -math.log(0.5)
UNKNOWN_COST = 2.0
UNKNOWN_SHARE = 0.003
DISCOUNT = 0.7
"""Taken from each count of two words, for those that were never said together."""

_BEGIN, _END = "<s>", "</s>"


def numbered(lexicon: Lexicon) -> dict[str, int]:
    """The words' numbers, in the order of their phones: those that begin alike are neighbours."""
    ordered = sorted(lexicon, key=lambda word: numbers(lexicon[word][0]))
    return {word: number for number, word in enumerate([*ordered, UNKNOWN], start=1)}


def words_of_phones(lexicon: Lexicon, labels: Mapping[str, int]) -> Transducer:
    """A tree of all pronunciations; a word is written where only that word is left."""
    found = Transducer()
    start, root, end, silence = (found.state() for _ in range(4))
    for state in (start, end):
        found.arc(state, root, cost=SILENCE_COST)
        found.arc(state, silence, entry(SILENCE_NUMBER), cost=SILENCE_COST)
    found.arc(silence, silence, loop(SILENCE_NUMBER))
    found.arc(silence, root)
    found.final[root] = 0.0
    words_at: dict[tuple[int, ...], set[str]] = defaultdict(set)
    whole: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for word, pronunciations in lexicon.items():
        for phones in map(numbers, pronunciations):
            whole[phones].add(word)
            for length in range(1, len(phones) + 1):
                words_at[phones[:length]].add(word)
    states: dict[tuple[int, ...], int] = {(): root}
    for beginning, words in sorted(words_at.items()):
        only = len(words) == 1 and len(words_at.get(beginning[:-1], ())) != 1
        state = states[beginning] = found.state()
        writes = labels[next(iter(words))] if only else 0
        found.arc(states[beginning[:-1]], state, entry(beginning[-1]), writes)
        found.arc(state, state, loop(beginning[-1]))
    for phones, words in sorted(whole.items()):
        for word in sorted(words):
            # Words that sound alike are told apart here at last.
            found.arc(states[phones], end, writes=labels[word] if len(words) > 1 else 0)
    unknown, any_sound = found.state(), found.state()
    found.arc(root, unknown, writes=labels[UNKNOWN], cost=UNKNOWN_COST)
    found.arc(unknown, any_sound, entry(ANY_NUMBER))
    found.arc(any_sound, any_sound, loop(ANY_NUMBER))
    found.arc(any_sound, end)
    return found


def sentences_of_words(sentences: Iterable[Words], labels: Mapping[str, int]) -> Transducer:
    """How likely a word follows another, in these sentences; any word may follow any other."""
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        said = [_BEGIN, *sentence, _END]
        for word, following in pairwise(said):
            pairs[word][following] += 1
    known = [word for word in labels if word != UNKNOWN]
    # In how many ways a word is reached tells how likely it is after another one (Kneser and Ney).
    ways = Counter(following for counts in pairs.values() for following in counts)
    total = sum(ways.values()) + len(known) / 2 + 1
    found = Transducer()
    states = {_BEGIN: found.state()}
    back_off = found.state()
    states |= {word: found.state() for word in known}
    for word in known:
        likelihood = (1 - UNKNOWN_SHARE) * (ways[word] + 0.5) / total
        found.arc(back_off, states[word], labels[word], labels[word], -math.log(likelihood))
    unknown = labels[UNKNOWN]
    found.arc(back_off, back_off, unknown, unknown, -math.log(UNKNOWN_SHARE))
    found.final[back_off] = -math.log((ways[_END] + 0.5) / total)
    for word, state in states.items():
        counts = pairs.get(word, Counter())
        occurrences = max(1, sum(counts.values()))
        for following, count in sorted(counts.items()):
            cost = -math.log((count - DISCOUNT) / occurrences)
            if following == _END:
                found.final[state] = cost
            else:
                label = labels[following]
                found.arc(state, states[following], label, label, cost)
        left = DISCOUNT * len(counts) / occurrences if counts else 1.0
        found.arc(state, back_off, cost=-math.log(left))
    return found
