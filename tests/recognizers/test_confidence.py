"""How sure it is that words were said, from how well they fit the sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.confidence import Word, confidence, fit

WORDS = st.builds(Word, st.just("word"), st.integers(1, 300), st.floats(-700.0, 0.0))


def test_a_word_counts_by_its_length() -> None:
    assert fit([Word("a", 10, -0.01), Word("coffee", 30, -0.15)]) == pytest.approx(-0.004)


def test_no_words_are_not_sure() -> None:
    assert confidence([]) == 0.0


def test_words_that_fit_are_surer_than_words_that_do_not() -> None:
    well, badly = Word("stop", 40, -0.05), Word("stop", 40, -0.2)
    assert confidence([well]) > 0.9
    assert confidence([badly]) < 0.1


@given(st.lists(WORDS, min_size=1))
def test_it_is_a_probability(words: list[Word]) -> None:
    assert 0.0 < confidence(words) < 1.0
