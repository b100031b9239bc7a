"""What was heard, held against the grammar: which hypothesis is believed, and how much."""

from __future__ import annotations

import math

import pytest

from assistant.ports import Grammar
from assistant.recognizers.grammar import compile_grammar
from assistant.recognizers.hypotheses import UNKNOWN, Hypothesis, choose, shares
from assistant.turn import Transcript
from tests.intents.files import sentences

HOME = compile_grammar(
    sentences(
        "turn (on|off) the (light|fan)",
        "add (milk|bread) to my list",
        "add {item} to my list",
        "note {text}",
        more="lists: {item: {wildcard: true}}\n",
    )
)


def say(*said: tuple[str, float]) -> dict[tuple[str, ...], float]:
    return {tuple(text.split()): share for text, share in said}


def test_scores_become_shares_the_likeliest_first() -> None:
    found = shares(
        [
            Hypothesis(("light",), -1000.0),
            Hypothesis(("fan",), -1000.0 + math.log(2)),
            Hypothesis(("light",), -1000.0 + math.log(3)),
        ]
    )
    assert list(found) == [("light",), ("fan",)]
    assert list(found.values()) == pytest.approx([4 / 6, 2 / 6])
    assert shares([]) == {}


def test_a_sentence_wins_over_a_likelier_mixture() -> None:
    transcript = choose(HOME, say(("turn on fan", 0.6), ("turn on the fan", 0.4)))
    assert transcript == Transcript("turn on the fan", 0.4, ("turn on fan",))


def test_other_sentences_are_alternatives_the_likeliest_first() -> None:
    found = say(("turn on the fan", 0.5), ("turn off the fan", 0.3), ("turn on the light", 0.2))
    transcript = choose(HOME, found)
    assert transcript.alternatives == ("turn off the fan", "turn on the light")
    assert transcript.confidence == pytest.approx(1.0)  # one of them it was


def test_what_is_no_sentence_is_believed_at_most_half() -> None:
    assert choose(HOME, say(("fan turn on", 1.0))) == Transcript("fan turn on", 0.5)


def test_unknown_words_are_left_out_and_make_it_unsure() -> None:
    transcript = choose(HOME, say((f"turn on the fan {UNKNOWN} {UNKNOWN} {UNKNOWN} x", 1.0)))
    assert transcript.text == "turn on the fan x"
    assert transcript.confidence == pytest.approx(5 / 8 / 2)


def test_a_sentence_amid_unknown_words_is_no_sure_one() -> None:
    found = say((f"turn on the fan {UNKNOWN}", 0.9), ("turn on the fan", 0.1))
    assert choose(HOME, found) == Transcript("turn on the fan", 0.1)


@pytest.mark.parametrize("found", [{}, say(("", 1.0)), say((UNKNOWN, 1.0))])
def test_nothing_that_is_known_is_no_text(found: dict[tuple[str, ...], float]) -> None:
    assert choose(HOME, found) == Transcript("", 0.0)


def test_any_words_are_written_down() -> None:
    found = say((f"add {UNKNOWN} to my list", 0.6), ("add batteries to my list", 0.4))
    transcript = choose(HOME, found)
    assert transcript.text == "add batteries to my list"
    assert transcript.confidence == pytest.approx(1.0)  # some words it was


def test_any_words_that_nobody_wrote_down_are_no_sentence() -> None:
    transcript = choose(HOME, say((f"add {UNKNOWN} to my list", 1.0)))
    assert transcript.text == "add to my list"
    assert transcript.confidence == pytest.approx(0.4)


def test_any_words_are_as_sure_as_all_such_sentences_together() -> None:
    found = say(("note call bob", 0.5), ("note call rob", 0.3), ("not call bob", 0.2))
    transcript = choose(HOME, found)
    assert transcript.confidence == pytest.approx(0.8)
    assert transcript.alternatives == ("note call rob", "not call bob")


def test_any_words_and_a_sentence_are_held_against_each_other() -> None:
    found = say(("add bunnies to my list", 0.6), ("add milk to my list", 0.4))
    assert choose(HOME, found).text == "add bunnies to my list"
    found = say(("add milk to my list", 0.6), ("add bunnies to my list", 0.4))
    assert choose(HOME, found).text == "add milk to my list"


def test_there_are_few_alternatives() -> None:
    found = say(("turn on the fan", 0.5), *((f"fan {number}", 0.05) for number in range(10)))
    assert len(choose(HOME, found).alternatives) == 5


def test_a_grammar_without_any_words_takes_none() -> None:
    closed: Grammar = compile_grammar(sentences("turn on the fan"))
    found = say(("note call bob", 0.9), ("turn on the fan", 0.1))
    assert choose(closed, found).text == "turn on the fan"
