"""What goes on while somebody speaks: noises made of random numbers, each time another one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import Signal, clatter, coloured, hum

SEMITONES = np.array((0, 2, 4, 5, 7, 9, 11, 12, 14, 16))
"""Of a major scale, a little more than an octave."""
MOST_TALKERS = 8


def some_noise(
    samples: int, talk: Sequence[Samples | Signal], random: np.random.Generator
) -> Signal:
    """Draw one of a random kind; people are heard in it where there is some ``talk``."""
    kind = random.random()
    steady = coloured(samples, random.uniform(-1.0, 7.0), random)
    if kind < 0.25 and talk:
        return _unit(talkers(samples, talk, random)) + random.uniform(0.05, 0.7) * _unit(steady)
    if kind < 0.40:
        return _unit(music(samples, random)) + random.uniform(0.02, 0.4) * _unit(steady)
    if kind < 0.55:
        return _unit(clatter(samples, random)) + random.uniform(0.05, 0.8) * _unit(steady)
    if kind < 0.75:
        rest = clatter(samples, random) if random.random() < 0.4 else steady
        return _unit(flowing(samples, random)) + random.uniform(0.05, 0.6) * _unit(rest)
    if kind < 0.85:
        return _unit(hum(samples, random)) + random.uniform(0.1, 1.0) * _unit(steady)
    return _unit(swelling(steady, 8, 8.0, random))


def talkers(samples: int, talk: Sequence[Samples | Signal], random: np.random.Generator) -> Signal:
    """One person or several, nearer and farther."""
    total = np.zeros(samples)
    for _ in range(random.integers(1, MOST_TALKERS + 1)):
        speech = talk[int(random.integers(len(talk)))].astype(np.float64)
        start = int(random.integers(len(speech)))
        piece = np.take(speech, np.arange(start, start + samples), mode="wrap")
        total += random.uniform(0.2, 1.0) * _unit(piece)
    return total


def music(samples: int, random: np.random.Generator) -> Signal:
    """Chords of harmonic tones that die away, in a beat, perhaps with a drum."""
    played = np.zeros(samples)
    beat = int(SAMPLE_RATE * random.uniform(0.15, 0.7))
    root = random.uniform(80.0, 400.0)
    drum = random.random() < 0.5
    seconds = np.arange(2 * beat) / SAMPLE_RATE
    for start in range(-int(random.integers(beat)), samples, beat):
        chord = np.zeros(len(seconds))
        for _ in range(random.integers(1, 4)):
            octave = random.choice((0.5, 1.0, 1.0, 2.0))
            pitch = root * octave * 2 ** (random.choice(SEMITONES) / 12)
            harmonics = np.arange(1, random.integers(3, 9))[:, None]
            strengths = random.uniform(0.1, 1.0, harmonics.shape) / harmonics
            vibrato = seconds * (1.0 + 0.002 * np.sin(2 * np.pi * 5.0 * seconds))
            tones = np.sin(2 * np.pi * pitch * harmonics * vibrato)
            chord += (strengths * tones).sum(axis=0) * np.exp(-seconds * random.uniform(1.0, 8.0))
        if drum:
            dying = np.exp(-seconds / random.uniform(0.01, 0.06))
            hit = random.standard_normal(len(seconds)) * dying
            chord += random.uniform(0.5, 3.0) * hit
        begin, end = max(0, start), min(samples, start + len(chord))
        played[begin:end] += chord[begin - start : end - start]
    return played


def flowing(samples: int, random: np.random.Generator) -> Signal:
    """Water, a fan, an engine: a noise of some bands that swells, and may throb."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    bends = np.sort(random.uniform(0.0, SAMPLE_RATE / 2, 7))
    spectrum *= 10 ** (np.interp(hertz, bends, random.uniform(-24.0, 6.0, 7)) / 20)
    flow = swelling(np.fft.irfft(spectrum, samples), 6, 6.0, random)
    if random.random() < 0.4:
        seconds = np.arange(samples) / SAMPLE_RATE
        depth, rate = random.uniform(0.1, 0.9), random.uniform(2.0, 60.0)
        flow *= 1.0 + depth * np.sin(2 * np.pi * rate * seconds)
    return flow


def swelling(signal: Signal, bends: int, decibels: float, random: np.random.Generator) -> Signal:
    """Make it louder and softer, by up to so much, at so many times."""
    times = np.linspace(0, len(signal), bends)
    levels = np.interp(np.arange(len(signal)), times, random.uniform(-decibels, decibels, bends))
    swelled: Signal = signal * 10 ** (levels / 20)
    return swelled


def _unit(signal: Signal) -> Signal:
    """Bring it to a root mean square of 1; a silent one stays silent."""
    level = float(np.sqrt(np.mean(np.square(signal))))
    unit: Signal = signal / max(level, 1e-9)
    return unit
