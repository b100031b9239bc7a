"""What every wake word engine does, whatever its models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.ports import WakeWord
from assistant.wake.activity import ActivityGate
from assistant.wake.microwakeword import MicroWakeWord
from assistant.wake.openwakeword import OpenWakeWord
from assistant.wake.words import load_word
from tests.recordings import chunks_of, silence

pytestmark = pytest.mark.engines

WORDS = ("hey_jarvis", "alexa")


@pytest.fixture(params=["openwakeword", "openwakeword without a gate", "microwakeword"])
def engine(request: pytest.FixtureRequest, cache: Path) -> WakeWord:
    if request.param == "microwakeword":
        return MicroWakeWord(dict.fromkeys(WORDS))
    features = SpeechEmbedding(load_bundle(cache))
    gate = None if "without" in request.param else ActivityGate()
    return OpenWakeWord({name: load_word(name) for name in WORDS}, features, gate)


def heard(engine: WakeWord, *chunks: Samples) -> list[dict[str, float]]:
    return [dict(engine.scores(chunk)) for chunk in chunks]


def highest(scores: list[dict[str, float]], name: str) -> float:
    return max((one[name] for one in scores if one), default=0.0)


def test_it_tells_its_words(engine: WakeWord) -> None:
    assert tuple(engine.names) == WORDS


def test_it_hears_its_word_and_no_other(engine: WakeWord) -> None:
    scores = heard(engine, *silence(1.0), *chunks_of("what-time"))
    assert highest(scores, "hey_jarvis") > 0.9
    assert highest(scores, "alexa") < 0.1


@pytest.mark.parametrize("name", ["silence", "no-wake-word", "command-without-wake-word"])
def test_it_hears_nothing_else(engine: WakeWord, name: str) -> None:
    scores = heard(engine, *silence(1.0), *chunks_of(name))
    assert highest(scores, "hey_jarvis") < 0.1


def test_the_more_sensitive_the_lower_the_threshold(engine: WakeWord) -> None:
    for name in WORDS:
        low, middle, high = (engine.threshold(name, one) for one in (0.0, 0.5, 1.0))
        assert 1.0 > low >= middle >= high > 0.0


def test_scores_are_of_all_words_or_of_none(engine: WakeWord) -> None:
    for one in heard(engine, *silence(1.0), *chunks_of("what-time")):
        assert one == {} or one.keys() == set(WORDS)
        assert all(0.0 <= score <= 1.0 for score in one.values())


def test_after_a_reset_the_word_is_forgotten(engine: WakeWord) -> None:
    for chunk in [*silence(1.0), *chunks_of("what-time")]:
        if engine.scores(chunk).get("hey_jarvis", 0.0) > 0.9:
            break
    engine.reset()
    assert highest(heard(engine, *silence(2.0)), "hey_jarvis") < 0.1


def test_the_same_again_after_a_reset(engine: WakeWord) -> None:
    chunks = [*silence(0.8), *chunks_of("what-time")]
    first = heard(engine, *chunks, *silence(4.0))
    engine.reset()
    again = heard(engine, *chunks, *silence(4.0))
    assert highest(again, "hey_jarvis") == pytest.approx(highest(first, "hey_jarvis"), abs=0.01)


def test_a_chunk_of_another_length_is_a_bug(engine: WakeWord) -> None:
    with pytest.raises(ValueError, match="a chunk has 1280 samples, not 640"):
        engine.scores(np.zeros(640, dtype=np.int16))
