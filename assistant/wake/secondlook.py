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

from assistant.wake.suppression import suppress

if TYPE_CHECKING:
    from assistant.wake.features import Floats, SpeechEmbedding
    from assistant.wake.words import Word

WORTH_IT = 0.02
"""The lowest score that is looked at once more."""

# A score of 0.5 is where, on half of the recordings, misses in noise and false alarms balance.
BALANCE = 2.75

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

    def heard(self, frames: Floats) -> None:
        """Keep the frames of the next chunks."""
        self._frames.extend(np.split(frames, len(frames) // 8))

    def scores(self, first: dict[str, float], words: dict[str, Word]) -> dict[str, float]:
        """Return better scores, given the ``first`` ones after the last chunk that was heard."""
        worth = [name for name, score in first.items() if score >= WORTH_IT]
        if not worth and not self._left:
            return first
        self._look(anew=not self._left)
        self._left = LINGER_CHUNKS if worth else self._left - 1
        second = {
            name: words[name].score(self._embeddings[-words[name].length :]) for name in worth
        }
        return first | {name: _both(first[name], second[name]) for name in worth}

    def _look(self, *, anew: bool) -> None:
        past = np.concatenate(self._frames)
        if anew:
            self._features.reset()
            new = self._features.embed(suppress(past, past))
            self._embeddings = np.concatenate((self._silence[len(new) :], new))
        else:
            new = self._features.embed(suppress(self._frames[-1], past))
            self._embeddings = np.concatenate((self._embeddings[1:], new))


def _both(first: float, second: float) -> float:
    """Return the mean of the log-odds, moved so that 0.5 is the balance, as a probability."""
    mean = (_log_odds(first) + _log_odds(second)) / 2.0
    return 1.0 / (1.0 + exp(-mean - BALANCE))


def _log_odds(probability: float) -> float:
    return log((probability + _LEAST) / (1.0 - probability + _LEAST))
