"""From samples to speech embeddings: each mel frame is computed once, each layer keeps its past.

The numbers are those of openWakeWord 0.4.0 (openwakeword/utils.py): mel frames of 25 ms every
10 ms, an embedding of the last 76 frames every 8 frames, which is every chunk.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.embedding.sessions import load_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.audio.frames import Samples

Floats: TypeAlias = npt.NDArray[np.float32]

# With 480 samples of the past, a chunk has exactly 8 whole windows of 512 samples.
MEL_OVERLAP_SAMPLES = 480
MEL_STEP_SAMPLES = 160
MEL_FRAMES_PER_CHUNK = 8
MEL_RANGE_DB = 80.0
"""Of a chunk's frames, what is so far below their loudest bin is raised to it."""
EMBEDDING_SIZE = 96
MID_SIZE = 576
"""192 values of what goes into the last pooling, and 384 of what goes into the one before it."""
MID_FRAMES_PER_CHUNK = 2
BLOCK_FRAMES = 3 * MEL_FRAMES_PER_CHUNK
"""So many are computed at once, as many as come while a wake word is waited for: blocks of another
length take memory of their own (3 MB for four chunks), and longer ones more time a chunk."""
EMBEDDING_CHUNKS = 10
"""Chunks that an embedding depends on: those that its 76 mel frames lie in."""


class MelSpectrogram:
    """Mel frames by a Fourier transform, where the package's network spells it out.

    ``window`` has one weight a sample, ``filters`` is frequencies x mel bins.
    """

    def __init__(self, window: Floats, filters: Floats) -> None:
        self._window = window
        # The filters end at 3.8 kHz, so the frequencies above are of no interest.
        self._frequencies = int(np.flatnonzero(filters.any(axis=1))[-1]) + 1
        self._filters = np.ascontiguousarray(filters[: self._frequencies])

    def frames(self, samples: Floats) -> Floats:
        """Return 8 frames x 32 bins for each chunk; the samples begin with the overlap."""
        block = BLOCK_FRAMES * MEL_STEP_SAMPLES
        if len(samples) > block + MEL_OVERLAP_SAMPLES:
            starts = range(0, len(samples) - MEL_OVERLAP_SAMPLES, block)
            parts = [self.frames(samples[at : at + block + MEL_OVERLAP_SAMPLES]) for at in starts]
            return np.concatenate(parts)
        count = (len(samples) - MEL_OVERLAP_SAMPLES) // MEL_STEP_SAMPLES
        step = samples.strides[0]
        windows = np.lib.stride_tricks.as_strided(
            samples, (count, self._window.size), (step * MEL_STEP_SAMPLES, step), writeable=False
        )
        spectrum = np.fft.rfft(windows * self._window)[:, : self._frequencies]
        energies = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ self._filters
        decibels = 10.0 * np.log10(np.maximum(energies, 1e-10))
        chunks = decibels.reshape(-1, MEL_FRAMES_PER_CHUNK, decibels.shape[1])
        loudest = chunks.max(axis=(1, 2), keepdims=True)
        frames: Floats = np.maximum(chunks, loudest - MEL_RANGE_DB).reshape(count, -1)
        return frames / 10.0 + 2.0  # as the package scales them for the embedding


class SpeechEmbedding:
    """Google's speech embedding as openWakeWord has it, streaming: 96 values a chunk.

    Before its last two poolings it has values every 40 ms, the mid frames. ``bundle`` is what
    ``conversion`` made.
    """

    def __init__(self, bundle: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._mel = MelSpectrogram(
            bundle["window"].astype(np.float32), bundle["filters"].astype(np.float32)
        )
        self._network = load_network(bundle["network"].tobytes())
        self._names = [f"state{i}" for i in range(len(bundle["state"]))]
        zeros = (np.zeros(shape, dtype=np.float32) for shape in bundle["state"])
        self._inputs: dict[str, Floats] = dict(zip(self._names, zeros, strict=True))
        # So much silence that no state is of anything else.
        silence = np.zeros(MEL_OVERLAP_SAMPLES + EMBEDDING_CHUNKS * CHUNK_SAMPLES, np.float32)
        self.silence = self.embed(self._mel.frames(silence))[-1:]
        self._silent_inputs = dict(self._inputs)
        self.reset()

    def fork(self) -> SpeechEmbedding:
        """Return one with the same networks and a past of its own, which is silence."""
        other = copy(self)
        other.reset()
        return other

    def copy(self) -> SpeechEmbedding:
        """Return one with the same networks that goes on from here by itself."""
        other = copy(self)
        vars(other)["_inputs"] = dict(self._inputs)
        return other

    def reset(self) -> None:
        """Forget what was heard: the past is digital silence again."""
        self._past = np.zeros(MEL_OVERLAP_SAMPLES, dtype=np.float32)
        self._inputs = dict(self._silent_inputs)

    def skip(self, before: Samples) -> None:
        """Go on after samples that were not fed, the last 480 of which are ``before``.

        The next ``EMBEDDING_CHUNKS`` - 1 embeddings are still in part of what was fed last.
        """
        self._past = before[-MEL_OVERLAP_SAMPLES:].astype(np.float32)

    def feed(self, samples: Samples) -> Floats:
        """Take whole chunks; returns one embedding each, chunks x 96."""
        return self.embed(self.frames(samples))

    def frames(self, samples: Samples) -> Floats:
        """Take whole chunks; returns their mel frames, 8 each, for ``embed``."""
        joined = np.concatenate((self._past, samples), dtype=np.float32)
        self._past = joined[-MEL_OVERLAP_SAMPLES:]
        return self._mel.frames(joined)

    def embed(self, frames: Floats) -> Floats:
        """Take the next mel frames, 8 a chunk; returns one embedding for each 8 of them."""
        return self._run(frames)[0]

    def mid(self, frames: Floats) -> Floats:
        """Take the next mel frames, 8 a chunk; returns two mid frames for each 8 of them.

        A mid frame is of 56 mel frames, so its middle is 0.28 s before its end.
        """
        return self._run(frames)[1]

    def _run(self, frames: Floats) -> tuple[Floats, Floats]:
        if len(frames) > BLOCK_FRAMES:
            starts = range(0, len(frames), BLOCK_FRAMES)
            parts = [self._run(frames[at : at + BLOCK_FRAMES]) for at in starts]
            embeddings, mids = zip(*parts, strict=True)
            return np.concatenate(embeddings), np.concatenate(mids)
        self._inputs["frames"] = frames[None, None]
        out, mid, early, *states = self._network.run(None, self._inputs)
        self._inputs.update(zip(self._names, states, strict=True))
        # Batch x channels x frames x bins, of which the frames come first now.
        flat = [one[0].swapaxes(0, 1).reshape(one.shape[2], -1) for one in (mid, early)]
        return out.reshape(EMBEDDING_SIZE, -1).T, np.concatenate(flat, axis=1)
