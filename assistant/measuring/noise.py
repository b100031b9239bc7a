"""Noises made of random numbers, and speech mixed with noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import SAMPLE_RATE, Samples

Signal: TypeAlias = npt.NDArray[np.float64]

FRAME_SAMPLES = 512
HUM_HERTZ = 50.0
HUM_HARMONICS = 12
TALKERS = 6
CLATTER_A_SECOND = 4
CLATTER_TONES = 5


def pink(samples: int, random: np.random.Generator) -> Signal:
    """Noise with as much energy in each octave: rain, a fan, a street far away."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    spectrum /= np.sqrt(np.maximum(frequencies, 20.0))  # nothing hears below 20 Hz
    return _full_scale(np.fft.irfft(spectrum, samples))


def coloured(samples: int, slope: float, random: np.random.Generator) -> Signal:
    """Noise that falls by ``slope`` dB an octave: white at 0, pink at 3, a lorry's at 6."""
    size = fast_length(samples)
    spectrum = np.fft.rfft(random.standard_normal(samples), size)
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    spectrum /= np.maximum(frequencies, 20.0) ** (slope / (20 * np.log10(2)))
    return _full_scale(np.fft.irfft(spectrum, size)[:samples])


def fast_length(samples: int) -> int:
    """The next longer length whose Fourier transform is fast: 4, 5, 6 or 7 times a power of two."""
    step = 1 << max(0, (samples - 1).bit_length() - 3)
    return -(-samples // step) * step


def clatter(samples: int, random: np.random.Generator) -> Signal:
    """Things that knock together, four times a second: each rings in some tones, and dies away."""
    struck = 1e-3 * random.standard_normal(samples)
    for _ in range(1 + random.poisson(CLATTER_A_SECOND * samples / SAMPLE_RATE)):
        start = int(random.integers(samples))
        seconds = np.arange(min(samples - start, SAMPLE_RATE // 3)) / SAMPLE_RATE
        tones = random.uniform(300, 7000, CLATTER_TONES)[:, None]
        decays = random.uniform(0.005, 0.08, CLATTER_TONES)[:, None]
        strengths = random.uniform(0.1, 1.0, CLATTER_TONES)[:, None]
        ringing = strengths * np.exp(-seconds / decays) * np.sin(2 * np.pi * tones * seconds)
        knock = np.exp(-seconds / 0.004) * random.standard_normal(len(seconds))
        loudness = random.uniform(0.1, 1.0)
        struck[start : start + len(seconds)] += loudness * (ringing.sum(axis=0) + knock)
    return _full_scale(struck)


def hum(samples: int, random: np.random.Generator) -> Signal:
    """A machine on the mains: its frequency with harmonics, and some hiss."""
    seconds = np.arange(samples) / SAMPLE_RATE
    tones = sum(
        np.sin(2 * np.pi * HUM_HERTZ * number * seconds + random.uniform(0, 2 * np.pi)) / number
        for number in range(1, HUM_HARMONICS + 1)
    )
    return _full_scale(tones + 0.1 * random.standard_normal(samples))


def babble(samples: int, speech: Sequence[Samples | Signal], random: np.random.Generator) -> Signal:
    """Several people who talk at once: pieces of ``speech``, laid over each other."""
    talk = np.concatenate(speech).astype(np.float64)
    starts = random.integers(len(talk), size=TALKERS)
    return _full_scale(
        np.sum(
            [np.take(talk, np.arange(start, start + samples), mode="wrap") for start in starts],
            axis=0,
        )
    )


def loudest_frame(signal: Signal) -> float:
    """The greatest energy of the frames of ``FRAME_SAMPLES``; of the whole, where it is shorter."""
    frames = len(signal) // FRAME_SAMPLES
    if not frames:
        return float(np.sum(np.square(signal)))
    whole = signal[: frames * FRAME_SAMPLES].reshape(frames, FRAME_SAMPLES)
    return float(np.max(np.sum(np.square(whole), axis=1)))


def mix(
    clip: Samples, noise: Samples | Signal, decibels: float, random: np.random.Generator
) -> Samples:
    """Lay a piece of the noise, from a random place, under a clip, and bring the sum to full scale.

    The clip's loudest frame is ``decibels`` above that of the piece, as Picovoice's
    speech-to-intent-benchmark mixes. A noise shorter than the clip begins again.
    """
    loudness = noise / np.max(np.abs(noise.astype(np.float64)))
    start = int(random.integers(max(1, len(noise) - len(clip) + 1)))
    piece = np.take(loudness, np.arange(start, start + len(clip)), mode="wrap")
    speech = clip.astype(np.float64)
    scale = np.sqrt(loudest_frame(piece) * 10 ** (decibels / 10) / loudest_frame(speech))
    mixed = piece + scale * speech
    full_scale: Samples = np.rint(mixed / np.max(np.abs(mixed)) * 32767).astype(np.int16)
    return full_scale


def _full_scale(signal: Signal) -> Signal:
    loud: Signal = signal / np.max(np.abs(signal))
    return loud
