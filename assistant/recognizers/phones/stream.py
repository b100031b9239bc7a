"""From samples to the log-posteriors of phones, as a stream."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.embedding.features import MID_FRAMES_PER_CHUNK
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.network import PosteriorStream

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.embedding.features import SpeechEmbedding
    from assistant.recognizers.phones.network import Floats, PhoneNetwork

BEFORE_CHUNKS = 12
"""Of the sound before a command, 0.96 s: the networks look back no farther."""
LEAD_FRAMES = 3
"""The last frames before a command, in which its first sound may begin."""


class PhoneStream:
    """Log-posteriors of one utterance, frames x outputs; each is known 0.6 s after its sound."""

    def __init__(self, network: PhoneNetwork, embedding: SpeechEmbedding) -> None:
        self._mid = MidFrames(embedding)
        self._posteriors = PosteriorStream(network)
        self._ahead = 0

    def fork(self) -> PhoneStream:
        """Return another stream of the same networks."""
        other = copy(self)
        vars(other).update(_mid=self._mid.fork(), _posteriors=copy(self._posteriors))
        other.start()
        return other

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance; ``before`` is the sound just before it."""
        self._mid.start()
        self._posteriors.start()
        self._ahead = 0
        chunks = 0 if before is None else min(BEFORE_CHUNKS, len(before) // CHUNK_SAMPLES)
        if before is not None and chunks:
            self.feed(before[-chunks * CHUNK_SAMPLES :])
            self._ahead += max(0, chunks * MID_FRAMES_PER_CHUNK - LEAD_FRAMES)

    def feed(self, samples: Samples) -> Floats:
        """Take any number of samples; returns what is known by now and was not before."""
        known = self._posteriors.feed(self._mid.feed(samples))
        ahead, self._ahead = self._ahead, self._ahead - len(known)
        return known[max(0, ahead) :]

    def rest(self) -> Floats:
        """Return what is still to come, if the utterance ends here; it may go on all the same."""
        ending = copy(self._posteriors)
        rest = np.concatenate((ending.feed(self._mid.rest()), ending.rest()))
        return rest[max(0, self._ahead) :]
