"""Wake words: what was left out is filled in, and what each of them opens."""

from __future__ import annotations

from pathlib import Path

from assistant.config import Settings, load_settings
from assistant.wakewords import (
    DEFAULT,
    DomainSettings,
    domain_settings,
    languages,
    wake_phrases,
    wake_words,
)

WORDS = """\
wake:
  threshold: 0.4
  patience_chunks: 2
  words:
    hey_jarvis:
    alexa: {language: de, threshold: 0.0}
    computer: {phrase: Hey Computer, intents: [lights, TurnOn, lights], patience_chunks: 3}
    lamp: {intents: [TurnOn, lights], model: lamp.npz, sensitivity: 0.7}
    stop: {command: stop it}
"""


def settings(text: str = WORDS) -> Settings:
    return load_settings(text, "config.yaml")


def test_one_word_is_one_of_them_with_the_settings_of_the_section() -> None:
    (word,) = wake_words(settings("wake: {word: Hey-Marvin, threshold: 0.7, model: a.onnx}"))
    assert (word.name, word.phrase) == ("Hey-Marvin", "hey marvin")
    assert (word.threshold, word.patience_chunks, word.model) == (0.7, 1, Path("a.onnx"))
    assert (word.domain, word.command, word.opens) == (DEFAULT, "", "")


def test_what_a_word_does_not_say_is_as_the_section_says() -> None:
    words = {word.name: word for word in wake_words(settings())}
    assert [word.threshold for word in words.values()] == [0.4, 0.0, 0.4, None, 0.4]
    assert [word.patience_chunks for word in words.values()] == [2, 2, 3, 2, 2]
    assert [word.sensitivity for word in words.values()] == [0.5, 0.5, 0.5, 0.7, 0.5]
    assert words["lamp"].model == Path("lamp.npz")
    assert words["alexa"].model is None


def test_words_with_the_same_language_and_intents_open_the_same_domain() -> None:
    assert domain_settings(settings()) == {
        DEFAULT: DomainSettings("en"),
        "de": DomainSettings("de"),
        "en: TurnOn, lights": DomainSettings("en", ("TurnOn", "lights")),
    }
    assert [word.opens for word in wake_words(settings())] == [
        "",
        "de",
        "en: TurnOn, lights",
        "en: TurnOn, lights",
        "'stop it'",
    ]


def test_the_default_domain_is_there_without_a_word_for_it() -> None:
    german = settings("wake: {words: {alexa: {language: de}}}")
    assert list(domain_settings(german)) == [DEFAULT, "de"]
    assert languages(german) == ("en", "de")


def test_a_word_in_the_language_of_all_opens_the_default_domain() -> None:
    german = settings("wake: {words: {alexa: {language: de}}}\nintents: {language: de}")
    assert list(domain_settings(german)) == [DEFAULT]


def test_what_is_left_of_a_word_before_a_command_is_of_the_words_that_open_the_domain() -> None:
    words = wake_words(settings())
    assert wake_phrases(words, DEFAULT) == ("hey jarvis", "jarvis")
    assert wake_phrases(words, "de") == ("alexa",)
    assert wake_phrases(words, "en: TurnOn, lights") == ("hey computer", "computer", "lamp")


def test_a_word_that_is_a_command_is_no_beginning_of_one() -> None:
    """ "Hey Jarvis, stop the timer" is about the timer."""
    assert not any("stop" in phrase for phrase in wake_phrases(wake_words(settings()), DEFAULT))
