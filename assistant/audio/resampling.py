"""Any audio to the pipeline's: other rates, several channels, blocks of any length."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples

Frames = npt.NDArray[np.float32]
"""Samples in -1..1, shape (frames, channels)."""


def to_frames(samples: Samples, channels: int = 1) -> Frames:
    """Interleaved samples of 16 bits as frames of -1..1."""
    return (samples.astype(np.float32) / 32768.0).reshape(-1, channels)


def to_samples(signal: npt.NDArray[np.float32]) -> Samples:
    """A signal of -1..1 as samples of 16 bits, clipped; exact for what came from 16 bits."""
    samples: Samples = np.clip(np.rint(signal * 32768.0), -32768, 32767).astype(np.int16)
    return samples


class Resampler:
    """Turns mono samples of one rate (Hz) into another, block by block."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream: Any = None
        if from_rate != to_rate:
            import soxr  # noqa: PLC0415 - needed only by other rates

            # float32, because soxr's own conversion to 16 bits adds dither: not exact, not the same
            # twice, and a digitally silent input would hiss.
            self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32")

    def feed(self, signal: npt.NDArray[np.float32], last: bool = False) -> Samples:
        """Take a block of -1..1; ``last`` also gives what the filter still holds."""
        if self._stream is not None:
            signal = self._stream.resample_chunk(np.ascontiguousarray(signal), last=last)
        return to_samples(signal)


class ChunkBuffer:
    """Collects frames of any rate, channels and length, and gives chunks of the pipeline."""

    def __init__(self, sample_rate: int) -> None:
        self._resampler = Resampler(sample_rate, SAMPLE_RATE)
        self._samples: Samples = np.zeros(0, np.int16)

    def feed(self, frames: Frames, last: bool = False) -> None:
        """Add frames, mixed down to their mean."""
        mono = frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1, dtype=np.float32)
        self._samples = np.concatenate((self._samples, self._resampler.feed(mono, last)))

    def feed_silence(self, samples: int) -> None:
        """Add silence, in samples of the pipeline's rate."""
        self._samples = np.concatenate((self._samples, np.zeros(samples, np.int16)))

    def take(self) -> Samples | None:
        """Give the next whole chunk; None until there is one."""
        if len(self._samples) < CHUNK_SAMPLES:
            return None
        chunk, self._samples = self._samples[:CHUNK_SAMPLES], self._samples[CHUNK_SAMPLES:]
        return chunk

    def take_rest(self) -> Samples | None:
        """Give what is left, filled up with zeros to a chunk; None when nothing is."""
        if not self._samples.size:
            return None
        chunk = np.zeros(CHUNK_SAMPLES, np.int16)
        chunk[: len(self._samples)] = self._samples
        self._samples = self._samples[:0]
        return chunk
