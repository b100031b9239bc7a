"""Given words aligned with the frames of an utterance."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.alignment import Frames, align
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

USUAL = Weights()


def aligned(
    posteriors: npt.NDArray[np.float32], text: str, weights: Weights = USUAL
) -> Hypothesis | None:
    frames = Frames(weights.relative(posteriors), weights)
    return align(frames, text.split(), LEXICON, INVENTORY)


@given(posteriors(), st.lists(st.sampled_from(sorted(LEXICON)), max_size=5), all_weights())
def test_score_is_that_of_brute_force(
    log_posteriors: npt.NDArray[np.float32], words: list[str], weights: Weights
) -> None:
    found = aligned(log_posteriors, " ".join(words), weights)
    said: Words = tuple(words)
    assert (found.score if found else -math.inf) == pytest.approx(
        score(log_posteriors, said, weights)
    )
    assert found is None or found.text == " ".join(words)


def test_takes_the_pronunciation_that_was_spoken() -> None:
    for phones in (".CAB..", ".C.B..."):
        found = aligned(spoken(phones), "cab")
        assert found is not None
        assert found.acoustic == 0.0
        assert found.phones == len(phones.replace(".", ""))


def test_words_that_were_not_said_score_as_badly_as_they_fit() -> None:
    found = aligned(spoken("..CA.C"), "cab")
    assert found is not None
    assert found.acoustic == pytest.approx(-10.0)


def test_gap_within_a_word_counts_towards_the_word() -> None:
    """The second C is taken for a blank, which this bias makes cheaper than a phone."""
    weights = Weights(blank_bias=1.0)
    found = aligned(spoken(".CACB."), "cab", weights)
    assert found is not None
    assert found.words[0].score == found.acoustic == pytest.approx(-9.0)


@pytest.mark.parametrize(("phones", "text"), [("", "a"), ("AB", "cab be"), ("AB", "a unknown")])
def test_words_that_cannot_be_so_short_or_have_no_sound_are_not_there(
    phones: str, text: str
) -> None:
    assert aligned(spoken(phones), text) is None


def test_no_words_are_silence() -> None:
    found = aligned(spoken("...."), "")
    assert found is not None
    assert (found.words, found.acoustic) == ((), 0.0)
