"""What the search finds, and by which weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.lexicon import BLANK

Scores: TypeAlias = npt.NDArray[np.float64]

FRAME_SECONDS = 0.04


@dataclass(frozen=True, slots=True)
class Weights:
    """What the search adds to the network's log-posteriors, in nats, and how wide it searches.

    A network trained by CTC spends most frames on the blank and is too ready to spend all of them:
    ``blank_bias`` is added to its blank, ``phone_bonus`` for each phone entered. ``word_penalty``
    is taken off for each word. Only ways that are at most ``beam`` worse than the best one are
    followed on, and of these only the best ``most_tokens``, which bounds the time where the network
    is sure of nothing.
    """

    blank_bias: float = -2.0
    phone_bonus: float = 1.5
    word_penalty: float = 0.0
    beam: float = 20.0
    most_tokens: int = 2_000

    def bonuses(self, phones: int, words: int) -> float:
        """What is added for so many phones and words."""
        return self.phone_bonus * phones - self.word_penalty * words

    def relative(self, log_posteriors: npt.NDArray[np.floating]) -> Scores:
        """Frames x units, biased, and less the best unit's of each frame, so 0 at most.

        What a free loop of phones would score is 0 then, so scores tell by themselves how well
        words fit.
        """
        scores = log_posteriors.astype(np.float64)
        scores[:, BLANK] += self.blank_bias
        scores -= scores.max(axis=1, keepdims=True)
        return scores


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word from the first frame of its first phone to the last frame of its last one.

    ``score`` is how well these frames fit, in nats, relative to the best unit of each: 0 at most.
    """

    text: str
    begin_seconds: float
    end_seconds: float
    score: float
    phones: int


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What may have been said. ``acoustic`` is the score of all frames without bonuses."""

    words: tuple[HeardWord, ...]
    score: float
    acoustic: float
    phones: int

    @property
    def text(self) -> str:
        """The words as a text."""
        return " ".join(word.text for word in self.words)
