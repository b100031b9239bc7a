"""Noises, and speech mixed with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import (
    HUM_HERTZ,
    Signal,
    babble,
    coloured,
    fast_length,
    hum,
    loudest_frame,
    mix,
    pink,
)


def loud(seed: int, samples: int, level: float) -> Samples:
    return np.rint(np.random.default_rng(seed).uniform(-level, level, samples)).astype(np.int16)


@given(decibels=st.integers(-10, 30), level=st.integers(200, 30_000), seed=st.integers(0, 99))
def test_mixture_is_as_loud_over_the_noise_as_told(decibels: int, level: int, seed: int) -> None:
    """Two sounds that do not overlap in time can be told apart again."""
    clip = np.concatenate((loud(seed, 1024, level), np.zeros(1024, np.int16)))
    noise = np.concatenate((np.zeros(1024, np.int16), loud(seed + 1, 1024, 5_000)))
    mixed = mix(clip, noise, decibels, np.random.default_rng(seed)).astype(np.float64)
    found = 10 * np.log10(loudest_frame(mixed[:1024]) / loudest_frame(mixed[1024:]))
    assert found == pytest.approx(decibels, abs=0.1)
    assert np.max(np.abs(mixed)) == 32767


def test_mixture_is_the_same_for_the_same_seed() -> None:
    clip, noise = loud(1, 4000, 9_000), loud(2, 50_000, 3_000)
    first, again, other = (mix(clip, noise, 12, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_noise_shorter_than_the_clip_begins_again() -> None:
    clip, noise = np.ones(1200, np.int16), loud(3, 500, 3_000)
    mixed = mix(clip, noise, -60, np.random.default_rng(0)).astype(np.int64)
    assert np.array_equal(mixed[:500], mixed[500:1000])


def energy(signal: Signal, low: float, high: float) -> float:
    """Of the frequencies from ``low`` to ``high`` Hz."""
    spectrum = np.abs(np.fft.rfft(signal)) ** 2
    frequencies = np.fft.rfftfreq(len(signal), 1 / SAMPLE_RATE)
    return float(spectrum[(frequencies >= low) & (frequencies < high)].sum())


def test_pink_noise_has_as_much_energy_in_each_octave() -> None:
    noise = pink(10 * SAMPLE_RATE, np.random.default_rng(1))
    octaves = [energy(noise, low, 2 * low) for low in (100, 200, 400, 800, 1600, 3200)]
    assert max(octaves) < 1.3 * min(octaves)
    assert np.max(np.abs(noise)) == 1.0


def test_hum_is_the_mains_and_its_harmonics() -> None:
    noise = hum(10 * SAMPLE_RATE, np.random.default_rng(1))
    near = sum(energy(noise, n * HUM_HERTZ - 1, n * HUM_HERTZ + 1) for n in range(1, 13))
    assert near > 0.95 * energy(noise, 0, SAMPLE_RATE / 2)


def test_babble_is_several_pieces_of_speech_at_once() -> None:
    speech = [np.array([1000, -1000] * 400, np.int16), np.zeros(800, np.int16)]
    noise = babble(2000, speech, np.random.default_rng(1))
    assert len(noise) == 2000
    assert len(np.unique(np.abs(noise).round(6))) > 2  # more of them, and fewer, at a time


@given(samples=st.integers(1, 200_000))
def test_a_fast_length_is_a_little_longer_and_of_small_factors(samples: int) -> None:
    length = fast_length(samples)
    assert samples <= length <= max(samples + 1, 1.25 * samples)
    for factor in (2, 3, 5, 7):
        while length % factor == 0:
            length //= factor
    assert length == 1


@pytest.mark.parametrize("samples", [1, 13, 4_099])
def test_coloured_noise_is_as_long_as_asked_for(samples: int) -> None:
    assert len(coloured(samples, 3.0, np.random.default_rng(1))) == samples
