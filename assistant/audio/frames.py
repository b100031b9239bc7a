"""The audio vocabulary: what a chunk is.

Everything in the pipeline is 16 kHz, mono, 16-bit. A chunk is 80 ms, because openWakeWord's models
take exactly 1,280 samples a step.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
CHUNK_SAMPLES = 1_280
CHUNK_SECONDS = CHUNK_SAMPLES / SAMPLE_RATE

Samples: TypeAlias = npt.NDArray[np.int16]
"""Mono samples of 16 bits; a chunk is ``CHUNK_SAMPLES`` of them at ``SAMPLE_RATE``."""

SILENCE_DBFS = -96.0
"""The level of digital silence: one step of 16 bits below full scale is -90 dB."""


def level_dbfs(samples: Samples) -> float:
    """Root-mean-square level in dB below full scale, never under ``SILENCE_DBFS``."""
    if not samples.size:
        return SILENCE_DBFS
    mean_square = float(np.mean(np.square(samples.astype(np.float64)))) / 32768.0**2
    return max(SILENCE_DBFS, 10.0 * float(np.log10(mean_square + 1e-12)))


def seconds_to_samples(seconds: float) -> int:
    """Length in samples of a time in seconds, rounded to the nearest."""
    return round(seconds * SAMPLE_RATE)
