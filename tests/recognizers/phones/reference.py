"""The decoder's results by brute force: each sentence, each pronunciation, each frame in loops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from assistant.intents.acceptor import minimise
from assistant.ports import Grammar
from assistant.recognizers.grammar import make_grammar
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.pronunciation import Phones

INVENTORY = ("A", "B", "C")
LEXICON: Mapping[str, tuple[Phones, ...]] = {
    "a": (("A",),),
    "ab": (("A", "B"),),
    "abba": (("A", "B", "B", "A"),),
    "bee": (("B",), ("B", "A")),
    "be": (("B",),),
    "cab": (("C", "A", "B"), ("C", "B")),
    "unknown": (),
}

EVERYTHING = math.inf
"""A beam that lets all through."""

Words = tuple[str, ...]


def grammar_of(sentences: set[Words]) -> Grammar:
    """The grammar of some sentences."""
    arcs: list[dict[str, list[int]]] = []
    starts, final = [], set()
    for words in sorted(sentences):
        starts.append(len(arcs))
        for word in words:
            arcs.append({word: [len(arcs) + 1]})
        final.add(len(arcs))
        arcs.append({})
    return make_grammar(*minimise(starts, arcs.__getitem__, final))


def sayings(words: Words) -> Iterator[tuple[Phones, ...]]:
    """Every way to say some words, word by word."""
    return itertools.product(*(LEXICON[word] for word in words))


def score(log_posteriors: npt.NDArray[np.float32], words: Words, weights: Weights) -> float:
    """The best score of these words, said in any way and aligned in any way."""
    return max(
        (
            _aligned(log_posteriors, [phone for way in saying for phone in way], weights)
            - weights.word_penalty * len(words)
            for saying in sayings(words)
        ),
        default=-math.inf,
    )


def _aligned(
    log_posteriors: npt.NDArray[np.float32], phones: Sequence[str], weights: Weights
) -> float:
    units = [INVENTORY.index(phone) + 1 for phone in phones]
    silence = 0.0
    in_phone = [-math.inf] * len(units)
    in_blank = [-math.inf] * len(units)
    for row in log_posteriors.astype(float).tolist():
        row[0] += weights.blank_bias
        frame = [value - max(row) for value in row]
        before = [silence, *map(max, in_phone, in_blank)]
        silence += frame[0]
        in_blank = [out + frame[0] for out in before[1:]]
        in_phone = [
            frame[unit] + max(in_phone[index], before[index] + weights.phone_bonus)
            for index, unit in enumerate(units)
        ]
    return max(in_phone[-1], in_blank[-1]) if units else silence


def best(
    log_posteriors: npt.NDArray[np.float32], sentences: set[Words], weights: Weights
) -> list[tuple[Words, float]]:
    """The sentences that fit into the frames, with their scores, the best one first."""
    scored = [(words, score(log_posteriors, words, weights)) for words in sentences]
    possible = [one for one in scored if one[1] > -math.inf]
    return sorted(possible, key=lambda one: -one[1])


def texts() -> st.SearchStrategy[set[Words]]:
    """Some sentences."""
    sentence = st.lists(st.sampled_from(sorted(LEXICON)), max_size=4).map(tuple)
    return st.sets(sentence, max_size=8)


@st.composite
def posteriors(draw: st.DrawFn) -> npt.NDArray[np.float32]:
    """What a network may say in up to some ten frames, blurred or sure."""
    frames = draw(st.integers(0, 12))
    seed = draw(st.integers(0, 2**32 - 1))
    sureness = draw(st.sampled_from((0.5, 2.0, 5.0)))
    values = np.random.default_rng(seed).normal(0.0, sureness, (frames, 1 + len(INVENTORY)))
    values -= np.log(np.exp(values).sum(axis=1, keepdims=True))
    return values.astype(np.float32)


def spoken(phones: str) -> npt.NDArray[np.float32]:
    """What a network says that is sure of each frame: a letter is a phone, a dot a blank."""
    rows = np.full((len(phones), 1 + len(INVENTORY)), -10.0, dtype=np.float32)
    for row, phone in zip(rows, phones, strict=True):
        row[0 if phone == "." else INVENTORY.index(phone) + 1] = 0.0
    return rows


def all_weights() -> st.SearchStrategy[Weights]:
    """Weights that prune nothing."""
    return st.builds(
        Weights,
        blank_bias=st.sampled_from((0.0, -2.0)),
        phone_bonus=st.sampled_from((0.0, 1.5, 3.0)),
        word_penalty=st.sampled_from((0.0, 0.7)),
        beam=st.just(EVERYTHING),
    )
