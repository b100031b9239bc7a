"""Words that PocketSphinx's dictionary lacks, added to it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from assistant.errors import EngineError
from assistant.ports import Grammar, UnknownWord
from assistant.recognizers.espeak import guess_phones
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.recognizers.pronunciation import Phones
from tests.recognizers.synthesised import say
from tests.recordings import grammar_of

pytestmark = pytest.mark.engines

VOICES = ["en-us", "en-us+f3", "en-us+m3"]
ZORBLAX = UnknownWord("zorblax", "Z AO R B L AE K S")


def hear(recognizer: PocketSphinxRecognizer, text: str, voice: str = "en-us") -> str:
    recognizer.start()
    return recognizer.finish(say(text, voice)).text


@pytest.fixture(scope="module")
def recognizer() -> PocketSphinxRecognizer:
    return PocketSphinxRecognizer(guess_phones)


@pytest.mark.parametrize("voice", VOICES)
def test_a_made_up_word_is_heard_as_it_is_guessed(
    recognizer: PocketSphinxRecognizer, voice: str
) -> None:
    grammar = grammar_of("turn on the (zorblax|radio|heater)")
    assert recognizer.use(grammar) == [ZORBLAX]
    assert hear(recognizer, "turn on the zorblax", voice) == "turn on the zorblax"
    assert hear(recognizer, "turn on the radio", voice) == "turn on the radio"


@pytest.mark.parametrize("said", ["L E D", "led"])
def test_a_word_in_capitals_is_heard_by_its_letters_and_as_written(
    recognizer: PocketSphinxRecognizer, said: str
) -> None:
    grammar = replace(grammar_of("turn on the (led|radio)"), sounds_like={"led": ("l e d", "led")})
    assert recognizer.use(grammar) == []
    assert hear(recognizer, f"turn on the {said}") == "turn on the led"


def test_a_word_without_a_vowel_is_heard_by_its_letters() -> None:
    recognizer = PocketSphinxRecognizer()  # that takes no guess
    assert recognizer.use(grammar_of("record with the (pvr|radio)")) == []
    assert hear(recognizer, "record with the P V R") == "record with the pvr"


def test_a_syllable_of_what_is_told_may_be_guessed(recognizer: PocketSphinxRecognizer) -> None:
    told = {"xcvb": ("zorb lax",)}
    assert recognizer.use(replace(grammar_of("turn on the (xcvb|radio)"), sounds_like=told)) == []
    assert hear(recognizer, "turn on the zorblax") == "turn on the xcvb"


def test_a_word_that_was_added_is_still_told_as_unknown(recognizer: PocketSphinxRecognizer) -> None:
    grammar = grammar_of("turn on the (zorblax|radio)")
    assert recognizer.use(grammar) == recognizer.use(grammar) == [ZORBLAX]


def test_a_guess_gives_way_to_what_is_told_and_comes_back(
    recognizer: PocketSphinxRecognizer,
) -> None:
    grammar = grammar_of("turn on the (zorblax|radio)", "stop")
    recognizer.use(grammar)
    assert recognizer.use(replace(grammar, sounds_like={"zorblax": ("television",)})) == []
    assert hear(recognizer, "turn on the zorblax") != "turn on the zorblax"
    assert hear(recognizer, "turn on the television") == "turn on the zorblax"
    assert recognizer.use(grammar) == [ZORBLAX]
    assert hear(recognizer, "turn on the zorblax") == "turn on the zorblax"


def test_where_no_guess_can_be_had_the_reason_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def cannot(words: Collection[str]) -> Mapping[str, Phones]:
        raise EngineError(f"No guess of {', '.join(words)}.", "Ask again.")

    grammar: Grammar = grammar_of("turn on the (zorblax|radio)")
    with caplog.at_level(logging.WARNING):
        assert PocketSphinxRecognizer(cannot).use(grammar) == [UnknownWord("zorblax")]
    assert caplog.messages == ["No guess of zorblax. Ask again."]
