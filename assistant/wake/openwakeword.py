"""Wake words by openWakeWord's models, streaming, behind a gate.

While the gate is closed samples are kept and nothing else is done. When it opens, what was skipped
is computed in one go, as far back as a word's network looks, so every score is what it would have
been without the gate.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.embedding.features import EMBEDDING_CHUNKS, SpeechEmbedding
from assistant.wake.secondlook import SecondLook
from assistant.wake.words import last_scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.audio.frames import Samples
    from assistant.embedding.features import Floats
    from assistant.wake.activity import ActivityGate
    from assistant.wake.words import Word

# Several chunks at once cost less: of 0.3 ms on a desktop core, 0.1 are for being asked at all.
CALM_CHUNKS = 3
"""So many are waited for while nothing sounds like a word, unless somebody pauses."""
LATE_CHUNKS = 3
"""When the gate opens, the scores of so many chunks are made up for: a word may be over already."""


class OpenWakeWord:
    """Scores wake words, chunk by chunk; without a ``gate`` each chunk is looked at."""

    def __init__(
        self,
        words: Mapping[str, Word],
        features: SpeechEmbedding,
        gate: ActivityGate | None = None,
    ) -> None:
        self._words = dict(words)
        self._seen_twice = {name: word for name, word in words.items() if word.second_look}
        self._features = features
        self._gate = gate
        self._length = max(word.length for word in self._words.values())
        # An embedding is whole once all its mel frames are; one more chunk is their overlap.
        self._most = self._length + EMBEDDING_CHUNKS - 1 + LATE_CHUNKS
        self._skipped: deque[Samples] = deque(maxlen=self._most + 1)
        self._second_look = SecondLook(features, self._most)
        self.reset()

    @property
    def names(self) -> Sequence[str]:
        """The words it listens for."""
        return tuple(self._words)

    def threshold(self, name: str, sensitivity: float) -> float:
        """Return the score a word has to reach, as often heard wrongly as ``sensitivity`` says."""
        return self._words[name].calibration.threshold(sensitivity)

    def reset(self) -> None:
        """Forget what was heard: the past is silence again. The gate goes on knowing the room."""
        self._features.reset()
        self._skipped.clear()
        self._second_look.reset()
        self._embeddings = np.repeat(self._features.silence, self._length, axis=0)

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        """Score (0..1) of each word after this chunk of exactly ``CHUNK_SAMPLES`` samples.

        Nothing while the gate is closed, and while chunks are waited for; then the highest of the
        last three chunks.
        """
        if len(chunk) != CHUNK_SAMPLES:
            raise ValueError(f"a chunk has {CHUNK_SAMPLES} samples, not {len(chunk)}")
        self._skipped.append(chunk)
        if self._gate is not None and not (self._gate.step(chunk) and self._due(self._gate)):
            return {}
        frames = self._frames()
        new = self._features.embed(frames)
        self._embeddings = np.concatenate((self._embeddings, new))[-self._length - LATE_CHUNKS :]
        late = min(len(new), LATE_CHUNKS)
        first = {
            name: last_scores(word, self._embeddings, late) for name, word in self._words.items()
        }
        twice = {name: first[name] for name in self._seen_twice}
        second = self._second_look.scores(twice, frames, self._seen_twice)
        return {name: max(scores) for name, scores in (first | second).items()}

    def _due(self, gate: ActivityGate) -> bool:
        """Whether to look at what was skipped now."""
        waited = len(self._skipped) >= CALM_CHUNKS
        return waited or gate.paused or self._second_look.active

    def _frames(self) -> Floats:
        """Return the mel frames of what was skipped, as far back as anybody looks."""
        chunks = list(self._skipped)
        self._skipped.clear()
        if len(chunks) > self._most:
            self._features.skip(chunks[0])
            del chunks[0]
        return self._features.frames(chunks[0] if len(chunks) == 1 else np.concatenate(chunks))
