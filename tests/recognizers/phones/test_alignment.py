"""Given words aligned with the frames of an utterance."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.alignment import align
from assistant.recognizers.phones.hypothesis import Hypothesis, Weights
from tests.recognizers.phones.reference import (
    INVENTORY,
    LEXICON,
    Words,
    all_weights,
    posteriors,
    score,
    spoken,
)


def aligned(phones: str, text: str) -> Hypothesis | None:
    return align(spoken(phones), text.split(), LEXICON, INVENTORY, Weights())


@given(posteriors(), st.lists(st.sampled_from(sorted(LEXICON)), max_size=5), all_weights())
def test_score_is_that_of_brute_force(
    log_posteriors: npt.NDArray[np.float32], words: list[str], weights: Weights
) -> None:
    found = align(log_posteriors, words, LEXICON, INVENTORY, weights)
    said: Words = tuple(words)
    assert (found.score if found else -math.inf) == pytest.approx(
        score(log_posteriors, said, weights)
    )
    assert found is None or found.text == " ".join(words)


def test_takes_the_pronunciation_that_was_spoken() -> None:
    for phones in (".CAB..", ".C.B..."):
        found = aligned(phones, "cab")
        assert found is not None
        assert found.acoustic == 0.0
        assert found.phones == len(phones.replace(".", ""))


def test_words_that_were_not_said_score_as_badly_as_they_fit() -> None:
    found = aligned("..CA.C", "cab")
    assert found is not None
    assert found.acoustic == pytest.approx(-10.0)


def test_gap_within_a_word_counts_towards_the_word() -> None:
    """The second C is taken for a blank, which this bias makes cheaper than a phone."""
    weights = Weights(blank_bias=1.0)
    found = align(spoken(".CACB."), ["cab"], LEXICON, INVENTORY, weights)
    assert found is not None
    assert found.words[0].score == found.acoustic == pytest.approx(-9.0)


@pytest.mark.parametrize(("phones", "text"), [("", "a"), ("AB", "cab be"), ("AB", "a unknown")])
def test_words_that_cannot_be_so_short_or_have_no_sound_are_not_there(
    phones: str, text: str
) -> None:
    assert aligned(phones, text) is None


def test_no_words_are_silence() -> None:
    found = aligned("....", "")
    assert found is not None
    assert (found.words, found.acoustic) == ((), 0.0)
