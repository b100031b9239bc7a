"""The wake word's engine, on real models and recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.wake.activity import ActivityGate
from assistant.wake.openwakeword import LATE_CHUNKS, OpenWakeWord
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


def first_over(threshold: float, scores: list[float]) -> int:
    return next(at for at, score in enumerate(scores) if score >= threshold)


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
    without = [jarvis.scores(chunk)["hey_jarvis"] for chunk in chunks]
    behind = [gated.scores(chunk).get("hey_jarvis") for chunk in chunks]
    begin = 0
    for at, seen in enumerate(behind):
        if seen is not None:
            # The second look knows the noise of a chunk or two more, or less.
            covered = without[max(begin, at - LATE_CHUNKS + 1) : at + 1]
            assert seen == pytest.approx(max(covered), abs=0.03)
            begin = at + 1
    woken = first_over(0.5, without)
    assert woken <= first_over(0.5, [score or 0.0 for score in behind]) <= woken + LATE_CHUNKS - 1


@pytest.mark.engines
def test_a_silent_room_costs_no_networks(gated: OpenWakeWord) -> None:
    gated.reset()
    assert all(gated.scores(chunk) == {} for chunk in silence(5.0))
