"""Mid frames of the speech embedding, 576 values every 40 ms, in step with the sound.

A mid frame is known 0.28 s after the sound that it is about. At the end of an utterance, what is
still to come is taken to sound like its last moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.embedding.features import (
    MEL_FRAMES_PER_CHUNK,
    MEL_OVERLAP_SAMPLES,
    MEL_STEP_SAMPLES,
    MID_FRAMES_PER_CHUNK,
    MID_SIZE,
    Floats,
    SpeechEmbedding,
)

if TYPE_CHECKING:
    from assistant.audio.frames import Samples

FRAME_SAMPLES = CHUNK_SAMPLES // MID_FRAMES_PER_CHUNK
FRAME_SECONDS = 0.04
LAG_FRAMES = 7
"""Half of the 56 mel frames that a mid frame is made of."""
END_CHUNKS = -(-LAG_FRAMES // MID_FRAMES_PER_CHUNK)
LAST_MEL_FRAMES = 4
"""The last 40 ms, whose mean stands for what is still to come."""
WINDOW_SAMPLES = 512
"""Of a mel frame."""


class MidFrames:
    """The mid frames of one stream of samples, before which there was silence."""

    def __init__(self, embedding: SpeechEmbedding) -> None:
        self._embedding = embedding.fork()
        self.start()

    def fork(self) -> MidFrames:
        """Return another stream of the same network."""
        return MidFrames(self._embedding)

    def start(self) -> None:
        """Begin another stream."""
        self._embedding.reset()
        self._rest: Samples = np.empty(0, dtype=np.int16)
        self._mel = np.empty((0, 0), dtype=np.float32)
        self._chunks = 0

    def feed(self, samples: Samples) -> Floats:
        """Take any number of samples; returns the mid frames that are known by now."""
        joined = np.concatenate((self._rest, samples))
        whole = len(joined) // CHUNK_SAMPLES * CHUNK_SAMPLES
        self._rest = joined[whole:]
        if not whole:
            return np.empty((0, MID_SIZE), dtype=np.float32)
        frames = self._embedding.frames(joined[:whole])
        self._mel = frames[-LAST_MEL_FRAMES:]
        ahead = max(0, LAG_FRAMES - self._chunks * MID_FRAMES_PER_CHUNK)
        self._chunks += whole // CHUNK_SAMPLES
        return self._embedding.mid(frames)[ahead:]

    def rest(self) -> Floats:
        """Return the mid frames from there to the end, were it now; the stream may go on."""
        embedding = self._embedding.copy()
        padded = np.pad(self._rest, (0, CHUNK_SAMPLES - len(self._rest)))
        # The first window ends 32 samples after the overlap.
        heard = len(self._rest) + MEL_OVERLAP_SAMPLES - WINDOW_SAMPLES
        frames = embedding.frames(padded)[: heard // MEL_STEP_SAMPLES + 1 if heard >= 0 else 0]
        last = np.concatenate((self._mel, frames) if len(self._mel) else (frames,))
        if not len(last):
            return np.empty((0, MID_SIZE), dtype=np.float32)
        missing = (END_CHUNKS + 1) * MEL_FRAMES_PER_CHUNK - len(frames)
        ending = np.repeat(last[-LAST_MEL_FRAMES:].mean(axis=0, keepdims=True), missing, axis=0)
        ahead = max(0, LAG_FRAMES - self._chunks * MID_FRAMES_PER_CHUNK)
        known = max(0, self._chunks * MID_FRAMES_PER_CHUNK - LAG_FRAMES)
        total = self._chunks * MID_FRAMES_PER_CHUNK + -(-len(self._rest) // FRAME_SAMPLES)
        return embedding.mid(np.concatenate((frames, ending)))[ahead : ahead + total - known]
