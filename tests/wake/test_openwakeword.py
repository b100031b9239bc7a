"""The wake word's engine, on real models and recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.wake.activity import ActivityGate
from assistant.wake.bundle import load_bundle
from assistant.wake.features import SpeechEmbedding
from assistant.wake.openwakeword import OpenWakeWord
from assistant.wake.words import load_word
from tests.recordings import chunks_of, silence


@pytest.fixture
def jarvis(embedding: SpeechEmbedding) -> OpenWakeWord:
    return OpenWakeWord({"hey_jarvis": load_word("hey_jarvis")}, embedding)


@pytest.fixture
def gated(cache: Path) -> OpenWakeWord:
    features = SpeechEmbedding(load_bundle(cache))
    return OpenWakeWord({"hey_jarvis": load_word("hey_jarvis")}, features, ActivityGate())


def heard(engine: OpenWakeWord, *chunks: Samples) -> list[float]:
    engine.reset()
    return [engine.scores(chunk).get("hey_jarvis", 0.0) for chunk in chunks]


@pytest.mark.engines
def test_it_hears_its_word(jarvis: OpenWakeWord) -> None:
    assert max(heard(jarvis, *chunks_of("what-time"))) > 0.9


@pytest.mark.engines
@pytest.mark.parametrize("name", ["silence", "no-wake-word", "command-without-wake-word"])
def test_it_hears_nothing_else(jarvis: OpenWakeWord, name: str) -> None:
    assert max(heard(jarvis, *chunks_of(name))) < 0.1


@pytest.mark.engines
def test_after_a_reset_the_word_is_forgotten(jarvis: OpenWakeWord) -> None:
    assert max(heard(jarvis, *chunks_of("what-time"))) > 0.9
    assert max(heard(jarvis, *silence(2.0))) < 0.1


@pytest.mark.engines
def test_a_word_is_heard_right_after_a_reset(jarvis: OpenWakeWord) -> None:
    chunks = chunks_of("what-time")
    scores = heard(jarvis, *chunks)
    begin = next(at for at, score in enumerate(scores) if score > 0.5) - 8  # amid the word
    assert max(heard(jarvis, *chunks[begin : begin + 12])) > 0.02  # looked at twice


@pytest.mark.engines
def test_two_words_at_once_score_as_one_alone(jarvis: OpenWakeWord, cache: Path) -> None:
    words = {name: load_word(name) for name in ("alexa", "hey_jarvis")}
    both = OpenWakeWord(words, SpeechEmbedding(load_bundle(cache)))
    assert both.names == ("alexa", "hey_jarvis")
    chunks = chunks_of("what-time")
    assert heard(both, *chunks) == pytest.approx(heard(jarvis, *chunks), abs=1e-5)


@pytest.mark.engines
@pytest.mark.parametrize("before_seconds", [0.0, 0.4, 1.2, 10.0])
@pytest.mark.parametrize("gain_db", [0, -20, -34])
def test_behind_the_gate_no_score_is_another(
    jarvis: OpenWakeWord, gated: OpenWakeWord, before_seconds: float, gain_db: int
) -> None:
    soft = [(chunk * 10.0 ** (gain_db / 20.0)).astype(np.int16) for chunk in chunks_of("what-time")]
    chunks = [*silence(before_seconds), *soft]
    jarvis.reset()
    gated.reset()
    both = [(jarvis.scores(chunk), gated.scores(chunk)) for chunk in chunks]
    seen = [(one["hey_jarvis"], other["hey_jarvis"]) for one, other in both if other]
    closed = [one["hey_jarvis"] for one, other in both if not other]
    assert max(score for _, score in seen) == pytest.approx(
        max(score["hey_jarvis"] for score, _ in both), abs=1e-4
    )
    assert max(closed, default=0.0) < 0.1
    # The first ones after it has opened make up for those before.
    assert [other for _, other in seen[3:]] == pytest.approx([one for one, _ in seen[3:]], abs=1e-4)


@pytest.mark.engines
def test_a_silent_room_costs_no_networks(gated: OpenWakeWord) -> None:
    gated.reset()
    assert all(gated.scores(chunk) == {} for chunk in silence(5.0))


def test_a_chunk_of_another_length_is_a_bug(jarvis: OpenWakeWord) -> None:
    with pytest.raises(ValueError, match="a chunk has 1280 samples, not 640"):
        jarvis.scores(np.zeros(640, dtype=np.int16))
