"""One recording as it might have been: another room, microphone, voice, noise and distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import (
    Signal,
    babble,
    clatter,
    coloured,
    fast_length,
    hum,
    loudest_frame,
)

PEAK = 30_000.0
CURVE_BANDS = 6
CURVE_DB = 5.0
"""How far a microphone's response strays, which cheap ones do."""
ROOM_SECONDS = (0.15, 0.6)
"""Reverberation time of furnished rooms."""
DIRECT_DB = (-2.0, 14.0)
"""The voice over its echoes: at some metres, and near."""
GAIN_DB = (-30.0, 0.0)
"""The loudest sample below full scale."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is changed: of each range something is drawn."""

    speed: float = 0.1
    """Faster and higher, or slower and lower, by up to this share."""
    room_share: float = 0.5
    curve_share: float = 0.7
    noise_share: float = 0.7
    noise_db: tuple[float, float] = (3.0, 30.0)


USUAL = Amount()


def varied(signal: Signal, amount: Amount, random: np.random.Generator) -> Signal:
    """Say it a little faster or slower, in a room, into a microphone; longer by the echoes."""
    factor = 1.0 + random.uniform(-amount.speed, amount.speed)
    varied: Signal = np.asarray(soxr.resample(signal, SAMPLE_RATE * factor, SAMPLE_RATE, "LQ"))
    if random.random() < amount.room_share:
        varied = reverberated(varied, random)
    if random.random() < amount.curve_share:
        varied = equalised(varied, random)
    return varied


def reverberated(signal: Signal, random: np.random.Generator) -> Signal:
    """Put it into a room, whose echoes are noise that dies away; its sound ends where it did."""
    seconds = random.uniform(*ROOM_SECONDS)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    # By 60 dB within the reverberation time, which is ln(1000) of the amplitude.
    echoes = random.standard_normal(len(time)) * np.exp(-6.9 * time / seconds)
    echoes[: int(random.uniform(0.001, 0.01) * SAMPLE_RATE)] = 0.0
    ratio = 10 ** (-random.uniform(*DIRECT_DB) / 20)
    echoes *= ratio / np.sqrt(np.sum(np.square(echoes)))
    echoes[0] = 1.0
    length = len(signal) + len(echoes) - 1
    size = fast_length(length)
    whole = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(echoes, size), size)
    room: Signal = whole[: len(signal)]
    return room


def equalised(signal: Signal, random: np.random.Generator) -> Signal:
    """Hear it through a microphone whose response is not flat."""
    # Not padded to a faster length: the shipped negative set was made so, and is made so again.
    spectrum = np.fft.rfft(signal)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(signal), 1 / SAMPLE_RATE), 60.0))
    bands = np.linspace(np.log2(60.0), np.log2(SAMPLE_RATE / 2), CURVE_BANDS)
    decibels = np.interp(octaves, bands, random.normal(0.0, CURVE_DB / 2, CURVE_BANDS))
    heard: Signal = np.fft.irfft(spectrum * 10 ** (decibels / 20), len(signal))
    return heard


def some_noise(
    samples: int, talk: Sequence[Samples | Signal], random: np.random.Generator
) -> Signal:
    """Draw a noise of a random kind; of ``talk`` that of people, where there is some."""
    kind = int(random.integers(5 if talk else 4))
    if kind == 0:
        return coloured(samples, random.uniform(0.0, 7.0), random)
    if kind == 1:
        return hum(samples, random)
    if kind == 2:
        return clatter(samples, random)
    if kind == 3:  # somebody works in the kitchen, and a fan runs
        both = clatter(samples, random) + random.uniform(0.05, 0.5) * coloured(
            samples, random.uniform(1.0, 5.0), random
        )
        louder: Signal = both / np.max(np.abs(both))
        return louder
    return babble(samples, talk, random)


def in_a_place(
    signal: Signal, amount: Amount, talk: Sequence[Samples | Signal], random: np.random.Generator
) -> Samples:
    """Lay noise under it, and turn the whole up or down."""
    heard = signal
    if random.random() < amount.noise_share:
        noise = some_noise(len(signal), talk, random)
        decibels = random.uniform(*amount.noise_db)
        wanted = loudest_frame(signal) * 10 ** (-decibels / 10)
        heard = signal + noise * np.sqrt(wanted / loudest_frame(noise))
    gain = PEAK * 10 ** (random.uniform(*GAIN_DB) / 20)
    hiss = random.standard_normal(len(heard)) * 10 ** random.uniform(0.0, 1.2)
    louder = heard * (gain / max(1e-9, float(np.max(np.abs(heard))))) + hiss
    return to_16_bits(louder)


def to_16_bits(signal: npt.NDArray[np.float64]) -> Samples:
    """Round to samples of 16 bits, clipped."""
    rounded: Samples = np.rint(np.clip(signal, -32768, 32767)).astype(np.int16)
    return rounded
