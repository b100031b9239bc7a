"""Voice activity, on the real network."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.audio.vad import SileroVad
from tests.recordings import chunks_of, samples_of, silence


def heard(vad: SileroVad, chunks: Iterable[Samples]) -> list[float]:
    return list(itertools.chain.from_iterable(map(vad.probabilities, chunks)))


def test_speech_is_speech() -> None:
    assert max(heard(SileroVad(), chunks_of("no-wake-word"))) > 0.9


def test_silence_and_hiss_are_not() -> None:
    hiss = np.random.default_rng(1).normal(0, 300, (25, 1280)).astype(np.int16)
    assert max(heard(SileroVad(), [*silence(2.0), *hiss])) < 0.3


def test_after_a_reset_the_same_sound_gives_the_same_answer() -> None:
    vad = SileroVad()
    chunks = chunks_of("no-wake-word")[:31]
    first = heard(vad, chunks)
    vad.reset()
    assert heard(vad, chunks) == first


@pytest.mark.parametrize("length", [100, 512, 1280])
def test_how_the_sound_is_cut_changes_nothing(length: int) -> None:
    samples = samples_of("no-wake-word")[: 20 * 1280]
    parts = [samples[at : at + length] for at in range(0, len(samples), length)]
    probabilities = heard(SileroVad(), parts)
    assert probabilities == list(SileroVad().probabilities(samples))
    assert len(probabilities) * SileroVad().step_seconds == pytest.approx(20 * 0.08)


def test_the_end_of_speech_is_found_within_a_tenth_of_a_second() -> None:
    vad = SileroVad()
    samples = np.concatenate([samples_of("command-without-wake-word"), *silence(1.0)])
    ended = len(samples) / 16_000 - 1.0 - 0.6  # what scripts/make-recordings leaves
    last = max(np.flatnonzero(np.array(vad.probabilities(samples)) >= 0.35)) + 1
    assert last * vad.step_seconds == pytest.approx(ended, abs=0.1)
