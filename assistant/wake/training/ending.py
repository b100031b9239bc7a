"""Where the word is in a recording of it, by energy; or why the recording is of no use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples

FRAME_SAMPLES = SAMPLE_RATE // 50
MEDIAN_FRAMES = 5
"""A click, shorter than half of these 0.1 s, does not count."""
BELOW_LOUDEST_DB = 24.0
"""Softer than its loudest sound by so much is no part of a word: fricatives are 15 to 20 dB so."""
ABOVE_FLOOR_DB = 8.0
"""The frames of a steady noise are up to 5 dB apart."""
PAUSE_SECONDS = 0.3
"""Within a phrase, as before the "p" of "hey computer"; a longer one parts it from other sounds."""
SHORTEST_SECONDS = 0.16
LONGEST_SECONDS = 2.0
"""The networks look at the last two seconds."""
QUIETEST_DBFS = -55.0
LEAST_RANGE_DB = 10.0
CLIPPED_SAMPLES = 3
"""So many in a row at full scale are cut off; one may be a peak."""
CLIPPED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where a word begins and ends."""

    begin_samples: int
    end_samples: int


class UnusableError(ValueError):
    """What is wrong with a recording, as a sentence's end: "is too quiet (…)"."""


def find_word(samples: Samples) -> Spoken:
    """Find the word in a recording of it. Raises UnusableError."""
    levels = _levels(samples)
    if not len(levels):
        raise UnusableError("is shorter than 0.1 s")
    floor, loudest = float(np.percentile(levels, 10)), float(levels.max())
    if loudest < QUIETEST_DBFS:
        raise UnusableError(f"is too quiet (its loudest sound is at {loudest:.0f} dBFS)")
    if loudest - floor < LEAST_RANGE_DB:
        raise UnusableError("has no word that stands out from what is around it")
    runs = _runs(levels > max(floor + ABOVE_FLOOR_DB, loudest - BELOW_LOUDEST_DB))
    energies = [float(np.sum(10.0 ** (levels[begin:end] / 10.0))) for begin, end in runs]
    begin, end = runs[int(np.argmax(energies))]
    word = Spoken(begin * FRAME_SAMPLES, min(len(samples), end * FRAME_SAMPLES))
    seconds = (end - begin) * FRAME_SAMPLES / SAMPLE_RATE
    if seconds < SHORTEST_SECONDS:
        raise UnusableError(f"has no word, only {seconds:.2f} s of sound")
    if seconds > LONGEST_SECONDS:
        raise UnusableError(
            f"has {seconds:.1f} s of speech, and a word has at most {LONGEST_SECONDS:.0f} s"
        )
    share = _clipped(samples[word.begin_samples : word.end_samples])
    if share > CLIPPED_SHARE:
        raise UnusableError(f"is too loud ({share:.0%} of the word is clipped)")
    return word


def _levels(samples: Samples) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The level in dBFS of each frame, the median of those around it."""
    count = len(samples) // FRAME_SAMPLES
    if count < MEDIAN_FRAMES:
        return np.zeros(0)
    frames = samples[: count * FRAME_SAMPLES].astype(np.float64).reshape(count, FRAME_SAMPLES)
    frames -= frames.mean(axis=1, keepdims=True)
    levels = 10.0 * np.log10(np.mean(np.square(frames / 32768.0), axis=1) + 1e-10)
    padded = np.pad(levels, MEDIAN_FRAMES // 2, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, MEDIAN_FRAMES)
    median: np.ndarray[tuple[int], np.dtype[np.float64]] = np.median(around, axis=1)
    return median


def _runs(loud: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """From where to where it is loud, over pauses within a word."""
    pause = round(PAUSE_SECONDS * SAMPLE_RATE / FRAME_SAMPLES)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for begin, end in edges.reshape(-1, 2).tolist():
        if runs and begin - runs[-1][1] <= pause:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((begin, end))
    return runs


def _clipped(word: Samples) -> float:
    """The share of samples that are at full scale with their neighbours."""
    full = (np.abs(word.astype(np.int32)) >= 32_700).astype(np.int8)
    if len(full) < CLIPPED_SAMPLES:
        return 0.0
    rows = np.lib.stride_tricks.sliding_window_view(full, CLIPPED_SAMPLES).all(axis=1)
    return float(np.count_nonzero(rows)) / len(word)
