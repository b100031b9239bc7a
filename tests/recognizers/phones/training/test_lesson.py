"""What is said to learn an owner's commands."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from assistant.embedding.features import MID_SIZE, SpeechEmbedding
from assistant.measuring.clips import everyday
from assistant.recognizers.grammar import is_sentence
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.training.examples import NUMBERS
from assistant.recognizers.phones.training.lesson import Vocabulary, examples, texts
from assistant.wake.training.voices import find_voices
from tests.recordings import grammar_of

HOME = grammar_of("turn on the (lamp|radio)", "what time is it", "stop")
VOCABULARY = Vocabulary(
    {"stop": [("S", "T", "AA", "P")], "bzzt": [("B", "Z")], "xyzzyx": []}, {"bzzt": ("bee zed",)}
)


def test_most_are_sentences_some_are_in_disorder_and_some_are_talk() -> None:
    said = texts([HOME], "en", 1000, np.random.default_rng(1))
    sentences = sum(is_sentence(HOME, text.split()) for text in said)
    talk = sum(text in set(everyday("en")) for text in said)
    assert 630 < sentences < 750
    assert 100 < talk < 200
    assert said == texts([HOME], "en", 1000, np.random.default_rng(1))


def test_a_word_is_said_as_it_is_told_to_sound() -> None:
    assert VOCABULARY.spoken("stop bzzt") == "stop bee zed"
    assert VOCABULARY.spoken("stop xyzzyx") == ""
    assert VOCABULARY.spoken("stop somebody") == ""


@pytest.mark.engines
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_text_is_heard_in_some_places(embedding: SpeechEmbedding) -> None:
    stream = MidFrames(embedding)
    random = np.random.default_rng(2)
    made = list(
        examples(["stop", "xyzzyx", "bzzt"], VOCABULARY, find_voices(), stream, random, copies=2)
    )
    assert [one.units for one in made] == [
        tuple(NUMBERS[phone] for phone in phones.split())
        for phones in ("S T AA P", "S T AA P", "B Z", "B Z")
    ]
    assert all(one.frames.dtype == np.float16 and one.frames.shape[1] == MID_SIZE for one in made)
    assert not np.array_equal(made[0].frames[:10], made[1].frames[:10])
