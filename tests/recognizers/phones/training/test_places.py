"""A sentence as it may reach the microphone."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.measuring.noise import Signal, loudest_frame
from assistant.recognizers.phones.training.noises import some_noise
from assistant.recognizers.phones.training.places import (
    AFTER_SECONDS,
    BEFORE_SECONDS,
    USUAL,
    placed,
)
from assistant.wake.training.augmentation import Amount

TONE: Signal = np.sin(2 * np.pi * 440.0 * np.arange(16_000) / 16_000)
TALK = [np.random.default_rng(3).normal(0.0, 1.0, 9_000)]


@pytest.mark.parametrize("seed", range(30))
def test_every_noise_is_heard_for_as_long_as_it_is_asked_for(seed: int) -> None:
    random = np.random.default_rng(seed)
    noise = some_noise(12_345, TALK if seed % 2 else [], random)
    assert noise.shape == (12_345,)
    assert np.isfinite(noise).all()
    assert loudest_frame(noise) > 0


@pytest.mark.parametrize("seed", range(20))
def test_it_is_as_long_as_it_was_with_some_time_around(seed: int) -> None:
    heard = placed(TONE, TALK, np.random.default_rng(seed)).samples
    shortest = 1.0 / (1.0 + USUAL.speed) + BEFORE_SECONDS[0] + AFTER_SECONDS[0]
    longest = 1.0 / (1.0 - USUAL.speed) + BEFORE_SECONDS[1] + AFTER_SECONDS[1]
    assert shortest - 0.01 <= len(heard) / 16_000 <= longest + 0.01
    assert heard.dtype == np.int16
    assert np.abs(heard.astype(int)).max() > 500


def test_the_same_numbers_make_the_same_place() -> None:
    first, again = (placed(TONE, TALK, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.samples, again.samples)


QUIET = Amount(speed=0.17, room_share=0.0, curve_share=0.0)


@pytest.mark.parametrize("seed", range(12))
def test_it_is_told_where_the_sound_is_and_how_fast(seed: int) -> None:
    place = placed(TONE, [], np.random.default_rng(seed), QUIET)
    begin, length = int(place.begin * 16_000), int(16_000 / place.speed)
    assert QUIET.speed + 1.0 >= place.speed >= 1.0 - QUIET.speed
    # The tone at 440 Hz, now at another pitch, stands out where it is said to be.
    spectrum = np.abs(np.fft.rfft(place.samples[begin : begin + length] * np.hanning(length)))
    hertz = np.fft.rfftfreq(length, 1 / 16_000)
    near = np.abs(hertz - 440.0 * place.speed) < 8.0
    around = np.abs(hertz - 440.0 * place.speed) < 60.0
    assert spectrum[near].max() == spectrum[around].max()


def test_silence_stays_silent_and_is_no_mistake() -> None:
    assert placed(np.zeros(4_000), [], np.random.default_rng(1)).samples.dtype == np.int16
