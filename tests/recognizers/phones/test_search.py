"""The search for a grammar's words in phones, held against brute force."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ports import Grammar
from assistant.recognizers.phones.alignment import Frames, align
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import FRAME_SECONDS, Hypothesis, Weights
from assistant.recognizers.phones.search import Search
from tests.recognizers.phones.reference import (
    INVENTORY,
    LEXICON,
    Words,
    all_weights,
    best,
    grammar_of,
    posteriors,
    spoken,
    texts,
)

Posteriors = npt.NDArray[np.float32]


def search_for(sentences: set[Words], weights: Weights) -> Search:
    return Search(PhoneGraph.of(grammar_of(sentences), LEXICON, INVENTORY), weights)


def heard(search: Search, log_posteriors: Posteriors, most: int = 10) -> list[Hypothesis]:
    search.start()
    search.feed(log_posteriors)
    return search.finish(most)


def words_of(hypothesis: Hypothesis) -> Words:
    return tuple(word.text for word in hypothesis.words)


@given(texts(), posteriors(), all_weights())
def test_sentences_and_scores_are_those_of_brute_force(
    sentences: set[Words], log_posteriors: Posteriors, weights: Weights
) -> None:
    found = heard(search_for(sentences, weights), log_posteriors)
    expected = best(log_posteriors, sentences, weights)
    assert [one.score for one in found] == pytest.approx([score for _, score in expected])
    # Homophones have equal scores, so of words only which ones there are is sure.
    scores = dict(expected)
    assert {words_of(one): pytest.approx(one.score) for one in found} == scores
    assert len(found) == len(expected)


@given(texts(), posteriors(), all_weights())
def test_the_fewer_are_the_best(
    sentences: set[Words], log_posteriors: Posteriors, weights: Weights
) -> None:
    search = search_for(sentences, weights)
    everything = heard(search, log_posteriors)
    assert [one.score for one in search.finish(2)] == pytest.approx(
        [one.score for one in everything[:2]]
    )


@given(texts(), posteriors(), st.lists(st.integers(0, 12)), st.booleans())
def test_pieces_are_heard_as_the_whole(
    sentences: set[Words], log_posteriors: Posteriors, cuts: list[int], finishes: bool
) -> None:
    """Also when it might have been over after each of them."""
    search = search_for(sentences, Weights(beam=6.0))
    whole = heard(search, log_posteriors), search.partial(), search.beginning()
    search.start()
    for piece in np.split(log_posteriors, sorted(min(cut, len(log_posteriors)) for cut in cuts)):
        search.feed(piece)
        if finishes:
            search.finish()
            search.beginning()
    assert (search.finish(), search.partial(), search.beginning()) == whole


@given(texts(), posteriors(), all_weights())
def test_alignment_of_what_was_heard_is_what_was_heard(
    sentences: set[Words], log_posteriors: Posteriors, weights: Weights
) -> None:
    frames = Frames(weights.relative(log_posteriors), weights)
    for one in heard(search_for(sentences, weights), log_posteriors):
        assert align(frames, words_of(one), LEXICON, INVENTORY) == one


@given(texts(), posteriors(), all_weights())
def test_words_follow_each_other_and_add_up(
    sentences: set[Words], log_posteriors: Posteriors, weights: Weights
) -> None:
    for one in heard(search_for(sentences, weights), log_posteriors):
        times = [time for word in one.words for time in (word.begin_seconds, word.end_seconds)]
        assert times == sorted(times)
        assert all(0.0 <= time <= len(log_posteriors) * FRAME_SECONDS for time in times)
        assert all(
            word.end_seconds - word.begin_seconds > (word.phones - 0.5) * FRAME_SECONDS
            for word in one.words
        )
        assert one.phones == sum(word.phones for word in one.words)
        assert one.acoustic <= 1e-9
        assert one.acoustic <= sum(word.score for word in one.words) + 1e-9
        bonuses = weights.phone_bonus * one.phones - weights.word_penalty * len(one.words)
        assert one.score == pytest.approx(one.acoustic + bonuses)


@given(texts(), posteriors(), all_weights())
def test_beginning_is_the_best_beginning_of_a_sentence(
    sentences: set[Words], log_posteriors: Posteriors, weights: Weights
) -> None:
    beginnings = {words[:count] for words in sentences for count in range(len(words) + 1)} | {()}
    search = search_for(sentences, weights)
    search.feed(log_posteriors)
    found = search.beginning()
    assert found is not None
    assert words_of(found) in beginnings
    assert found.score == pytest.approx(best(log_posteriors, beginnings, weights)[0][1])


SURE = Weights()


@pytest.mark.parametrize(
    ("phones", "partial", "beginning", "sentences"),
    [
        ("", "", "", []),
        ("..", "", "", []),
        ("..C", "", "", []),
        ("..CAB", "cab", "cab", []),
        ("..CAB..A", "cab ab", "cab", []),
        ("..CAB..AB", "cab ab", "cab ab", ["cab ab"]),
        ("..CAB..ABB", "cab abba", "cab ab", ["cab ab"]),
        ("..CAB..ABBA", "cab abba", "cab abba", []),
        ("CCC.AABAB.BA.B..", "cab abba bee", "cab abba bee", ["cab abba bee"]),
    ],
)
def test_hears_as_far_as_was_spoken(
    phones: str, partial: str, beginning: str, sentences: list[str]
) -> None:
    """A word is partly heard once it can be no other, and a beginning when it is over."""
    search = search_for({("cab", "ab"), ("cab", "abba", "bee")}, SURE)
    search.feed(spoken(phones))
    assert " ".join(search.partial()) == partial
    found = search.beginning()
    assert found is not None
    assert found.text == beginning
    assert [one.text for one in search.finish() if one.acoustic > -5.0] == sentences


def test_equal_phones_of_two_words_need_no_pause_between() -> None:
    found = heard(search_for({("ab", "bee")}, SURE), spoken("ABBA"))
    assert [(one.text, one.acoustic) for one in found] == [("ab bee", 0.0)]


def test_tells_where_each_word_was() -> None:
    (one,) = heard(search_for({("cab", "bee")}, SURE), spoken("..CAA.B...B.A..."))
    cab, bee = one.words
    assert (cab.text, bee.text) == ("cab", "bee")
    assert (cab.begin_seconds, cab.end_seconds) == pytest.approx((0.08, 0.28))
    assert (bee.begin_seconds, bee.end_seconds) == pytest.approx((0.40, 0.52))
    assert one.acoustic == pytest.approx(0.0)
    assert one.phones == 5
    assert one.score == pytest.approx(5 * SURE.phone_bonus)


def test_word_that_fits_badly_has_the_bad_score() -> None:
    (one,) = heard(search_for({("cab", "ab")}, SURE), spoken("CAB..AC"))
    cab, ab = one.words
    assert cab.score == 0.0
    assert ab.score == one.acoustic == pytest.approx(-10.0)


def test_homophones_are_both_heard() -> None:
    found = heard(search_for({("be", "a"), ("bee",)}, SURE), spoken(".B.A."))
    assert {one.text for one in found if one.acoustic > -1.0} == {"be a", "bee"}


def test_not_all_of_many_homophones_are_followed() -> None:
    """Three words that sound the same, twenty times: more than could be counted."""
    lexicon = dict.fromkeys(("to", "too", "two"), (("A", "B"),))
    arcs = tuple(tuple((word, state + 1) for word in lexicon) for state in range(20))
    grammar = Grammar((*arcs, ()), frozenset({20}), ())
    found = heard(Search(PhoneGraph.of(grammar, lexicon, INVENTORY), SURE), spoken("A.B." * 20))
    assert len({words_of(one) for one in found}) == 10
    assert {one.acoustic for one in found} == {0.0}


def test_goes_on_after_a_pause_in_which_it_was_finished() -> None:
    search = search_for({("a",), ("a", "be")}, SURE)
    search.feed(spoken(".A......"))
    assert search.finish()[0].text == "a"
    search.feed(spoken("..B."))
    assert search.finish()[0].text == "a be"


def test_start_forgets() -> None:
    search = search_for({("a",), ("be",)}, SURE)
    once = heard(search, spoken(".A."))
    heard(search, spoken(".B."))
    assert heard(search, spoken(".A.")) == once


def test_nothing_to_hear() -> None:
    search = search_for(set(), SURE)
    assert heard(search, spoken(".AB.")) == []
    assert search.partial() == []


def test_sentence_with_an_unknown_word_is_not_heard() -> None:
    found = heard(search_for({("a", "unknown"), ("a", "be")}, SURE), spoken("A.B"))
    assert [one.text for one in found] == ["a be"]


def test_narrow_search_finds_what_is_clear() -> None:
    sentences: set[Words] = {
        (first, second) for first in ("a", "be", "cab") for second in ("a", "be", "cab")
    }
    narrow = search_for(sentences, Weights(beam=4.0, most_tokens=3))
    assert [one.text for one in heard(narrow, spoken("..CAB.A."), most=1)] == ["cab a"]


def test_word_penalty_tells_how_many_words_are_heard() -> None:
    sentences: set[Words] = {("be", "a"), ("bee",)}
    dear = search_for(sentences, Weights(word_penalty=1.0))
    cheap = search_for(sentences, Weights(word_penalty=-1.0))
    assert heard(dear, spoken("B.A"))[0].text == "bee"
    assert dear.partial() == ["bee"]
    assert heard(cheap, spoken("B.A"))[0].text == "be a"
    assert cheap.partial() == ["be", "a"]
