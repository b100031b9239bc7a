"""Tones to play, and what pitch was heard."""

from __future__ import annotations

import numpy as np

from assistant.audio.frames import Samples


def tone(hertz: float, seconds: float, sample_rate: int, peak: int = 8_000) -> Samples:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    samples: Samples = np.rint(peak * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    return samples


def loudest_hertz(samples: Samples, sample_rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / sample_rate)[np.argmax(spectrum)])


def loud_seconds(samples: Samples, sample_rate: int) -> float:
    """From the first to the last sample that is not quiet."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 300)
    return float(loud[-1] - loud[0]) / sample_rate if loud.size else 0.0
