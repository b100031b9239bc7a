"""Vosk: broken models, words that it must not believe, sentences that take any words."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.engines import spoken_grammar
from assistant.errors import EngineError
from assistant.ports import Grammar, UnknownWord
from assistant.recognizers.grammar import compile_grammar
from assistant.recognizers.vosk import VoskRecognizer
from assistant.recognizers.voskmodel import HOW_TO_GET_A_MODEL, look_at
from assistant.turn import Transcript
from scripts.voskmodel.sentences import OTHER_SENTENCES
from tests.intents.files import sentences
from tests.recognizers.synthesised import say
from tests.recordings import VOSK_MODEL, grammar_of, shipped

pytestmark = pytest.mark.engines

ALL_WORDS = 100
"""Fewer than the model has, so that it also writes down what it hears."""

SHOPPING = compile_grammar(
    sentences(
        "add {item} to my [shopping] list",
        "remind me to {text}",
        "turn (on|off) the (light|radio|fan)",
        "stop",
        more="lists: {item: {wildcard: true, values: [milk, bread, tea]}}\n",
    )
)


@pytest.fixture(scope="module")
def recognizer() -> VoskRecognizer:
    return VoskRecognizer(VOSK_MODEL)


@pytest.fixture(scope="module")
def writing_down() -> VoskRecognizer:
    return VoskRecognizer(VOSK_MODEL, open_vocabulary=ALL_WORDS)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(VOSK_MODEL, tmp_path / "model"))


def hear(recognizer: VoskRecognizer, grammar: Grammar, audio: Samples) -> Transcript:
    recognizer.use(grammar)
    recognizer.start()
    for at in range(0, len(audio), 1280):
        recognizer.feed(audio[at : at + 1280])
    return recognizer.finish(audio)


def error_of(model: Path) -> EngineError:
    with pytest.raises(EngineError) as caught:
        VoskRecognizer(model)
    assert caught.value.hint == HOW_TO_GET_A_MODEL
    return caught.value


# --- models ---------------------------------------------------------------------------------------


def test_a_model_is_looked_through() -> None:
    found = look_at(VOSK_MODEL)
    assert found.takes_grammar
    assert 150 < found.words < 200


@pytest.mark.parametrize(
    "name",
    [
        "am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/words.txt", "graph/HCLr.fst",
        "graph/Gr.fst",
    ],
)  # fmt: skip
def test_error_a_file_is_missing(model: Path, name: str) -> None:
    (model / name).unlink()
    assert error_of(model).message == f"{model} is not a Vosk model: it has no {name}."


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
@pytest.mark.parametrize(
    "name",
    ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt",
     "graph/phones/word_boundary.int"],
)  # fmt: skip
def test_error_a_file_is_cut_off(model: Path, name: str, share: float) -> None:
    path = model / name
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * share)])
    message = error_of(model).message
    assert message.startswith(f"The Vosk model {model} is broken: {name} ")
    assert message.count("\n") == 0


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("am/final.mdl", "is no network of Kaldi's"),
        ("conf/mfcc.conf", "has a line that is no option"),
        ("conf/model.conf", "has a line that is no option"),
        ("graph/words.txt", "is no table of numbers"),
        ("graph/disambig_tid.int", "is no table of numbers"),
        ("graph/HCLr.fst", "is no graph of OpenFst's"),
        ("graph/Gr.fst", "is no graph of OpenFst's"),
    ],
)
def test_error_a_page_was_downloaded_instead(model: Path, name: str, wrong: str) -> None:
    (model / name).write_text("<html>\nNot found\n</html>\n")
    assert error_of(model).message == f"The Vosk model {model} is broken: {name} {wrong}."


@pytest.mark.parametrize("name", ["conf/mfcc.conf", "conf/model.conf"])
def test_error_no_options(model: Path, name: str) -> None:
    (model / name).write_text("# nothing\n\n")
    assert error_of(model).message == f"The Vosk model {model} is broken: {name} is empty."


def test_error_what_only_libvosk_can_tell(model: Path) -> None:
    path = model / "am/final.mdl"
    path.write_bytes(path.read_bytes().replace(b"<LogProbs>", b"<LogPrabs>"))
    assert error_of(model).message == (
        f"The Vosk model {model} is broken: libvosk cannot load it, and says why above."
    )


# --- what is believed -----------------------------------------------------------------------------


def test_speech_that_is_no_sentence_is_hardly_believed(recognizer: VoskRecognizer) -> None:
    home = grammar_of("what time is it", "stop", "set a timer for (five|ten) minutes")
    recognizer.use(home)
    believed = [
        text for text in OTHER_SENTENCES if hear(recognizer, home, say(text)).confidence > 0.25
    ]
    assert believed == []


def test_phrases_of_unknown_words_take_no_others_with_them(recognizer: VoskRecognizer) -> None:
    grammar = grammar_of("turn on the (xyzzyx|radio)", "turn (off|xyzzyx) the light")
    assert recognizer.use(grammar) == [UnknownWord("xyzzyx")]
    for text in ("turn on the radio", "turn off the light"):
        transcript = hear(recognizer, grammar, say(text))
        assert transcript.text == text
        assert transcript.confidence > 0.5


def test_stop_is_not_heard_in_other_speech(recognizer: VoskRecognizer) -> None:
    recognizer.use(grammar := spoken_grammar(shipped()))
    listener = recognizer.listen_for_stop(grammar)
    for text in ("It is ten minutes past five.", "The timer for five minutes is set."):
        assert not any(map(listener.hears, np.array_split(say(text), 20)))


# --- any words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["add cheese to my shopping list", "add sugar and butter to my list", "remind me to call home"],
)
def test_any_words_are_written_down(writing_down: VoskRecognizer, text: str) -> None:
    transcript = hear(writing_down, SHOPPING, say(text))
    assert transcript.text == text
    assert transcript.confidence > 0.5


def test_any_words_are_written_down_while_they_are_said(writing_down: VoskRecognizer) -> None:
    writing_down.use(SHOPPING)
    writing_down.start()
    partials = [
        writing_down.feed(part) for part in np.array_split(say("remind me to call home"), 25)
    ]
    assert "remind me to call" in partials
    assert "remind me to call home" in partials


@pytest.mark.parametrize("text", ["add milk to my shopping list", "turn on the radio", "stop"])
def test_sentences_are_heard_beside_any_words(writing_down: VoskRecognizer, text: str) -> None:
    assert hear(writing_down, SHOPPING, say(text)).text == text


def test_a_small_vocabulary_writes_nothing_down(recognizer: VoskRecognizer) -> None:
    transcript = hear(recognizer, SHOPPING, say("add cheese to my shopping list"))
    assert "cheese" not in " ".join((transcript.text, *transcript.alternatives))
    assert hear(recognizer, SHOPPING, say("add milk to my list")).text == "add milk to my list"


def test_words_around_any_words_are_told_where_they_are_listened_for(
    recognizer: VoskRecognizer, writing_down: VoskRecognizer
) -> None:
    grammar = compile_grammar(sentences("xyzzyx {text}", "stop"))
    assert writing_down.use(grammar) == [UnknownWord("xyzzyx")]
    assert recognizer.use(grammar) == []
