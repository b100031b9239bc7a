"""Two opinions of one utterance: what is believed, and how much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.combination import Opinion, combine
from assistant.recognizers.grammar import compile_grammar, with_prefix
from assistant.turn import Transcript
from tests.intents.files import sentences

HOME = with_prefix(
    compile_grammar(
        sentences(
            "turn (on|off) the (light|fan|zorblax)",
            "note {text}",
            more="lists: {item: {wildcard: true}}\n",
        )
    ),
    ["hey jarvis", "jarvis"],
)
ON, OFF, ZORBLAX = "turn on the light", "turn off the light", "turn on the zorblax"
NOTE, MIXTURE = "note call bob", "turn the light"

TEXTS = st.sampled_from([ON, OFF, ZORBLAX, NOTE, MIXTURE, f"jarvis {ON}"])
CONFIDENCES = st.floats(0.0, 1.0)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    others = tuple(draw(st.lists(TEXTS, unique=True, max_size=5)))
    heard = Transcript(draw(TEXTS), draw(CONFIDENCES), others)
    return draw(st.sampled_from([heard, Transcript("", 0.0)]))


OPINIONS = st.builds(
    Opinion, transcripts(), st.sampled_from([frozenset[str](), frozenset({"zorblax"})])
)


def heard(text: str, confidence: float, *alternatives: str, unheard: str = "") -> Opinion:
    return Opinion(Transcript(text, confidence, alternatives), frozenset(unheard.split()))


def both(one: Opinion, other: Opinion) -> Transcript:
    return combine(HOME, one, other)


NOTHING = heard("", 0.0)


# --- whatever is heard ----------------------------------------------------------------------------


@given(CONFIDENCES, CONFIDENCES)
def test_agreement_makes_it_no_less_sure(a: float, b: float) -> None:
    combined = both(heard(ON, a), heard(ON, b))
    assert combined.text == ON
    assert max(a, b) <= combined.confidence + 1e-12
    assert combined.confidence <= 1.0
    assert combined == both(heard(ON, b), heard(ON, a))


@given(CONFIDENCES, CONFIDENCES)
def test_the_likelier_of_two_sentences_wins_and_is_no_surer(a: float, b: float) -> None:
    combined = both(heard(ON, a), heard(OFF, b))
    winner, sure, loser = (ON, a, OFF) if a >= b else (OFF, b, ON)
    assert (combined.text, combined.alternatives) == (winner, (loser,))
    assert 0.0 <= combined.confidence <= sure + 1e-12


@given(CONFIDENCES, CONFIDENCES, CONFIDENCES)
def test_the_surer_the_other_the_less_it_is_believed(a: float, b: float, c: float) -> None:
    doubted, more = sorted((b, c))
    less_sure = both(heard(ON, 1.0), heard(OFF, more)).confidence
    assert less_sure <= both(heard(ON, 1.0), heard(OFF, doubted)).confidence
    one, two = sorted((min(a, b), min(a, c)))
    assert (
        both(heard(ON, a), heard(OFF, two)).confidence
        <= both(heard(ON, a), heard(OFF, one)).confidence + 1e-12
    )


@given(OPINIONS, OPINIONS)
def test_it_is_a_transcript_of_what_was_heard(one: Opinion, other: Opinion) -> None:
    combined = both(one, other)
    texts = {*one.heard.alternatives, *other.heard.alternatives, one.heard.text, other.heard.text}
    assert combined.text in {one.heard.text, other.heard.text}
    assert set(combined.alternatives) <= texts - {"", combined.text}
    assert len(set(combined.alternatives)) == len(combined.alternatives) <= 5
    assert 0.0 <= combined.confidence <= 1.0
    assert combined.text or combined == Transcript("", 0.0)


@given(OPINIONS, OPINIONS)
def test_which_of_them_is_first_decides_only_where_they_are_as_sure(
    one: Opinion, other: Opinion
) -> None:
    there, back = both(one, other), both(other, one)
    assert there.confidence == back.confidence
    if one.weight != other.weight:
        assert there.text == back.text


# --- by example -----------------------------------------------------------------------------------


def test_both_have_to_err_for_what_they_agree_on_to_be_wrong() -> None:
    assert both(heard(ON, 0.8), heard(ON, 0.6)).confidence == pytest.approx(0.92)


def test_of_two_texts_one_at_most_is_right() -> None:
    combined = both(heard(OFF, 0.6), heard(ON, 0.8))
    assert combined.text == ON
    assert combined.confidence == pytest.approx(0.8 * 0.4 / (1 - 0.48))


def test_of_two_that_are_certain_nothing_tells_which_is_right() -> None:
    assert both(heard(ON, 1.0), heard(OFF, 1.0)) == Transcript(ON, 0.5, (OFF,))


def test_the_other_text_is_the_first_alternative() -> None:
    one, other = heard(ON, 0.8, ZORBLAX, OFF), heard(OFF, 0.4, MIXTURE, ON)
    assert both(one, other).alternatives == (OFF, ZORBLAX, MIXTURE)
    agreeing = both(heard(ON, 0.4, OFF), heard(ON, 0.8, ZORBLAX))
    assert agreeing.alternatives == (ZORBLAX, OFF)


def test_a_sentence_wins_over_a_surer_mixture_and_is_no_surer_for_it() -> None:
    combined = both(heard(MIXTURE, 0.5), heard(ON, 0.4))
    assert (combined.text, combined.alternatives) == (ON, (MIXTURE,))
    assert combined.confidence == pytest.approx(0.4 * 0.5 / 0.8)


def test_who_hears_nothing_halves_the_odds() -> None:
    combined = both(heard(ON, 0.8, OFF), NOTHING)
    assert (combined.text, combined.alternatives) == (ON, (OFF,))
    assert combined.confidence / (1 - combined.confidence) == pytest.approx(0.8 / 0.2 / 2)
    assert both(NOTHING, heard(MIXTURE, 0.5)).text == MIXTURE


def test_nothing_is_all_that_two_heard_who_heard_nothing() -> None:
    assert both(NOTHING, NOTHING) == Transcript("", 0.0)


@pytest.mark.parametrize(
    "other", [heard(ON, 0.99, unheard="zorblax"), heard("", 0.0, unheard="zorblax")]
)
@pytest.mark.parametrize("sure", [0.2, 0.9])
def test_a_sentence_that_only_one_can_hear_is_left_to_it(other: Opinion, sure: float) -> None:
    for combined in (both(heard(ZORBLAX, sure), other), both(other, heard(ZORBLAX, sure))):
        assert combined.text == ZORBLAX
        assert combined.confidence == sure


def test_of_sentences_that_each_alone_can_hear_the_surer_is_taken() -> None:
    combined = both(heard(ZORBLAX, 0.7, unheard="light"), heard(ON, 0.6, unheard="zorblax"))
    assert combined == Transcript(ZORBLAX, 0.7, (ON,))


def test_words_that_make_no_sentence_are_not_left_to_the_only_one_that_can_hear_them() -> None:
    combined = both(heard("zorblax turn", 0.5), heard(ON, 0.8, unheard="zorblax"))
    assert combined.text == ON
    assert combined.confidence < 0.8


def test_any_words_are_left_to_the_one_that_writes_them_down() -> None:
    assert both(heard(ON, 0.9), heard(NOTE, 0.6)) == Transcript(NOTE, 0.6, (ON,))
    assert both(heard(NOTE, 0.5), heard(NOTE, 0.5)).confidence == pytest.approx(0.75)


def test_a_wake_word_that_only_one_has_heard_is_no_difference() -> None:
    combined = both(heard(f"jarvis {ON}", 0.5), heard(ON, 0.5, unheard="jarvis"))
    assert combined.confidence == pytest.approx(0.75)
    bare = replace(HOME, prefixes=())
    assert combine(bare, heard(f"jarvis {ON}", 0.5), heard(ON, 0.5)).confidence < 0.5
