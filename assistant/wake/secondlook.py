"""The second stage: what may be the word is looked at once more, with the noise taken away.

Noise alone hardly ever looks like the word both ways, and a word that is hidden in noise often is
one without it. The mean of the two log-odds therefore tells them apart better than either. It costs
nothing while no score is worth a second look.
"""

from __future__ import annotations

from collections import deque
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding.features import MEL_FRAMES_PER_CHUNK
from assistant.wake.suppression import suppress
from assistant.wake.words import last_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.embedding.features import Floats, SpeechEmbedding
    from assistant.wake.words import Word

WORTH_IT = 0.02
"""The lowest score that is looked at once more."""

# A score of 0.5 is where, on half of the recordings, misses in noise and false alarms balance.
BALANCE = 2.35

LINGER_CHUNKS = 6
"""After the last score that was worth it; starting again takes as much as 20 chunks."""

_LEAST = 1e-4


class SecondLook:
    """Looks at the last seconds once more; ``chunks`` of them tell the noise."""

    def __init__(self, features: SpeechEmbedding, chunks: int) -> None:
        self._features = features.fork()
        self._frames: deque[Floats] = deque(maxlen=chunks)
        self._silence = np.repeat(self._features.silence, chunks, axis=0)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._frames.clear()
        self._left = 0
        self._embeddings: Floats = self._silence

    @property
    def active(self) -> bool:
        """Whether something may be the word just now."""
        return self._left > 0

    def scores(
        self, first: Mapping[str, list[float]], frames: Floats, words: Mapping[str, Word]
    ) -> dict[str, list[float]]:
        """Take the next frames, and return better scores of the words that are worth it.

        ``first`` are each word's scores of the last chunks, the newest last; so are those returned.
        """
        chunks = len(frames) // MEL_FRAMES_PER_CHUNK
        self._frames.extend(np.split(frames, chunks))
        worth = [name for name, scores in first.items() if max(scores) >= WORTH_IT]
        if not worth and not self._left:
            return {}
        self._look(chunks)
        self._left = LINGER_CHUNKS if worth else self._left - 1
        found = {}
        for name in worth:
            second = last_scores(words[name], self._embeddings, len(first[name]))
            found[name] = [_both(*pair) for pair in zip(first[name], second, strict=True)]
        return found

    def _look(self, new_chunks: int) -> None:
        past = np.concatenate(self._frames)
        if self._left and new_chunks < len(self._frames):
            frames = past[-new_chunks * MEL_FRAMES_PER_CHUNK :]
            new = self._features.embed(suppress(frames, past))
            self._embeddings = np.concatenate((self._embeddings[new_chunks:], new))
        else:
            self._features.reset()
            new = self._features.embed(suppress(past, past))
            self._embeddings = np.concatenate((self._silence[len(new) :], new))


def _both(first: float, second: float) -> float:
    """Return the mean of the log-odds, moved so that 0.5 is the balance, as a probability."""
    mean = (_log_odds(first) + _log_odds(second)) / 2.0
    return 1.0 / (1.0 + exp(-mean - BALANCE))


def _log_odds(probability: float) -> float:
    return log((probability + _LEAST) / (1.0 - probability + _LEAST))
