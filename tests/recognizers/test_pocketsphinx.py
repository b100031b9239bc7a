"""Words that PocketSphinx's dictionary lacks, added to it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.errors import EngineError
from assistant.ports import Grammar, UnknownWord
from assistant.recognizers.espeak import guess_phones
from assistant.recognizers.pocketsphinx import USUAL, PocketSphinxRecognizer
from assistant.recognizers.pronunciation import Phones
from tests.recognizers.synthesised import say
from tests.recordings import grammar_of, in_chunks, samples_of

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


def test_a_stop_phrase_with_a_word_it_does_not_know_is_stop() -> None:
    recognizer = PocketSphinxRecognizer()
    grammar = replace(grammar_of("what time is it"), stop_phrase="zorblax now")
    recognizer.use(grammar)
    assert any(map(recognizer.listen_for_stop(grammar).hears, in_chunks(samples_of("stop"))))


def test_who_speaks_with_a_short_vocal_tract_is_heard_with_other_filters() -> None:
    grammar = grammar_of("set a timer for (five|nine|fifteen|fifty) minutes", "what time is it")
    high = as_spoken_by_a_child(samples_of("timer-five-minutes")[round(2.2 * 16_000) :])
    plain = PocketSphinxRecognizer(tuning=replace(USUAL, warps=(1.0,)))
    warped = PocketSphinxRecognizer(tuning=replace(USUAL, warps=(1.0, 1.2), sure_confidence=1.0))
    for recognizer in (plain, warped):
        recognizer.use(grammar)
    assert warped.finish(high).confidence > plain.finish(high).confidence


def as_spoken_by_a_child(samples: Samples) -> Samples:
    """A fifth faster and higher."""
    positions = np.arange(0, len(samples) - 1, 1.2)
    faster: Samples = np.interp(positions, np.arange(len(samples)), samples).astype(np.int16)
    return faster


def test_changing_between_two_grammars_asks_for_no_sound_again() -> None:
    asked: list[str] = []

    def guess(words: Collection[str]) -> Mapping[str, Phones]:
        asked.extend(words)
        return guess_phones(words)

    commands, answers = grammar_of("turn on the zorblax"), grammar_of("yes", "no")
    recognizer = PocketSphinxRecognizer(guess)
    for _ in range(3):
        assert recognizer.use(commands) == [ZORBLAX]
        assert hear(recognizer, "turn on the zorblax") == "turn on the zorblax"
        assert recognizer.use(answers) == []
        assert hear(recognizer, "yes") == "yes"
    assert asked == ["zorblax"]


@pytest.mark.parametrize(("kept", "times"), [(2, 3), (3, 1)])
def test_it_keeps_as_many_grammars_as_it_is_told(kept: int, times: int) -> None:
    asked: list[str] = []

    def guess(words: Collection[str]) -> Mapping[str, Phones]:
        asked.extend(words)
        return guess_phones(words)

    grammars = [grammar_of("turn on the zorblax"), grammar_of("yes"), grammar_of("no")]
    recognizer = PocketSphinxRecognizer(guess, kept_grammars=kept)
    for grammar in 3 * grammars:
        recognizer.use(grammar)
    assert asked == times * ["zorblax"]
