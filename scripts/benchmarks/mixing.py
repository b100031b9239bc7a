"""Speech mixed with noise, as Picovoice's speech-to-intent-benchmark mixes it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import Samples

Signal: TypeAlias = npt.NDArray[np.float64]

FRAME_SAMPLES = 512


def loudest_frame(signal: Signal) -> float:
    """The greatest energy of the frames of ``FRAME_SAMPLES``; of the whole, where it is shorter."""
    frames = len(signal) // FRAME_SAMPLES
    if not frames:
        return float(np.sum(np.square(signal)))
    whole = signal[: frames * FRAME_SAMPLES].reshape(frames, FRAME_SAMPLES)
    return float(np.max(np.sum(np.square(whole), axis=1)))


def mix(clip: Samples, noise: Samples, decibels: float, random: np.random.Generator) -> Samples:
    """Lay a piece of the noise, from a random place, under a clip, and bring the sum to full scale.

    The clip's loudest frame is ``decibels`` above that of the piece. A noise shorter than the clip
    begins again.
    """
    loudness = noise / np.max(np.abs(noise.astype(np.float64)))
    start = int(random.integers(max(1, len(noise) - len(clip) + 1)))
    piece = np.take(loudness, np.arange(start, start + len(clip)), mode="wrap")
    speech = clip.astype(np.float64)
    scale = np.sqrt(loudest_frame(piece) * 10 ** (decibels / 10) / loudest_frame(speech))
    mixed = piece + scale * speech
    full_scale: Samples = np.rint(mixed / np.max(np.abs(mixed)) * 32767).astype(np.int16)
    return full_scale
