"""Long streams for wake words: recordings of one word, of other speech, and ten minutes at home.

The folder is the one that ``coffee`` describes, with ``wake-word/*/*.flac`` beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.measuring.noise import loudest_frame, pink

SEED = 20_261_125
GAP_SECONDS = (1.0, 0.6)
"""Before and after each recording."""
LATE_SECONDS = 0.8
"""A word is detected at most so long after its recording has ended."""
PEAK = 32_000.0

HOME_SECONDS = 600
HOME_COMMANDS = 5
HOME_NOISY_SHARE = 0.4
QUIET_DBFS = -65.0

Signal: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Stream:
    """Whole chunks; ``marks`` are where each recording begins and ends, in samples."""

    name: str
    samples: Samples
    marks: tuple[tuple[int, int], ...]

    @property
    def hours(self) -> float:
        return len(self.samples) / SAMPLE_RATE / 3600

    def windows(self) -> list[slice]:
        """The chunks in which each recording's word may be detected."""
        late = round(LATE_SECONDS * SAMPLE_RATE)
        return [
            slice(begin // CHUNK_SAMPLES, (end + late) // CHUNK_SAMPLES)
            for begin, end in self.marks
        ]


def recordings(folder: Path) -> list[Samples]:
    """Every FLAC file in the folder, by name."""
    return [read(path) for path in sorted(folder.glob("*.flac"))]


@cache
def read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="int16")
    if rate != SAMPLE_RATE:
        raise ValueError(f"{path} has {rate} Hz, not {SAMPLE_RATE}")
    return np.asarray(samples, dtype=np.int16)


def in_a_row(
    name: str, clips: Sequence[Samples], noise: Samples | None = None, decibels: float = 0.0
) -> Stream:
    """Lay the recordings one after the other: in a silent room, or in noise that goes on and on.

    The loudest frame of each is so many decibels above that of the noise under it, as Picovoice's
    wake-word-benchmark mixes.
    """
    random = np.random.default_rng(SEED)
    before, after = (round(seconds * SAMPLE_RATE) for seconds in GAP_SECONDS)
    length = sum(len(clip) + before + after for clip in clips)
    room = _dither(length, random) if noise is None else _going_on(noise, length, random)
    marks, at = [], 0
    for clip in clips:
        begin, end = at + before, at + before + len(clip)
        speech = clip.astype(np.float64)
        if noise is not None:
            under = loudest_frame(room[begin:end])
            speech *= np.sqrt(under * 10.0 ** (decibels / 10.0) / loudest_frame(speech))
        room[begin:end] += speech
        marks.append((begin, end))
        at = end + after
    if noise is not None:
        room *= PEAK / np.abs(room).max()
    return Stream(name, _chunks(room), tuple(marks))


def at_home(words: Sequence[Samples], commands: Sequence[Samples], noise: Samples) -> Stream:
    """Ten minutes of a household: a quiet room, kitchen noise two fifths of the time, and five
    times the wake word with a command, two of them in the noise.
    """
    random = np.random.default_rng(SEED)
    length = HOME_SECONDS * SAMPLE_RATE
    room = pink(length, random)
    room *= 32768.0 * 10.0 ** (QUIET_DBFS / 20.0) / np.sqrt(np.mean(np.square(room)))
    noisy = round(HOME_NOISY_SHARE * length / 2)
    for begin in (round(0.2 * length), round(0.7 * length)):
        room[begin : begin + noisy] += _going_on(noise, noisy, random)
    marks = []
    for number in range(HOME_COMMANDS):
        begin = round((number + 0.5) / HOME_COMMANDS * length)
        word = words[random.integers(len(words))]
        spoken = np.concatenate((word, commands[random.integers(len(commands))])).astype(np.float64)
        room[begin : begin + len(spoken)] += spoken
        marks.append((begin, begin + len(word)))
    return Stream("household", _chunks(room), tuple(marks))


def without_pause(clips: Sequence[Samples], seconds: float) -> Stream:
    """People who talk without end: recordings without any gap, for so long."""
    joined = np.concatenate(clips).astype(np.float64)
    samples = np.take(joined, np.arange(round(seconds * SAMPLE_RATE)), mode="wrap")
    return Stream("continuous speech", _chunks(samples), ())


def music(seconds: float) -> Samples:
    """Chords with tremolo over a beat of two in a second: what a band leaves of silence."""
    random = np.random.default_rng(SEED)
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    notes = (220.0, 277.2, 329.6, 440.0, 554.4, 659.3, 880.0)  # A major, in hertz
    chord = sum(
        np.sin(2 * np.pi * note * time + random.uniform(0, 2 * np.pi))
        * (1.0 + 0.5 * np.sin(2 * np.pi * random.uniform(0.5, 3.0) * time))
        for note in notes
    )
    beat = 0.7 + 0.3 * (np.floor(2.0 * time) % 2)
    played = chord * beat
    samples: Samples = np.rint(played / np.abs(played).max() * PEAK / 2).astype(np.int16)
    return samples


def steady(colour: str, seconds: float) -> Samples:
    """White or pink noise."""
    random = np.random.default_rng(SEED)
    length = round(seconds * SAMPLE_RATE)
    noise = pink(length, random) if colour == "pink" else random.standard_normal(length) / 5.0
    samples: Samples = np.rint(noise.clip(-1.0, 1.0) * PEAK / 2).astype(np.int16)
    return samples


def _dither(length: int, random: np.random.Generator) -> Signal:
    """A room as silent as a good microphone's own noise, -81 dBFS."""
    return 3.0 * random.standard_normal(length)


def _going_on(noise: Samples, length: int, random: np.random.Generator) -> Signal:
    start = int(random.integers(len(noise)))
    return np.take(noise.astype(np.float64), np.arange(start, start + length), mode="wrap")


def _chunks(signal: Signal) -> Samples:
    whole = len(signal) - len(signal) % CHUNK_SAMPLES
    samples: Samples = np.clip(np.rint(signal[:whole]), -32768, 32767).astype(np.int16)
    return samples
