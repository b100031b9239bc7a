"""What a voice is like: pitch and resonances that are known, because they were made."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.wake.voice import FEATURES, Vector, voice_features
from tests.recordings import samples_of


def resonating(signal: Vector, hertz: float) -> Vector:
    """The signal through one resonance 100 Hz wide."""
    radius = np.exp(-np.pi * 100.0 / SAMPLE_RATE)
    turn = 2 * radius * np.cos(2 * np.pi * hertz / SAMPLE_RATE)
    out = np.zeros_like(signal)
    for at, value in enumerate(signal):
        out[at] = value + turn * out[at - 1] - radius**2 * out[at - 2]
    return out


def hum(pitch: float, formants: tuple[float, ...] = (700.0, 1200.0, 2600.0)) -> Samples:
    """Half a second of a vowel."""
    pulses = np.zeros(SAMPLE_RATE // 2)
    pulses[np.arange(0, len(pulses), SAMPLE_RATE / pitch).astype(int)] = 1.0
    vowel: Vector = pulses
    for formant in formants:
        vowel = resonating(vowel, formant)
    samples: Samples = (vowel / np.max(np.abs(vowel)) * 8000).astype(np.int16)
    return samples


def features(samples: Samples) -> Vector:
    found = voice_features(samples)
    assert found is not None
    return found


@pytest.mark.parametrize("pitch", [80.0, 110.0, 160.0, 220.0, 320.0])
def test_the_pitch_is_found(pitch: float) -> None:
    assert 2 ** features(hum(pitch))[-1] == pytest.approx(pitch, rel=0.02)


def test_how_loud_it_is_does_not_matter() -> None:
    loud = hum(120.0)
    quiet = (loud // 4).astype(np.int16)
    assert features(quiet) == pytest.approx(features(loud), abs=0.1)


def test_another_pitch_changes_the_resonances_less_than_another_throat() -> None:
    one, higher = features(hum(110.0)), features(hum(140.0))
    shorter = features(hum(110.0, (770.0, 1320.0, 2860.0)))
    resonances = slice(0, FEATURES - 1)
    pitch_moved = np.linalg.norm((higher - one)[resonances])
    throat_moved = np.linalg.norm((shorter - one)[resonances])
    assert throat_moved > 2 * pitch_moved


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, dtype=np.int16),
        np.zeros(SAMPLE_RATE, dtype=np.int16),
        np.random.default_rng(1).integers(-3000, 3000, SAMPLE_RATE).astype(np.int16),
        hum(120.0)[:800],
        np.full(SAMPLE_RATE, 20_000, dtype=np.int16),
    ],
    ids=["nothing", "silence", "noise", "too short", "a stuck converter"],
)
def test_without_a_voice_there_are_none(samples: Samples) -> None:
    assert voice_features(samples) is None


def test_full_scale_and_clipped_speech_has_some() -> None:
    clipped = np.clip(samples_of("what-time").astype(np.int64) * 50, -32768, 32767)
    assert np.isfinite(features(clipped.astype(np.int16))).all()
