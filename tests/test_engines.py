"""Parts put together from the intents: the words of a grammar that a recognizer does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.engines import (
    load_understanding,
    spoken_grammar,
    stop_phrase,
    unknown_word_warnings,
)
from assistant.errors import EngineError
from assistant.ports import UnknownWord
from assistant.recognizers.phones.recognizer import PhoneRecognizer
from assistant.recognizers.voskmodel import MODEL_FILES, STATIC_GRAPH, find_model
from assistant.recognizing import build_recognizer
from tests.intents.files import load
from tests.recognizers.synthesised import say
from tests.recordings import NO_FOLDERS, VOSK_MODEL, grammar_of, samples_of
from tests.running import home

SENTENCES = """\
intents:
  On:
    sentences:
      - turn on the (zorblax|blorf|Xbox|LED)
    reply: ok
pronunciations:
  blorf: coffee table
"""
GUESSED = (
    "{path}:4:22: warning: the recognizer does not know 'zorblax'; it guesses Z AO R B L AE K S\n"
    "          - turn on the (zorblax|blorf|Xbox|LED)\n"
    "                         ^^^^^^^\n"
    "    if that is not heard, write how it sounds under 'pronunciations:'"
)


def test_words_that_cannot_be_heard_come_first_and_those_without_a_place_last() -> None:
    unknown = [
        UnknownWord("seventeen"),
        UnknownWord("jarvis", "JH AA R V IH S"),
        UnknownWord("zorblax", "Z AO R B L AE K S"),
        UnknownWord("xbox"),
    ]
    warnings = unknown_word_warnings(unknown, load(SENTENCES))
    unheard = (
        "a.yaml:4:36: warning: the recognizer does not know 'xbox': sentences with it are not "
        "heard\n"
        "          - turn on the (zorblax|blorf|Xbox|LED)\n"
        "                                       ^^^^\n"
        "    write how it sounds, in words that it knows, under 'pronunciations:'"
    )
    nowhere = "The recognizer does not know 'seventeen': sentences with these words are not heard."
    assert warnings == [unheard, GUESSED.format(path="a.yaml"), nowhere]


def test_of_many_words_the_first_are_told() -> None:
    intents = load("intents: {On: {sentences: [one two three four five six], reply: ok}}\n")
    unknown = [UnknownWord(word) for word in ("one", "two", "three", "four", "five")]
    warnings = unknown_word_warnings(unknown, intents, most=2)
    assert len(warnings) == 3
    assert warnings[2] == "3 more; assistant check tells all of them"
    assert len(unknown_word_warnings(unknown, intents, most=None)) == 5


@pytest.mark.parametrize(
    ("intents", "phrase"),
    [
        ("{Halt: {sentences: [basta, ya basta], action: assistant.stop, help: Basta!}}", "basta"),
        ("{Halt: {sentences: [halt], action: assistant.stop, tests: [{say: Halt!}]}}", "halt"),
        ("{Hello: {sentences: [hello], reply: Hello.}}", ""),
    ],
)
def test_the_example_of_stopping_cuts_a_reply_short(intents: str, phrase: str) -> None:
    assert stop_phrase(load(f"intents: {intents}\n")) == phrase


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("de", "vosk-model-de-0.21"),
        ("en", "vosk-model-small-en-us-0.15"),
        ("fr", "vosk-model-de-0.21"),
    ],
)
def test_a_vosk_model_of_the_language_comes_first(
    tmp_path: Path, language: str, found: str
) -> None:
    (tmp_path / "an-unfinished-download").mkdir()
    for name in ("vosk-model-de-0.21", "vosk-model-small-en-us-0.15"):
        for file in (*MODEL_FILES, STATIC_GRAPH):
            (tmp_path / name / file).mkdir(parents=True)
    assert find_model(tmp_path, language) == tmp_path / found


def with_second(opinion: str, engine: str = "auto", language: str = "en") -> Settings:
    return Settings.model_validate(
        {
            "recognizer": {"engine": engine, "second_opinion": opinion},
            "intents": {"language": language},
        }
    )


def with_model(settings: Settings) -> Settings:
    chosen = settings.recognizer.model_copy(update={"vosk_model": VOSK_MODEL})
    return settings.model_copy(update={"recognizer": chosen})


@pytest.mark.engines
@pytest.mark.parametrize(
    ("engine", "second", "name"),
    [
        ("auto", "none", "vosk"),
        ("auto", "pocketsphinx", "vosk+pocketsphinx"),
        ("auto", "vosk", "pocketsphinx+vosk"),
        ("auto", "phones", "vosk+phones"),
        ("phones", "auto", "phones"),
        ("phones", "pocketsphinx", "phones+pocketsphinx"),
        ("phones", "none", "phones"),
        ("pocketsphinx", "auto", "pocketsphinx+phones"),
        ("vosk", "pocketsphinx", "vosk+pocketsphinx"),
        ("pocketsphinx", "vosk", "pocketsphinx+vosk"),
    ],
)
def test_a_second_opinion_is_of_the_other_recognizer(engine: str, second: str, name: str) -> None:
    settings = with_model(with_second(second, engine))
    assert build_recognizer(settings, NO_FOLDERS).name == name


@pytest.mark.engines
def test_phones_are_the_second_opinion_where_the_wake_word_has_their_features() -> None:
    small = Settings.model_validate({"wake": {"engine": "microwakeword"}})
    assert build_recognizer(Settings(), NO_FOLDERS).name == "pocketsphinx+phones"
    assert build_recognizer(small, NO_FOLDERS).name == "pocketsphinx"
    assert build_recognizer(with_second("none"), NO_FOLDERS).name == "pocketsphinx"


@pytest.mark.engines
def test_the_usual_command_is_heard_by_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(PhoneRecognizer, "finish", lambda *_: asked.append("phones"))
    recognizer = build_recognizer(Settings(), NO_FOLDERS)
    assert recognizer.use(grammar_of("what time is it", "stop")) == []
    said = samples_of("what-time")[33_600:60_800]
    recognizer.start()
    assert recognizer.prepare(said) == recognizer.finish(said)
    assert recognizer.finish(said).text == "what time is it"
    assert asked == []


@pytest.mark.parametrize("engine", ["phones", "pocketsphinx", "vosk"])
def test_error_a_second_opinion_of_the_same_recognizer(engine: str) -> None:
    with pytest.raises(EngineError) as caught:
        build_recognizer(with_model(with_second(engine, engine)), NO_FOLDERS)
    assert str(caught.value) == (
        f"A second opinion cannot come from {engine}, which hears everything already. "
        "Set recognizer.second_opinion to another recognizer, or to none."
    )


@pytest.mark.engines
def test_error_a_second_opinion_without_a_vosk_model() -> None:
    with pytest.raises(EngineError, match=r"There is no Vosk model in /nonexistent"):
        build_recognizer(with_second("vosk"), NO_FOLDERS)


@pytest.mark.engines
@pytest.mark.parametrize("second", ["pocketsphinx", "vosk"])
def test_error_a_second_opinion_in_a_language_that_pocketsphinx_does_not_have(second: str) -> None:
    with pytest.raises(EngineError) as caught:
        build_recognizer(with_model(with_second(second, language="de")), NO_FOLDERS)
    assert str(caught.value) == (
        "PocketSphinx has no model for the language 'de'. Use Vosk alone (second_opinion: none): "
        f"unpack a model of the language into {NO_FOLDERS.models}."
    )


@pytest.mark.engines
def test_a_made_up_word_of_an_intent_file_is_heard(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(SENTENCES)
    understanding = load_understanding(Settings(), NO_FOLDERS, [file])
    recognizer = build_recognizer(Settings(), NO_FOLDERS)
    assert recognizer.use(spoken_grammar(understanding)) == [
        UnknownWord("zorblax", "Z AO R B L AE K S")
    ]
    for word, spoken in {"zorblax": "zorblax", "blorf": "coffee table", "led": "L E D"}.items():
        recognizer.start()
        heard = recognizer.finish(say(f"turn on the {spoken}"))
        assert heard.text == f"turn on the {word}"


@pytest.mark.engines
def test_check_warns_of_a_guess_and_of_nothing_that_the_owner_tells(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(SENTENCES)
    with home() as house:
        result = house.run("check", str(file))
    assert result.returncode == 0
    assert result.stderr == GUESSED.format(path=file) + "\n"
