"""Voice activity, on the real network."""

from __future__ import annotations

import numpy as np

from assistant.audio.vad import SileroVad
from tests.recordings import chunks_of, silence


def test_speech_is_speech() -> None:
    vad = SileroVad()
    probabilities = [vad.probability(chunk) for chunk in chunks_of("no-wake-word")]
    assert max(probabilities) > 0.9


def test_silence_and_hiss_are_not() -> None:
    vad = SileroVad()
    hiss = np.random.default_rng(1).normal(0, 300, (25, 1280)).astype(np.int16)
    probabilities = [vad.probability(chunk) for chunk in [*silence(2.0), *hiss]]
    assert max(probabilities) < 0.3


def test_after_a_reset_the_same_sound_gives_the_same_answer() -> None:
    vad = SileroVad()
    chunks = chunks_of("no-wake-word")[:30]
    first = [vad.probability(chunk) for chunk in chunks]
    vad.reset()
    assert [vad.probability(chunk) for chunk in chunks] == first
