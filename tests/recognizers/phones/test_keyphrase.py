"""Listening for one phrase, held against brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.keyphrase import KeyPhrase
from tests.recognizers.phones.reference import INVENTORY, LEXICON, Words, posteriors, spoken

PLAIN = Weights(blank_bias=0.0)


def phrase(text: str, threshold: float = -1.0, quiet_frames: int = 2) -> KeyPhrase:
    words = [LEXICON[word] for word in text.split()]
    return KeyPhrase(words, INVENTORY, PLAIN, threshold, quiet_frames=quiet_frames)


def best_score(log_posteriors: npt.NDArray[np.float32], words: Words, quiet: int) -> float:
    """Of the phrase anywhere in these frames with so many blanks on both sides, by the phone."""
    frames = log_posteriors.astype(float) - log_posteriors.max(axis=1, keepdims=True, initial=-99.0)
    best = -math.inf
    for saying in itertools.product(*(LEXICON[word] for word in words)):
        units = [INVENTORY.index(phone) + 1 for way in saying for phone in way]
        for begin in range(len(frames)):
            before = frames[max(0, begin - quiet) : begin, 0].sum()
            for end in range(begin + 1, len(frames) - quiet + 1):
                after = frames[end : end + quiet, 0].sum()
                inside = best_path(frames[begin:end].tolist(), units)
                best = max(best, (before + inside + after) / len(units))
    return best


def best_path(frames: list[list[float]], units: list[int]) -> float:
    """The best one that is in the first phone in the first frame and in the last in the last."""
    paths = {(0, units[0]): frames[0][units[0]]}
    for frame in frames[1:]:
        following: dict[tuple[int, int], float] = {}
        for (index, unit), score in paths.items():
            steps = [(index, unit), (index, 0)]
            if index + 1 < len(units):
                steps.append((index + 1, units[index + 1]))
            for step in steps:
                total = score + frame[step[1]]
                following[step] = max(following.get(step, -math.inf), total)
        paths = following
    return paths.get((len(units) - 1, units[-1]), -math.inf)


@given(
    posteriors(),
    st.sampled_from(["ab", "bee", "cab a", "abba"]),
    st.integers(0, 3),
    st.sampled_from([-0.01, 0.01]),
)
def test_is_heard_from_the_threshold_on(
    log_posteriors: npt.NDArray[np.float32], text: str, quiet: int, beside: float
) -> None:
    score = best_score(log_posteriors, tuple(text.split()), quiet)
    threshold = score + beside if score > -math.inf else -1e6
    heard = phrase(text, threshold, quiet).feed(log_posteriors)
    assert heard == (score >= threshold)


@given(posteriors(), st.lists(st.integers(0, 12)), st.sampled_from([-0.5, -1.0, -2.0]))
def test_pieces_are_heard_as_the_whole(
    log_posteriors: npt.NDArray[np.float32], cuts: list[int], threshold: float
) -> None:
    whole, pieces = phrase("ab", threshold), phrase("ab", threshold)
    split = np.split(log_posteriors, sorted(min(cut, len(log_posteriors)) for cut in cuts))
    heard = [pieces.feed(piece) for piece in split]
    assert any(heard) == whole.feed(log_posteriors)


@pytest.mark.parametrize("phones", ["AB..", "....AAAB...", ".A..BB..", "CBC..A.B..CBC"])
def test_hears_the_phrase_on_its_own(phones: str) -> None:
    assert phrase("ab").feed(spoken(phones))


@pytest.mark.parametrize(
    "phones", ["", "A", "....", "AB", "AB.", "CAB..", ".AB.A..", "..BA..", "..A..C..B.."]
)
def test_does_not_hear_it_within_words_or_before_it_is_over(phones: str) -> None:
    assert not phrase("ab").feed(spoken(phones))


@pytest.mark.parametrize("phones", ["AB", "CABC", "BA.BC"])
def test_hears_it_within_words_where_quiet_is_not_asked_for(phones: str) -> None:
    assert phrase("ab", quiet_frames=0).feed(spoken(phones))


def test_says_so_once_for_each_time() -> None:
    listening = phrase("ab")
    heard = [listening.feed(spoken(phone)) for phone in "..AB......AB....."]
    assert [index for index, said in enumerate(heard) if said] == [5, 13]


def test_hears_all_words_of_a_phrase_in_any_pronunciation() -> None:
    assert phrase("cab a").feed(spoken("..CAB.A..."))
    assert phrase("cab a").feed(spoken("..CB..A..."))
    assert not phrase("cab a").feed(spoken("..CAB....."))


def test_start_forgets() -> None:
    listening = phrase("ab")
    listening.feed(spoken("..AB"))
    listening.start()
    assert not listening.feed(spoken("....."))


def test_phrase_with_an_unknown_word_is_never_heard() -> None:
    assert not phrase("a unknown").feed(spoken("..A...A..."))
    assert not phrase("").feed(spoken("..A..."))
