"""Sounds like words, made of tones."""

from __future__ import annotations

import numpy as np

from assistant.audio.frames import Samples, seconds_to_samples
from assistant.measuring.noise import Signal


def quiet(seconds: float, seed: int = 0) -> Signal:
    """A quiet room at about -70 dBFS."""
    return np.random.default_rng(seed).standard_normal(seconds_to_samples(seconds)) * 10.0


def tone(seconds: float, level: float = 5000.0) -> Signal:
    signal: Signal = level * np.sin(np.arange(seconds_to_samples(seconds)) * 0.3)
    return signal


def recording(*parts: Signal) -> Samples:
    """Parts one after the other, over the noise of a quiet room."""
    whole = np.concatenate(parts)
    return np.rint(np.clip(whole + quiet(len(whole) / 16_000), -32768, 32767)).astype(np.int16)
