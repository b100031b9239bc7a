"""Given words aligned with the frames of an utterance, the best of all ways to do so.

A phone takes one frame or more, then may come blanks, then the next phone. That two equal
neighbours need a blank between them is CTC's rule and not kept here: they are mostly spoken as one
long phone ("hot tea").

Such a path is the best sum over where phones begin and end, and where the begin and the end of a
run of one unit only differ in two values of its cumulative score, the best end for every begin is a
running maximum. So a phone costs some operations on all frames at once, from the last one of the
words to the first, and no loop over frames.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.recognizers.phones.hypothesis import (
    FRAME_SECONDS,
    HeardWord,
    Hypothesis,
    Scores,
    Weights,
)
from assistant.recognizers.phones.lexicon import BLANK, in_units
from assistant.recognizers.pronunciation import Phones


def align(
    frames: Frames,
    words: Sequence[str],
    pronunciations: Mapping[str, Sequence[Phones]],
    inventory: Sequence[str],
) -> Hypothesis | None:
    """Find these words in the frames, all of them; None where they cannot be that short."""
    rest = frames.nothing()
    for word in reversed(words):
        ways = [in_units(way, inventory) for way in pronunciations.get(word, ()) if way]
        rest = frames.before(word, ways, rest)
    return frames.hypothesis(rest)


@dataclass(frozen=True, slots=True)
class _Way:
    """A pronunciation of a word, with scores for each frame that its phones could begin at.

    ``ended`` are those of each phone's blanks and what follows, were they to begin there.
    """

    units: Sequence[int]
    begun: Sequence[Scores]
    ended: Sequence[Scores]


@dataclass(frozen=True, slots=True)
class Rest:
    """The last words of a sentence. ``scores`` are the best ones from each frame to the end."""

    scores: Scores
    text: str = ""
    ways: tuple[_Way, ...] = ()
    following: Rest | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words' texts."""
        words = []
        rest = self
        while rest.following is not None:
            words.append(rest.text)
            rest = rest.following
        return tuple(words)


class Frames:
    """The frames of an utterance, as summed up scores of each unit from the first one on.

    ``relative`` are frames x units, as ``Weights.relative`` gives them.
    """

    def __init__(self, relative: Scores, weights: Weights) -> None:
        self._weights = weights
        # A row a unit, as all is done unit by unit; one value more than there are frames.
        self._sums = np.zeros((relative.shape[1], len(relative) + 1))
        np.cumsum(relative.T, axis=1, out=self._sums[:, 1:])

    def __len__(self) -> int:
        return self._sums.shape[1] - 1

    def nothing(self) -> Rest:
        """No words: they take no frames, and begin where the utterance ends."""
        scores = np.full(len(self) + 1, -math.inf)
        scores[-1] = 0.0
        return Rest(scores)

    def before(self, text: str, ways: Sequence[Sequence[int]], rest: Rest) -> Rest:
        """Put a word before others; without a way to say it, it can begin nowhere."""
        aligned = tuple(self._way(units, rest.scores) for units in ways)
        scores = np.full(len(self) + 1, -math.inf)
        for way in aligned:
            np.maximum(scores, way.begun[0], out=scores)
        return Rest(scores - self._weights.word_penalty, text, aligned, rest)

    def _way(self, units: Sequence[int], following: Scores) -> _Way:
        begun, ended = [], []
        blanks = self._sums[BLANK]
        for unit in reversed(units):
            end = _best_from(blanks + following) - blanks
            phone = self._sums[unit]
            following = np.full(len(end), -math.inf)
            following[:-1] = _best_from(phone + end)[1:] - phone[:-1] + self._weights.phone_bonus
            begun.append(following)
            ended.append(end)
        return _Way(units, begun[::-1], ended[::-1])

    def totals(self, rest: Rest) -> Scores:
        """The score of the whole utterance by the frame at which these words begin in it."""
        totals: Scores = self._sums[BLANK] + rest.scores
        return totals

    def hypothesis(self, rest: Rest) -> Hypothesis | None:
        """Say where these words are; None where they cannot be that short."""
        totals = self.totals(rest)
        at = int(totals.argmax())
        score = float(totals[at])
        if score == -math.inf:
            return None
        words = []
        while (following := rest.following) is not None:
            word, at = self._place(rest, following, at)
            words.append(word)
            rest = following
        phones = sum(word.phones for word in words)
        acoustic = score - self._weights.bonuses(phones, len(words))
        return Hypothesis(tuple(words), score, acoustic, phones)

    def _place(self, rest: Rest, following: Rest, begin: int) -> tuple[HeardWord, int]:
        """The word that begins at this frame, and the frame that the next one begins at."""
        way = max(rest.ways, key=lambda way: float(way.begun[0][begin]))
        blanks = self._sums[BLANK]
        end = at = begin
        score = 0.0
        after = [*way.begun[1:], following.scores]
        for unit, ended, next_begun in zip(way.units, way.ended, after, strict=True):
            score += float(blanks[at] - blanks[end])
            phone = self._sums[unit]
            end = at + 1 + int((phone[at + 1 :] + ended[at + 1 :]).argmax())
            score += float(phone[end] - phone[at])
            at = end + int((blanks[end:] + next_begun[end:]).argmax())
        word = HeardWord(
            rest.text, begin * FRAME_SECONDS, end * FRAME_SECONDS, score, len(way.units)
        )
        return word, at


def _best_from(scores: Scores) -> Scores:
    """The best of the scores at each frame and all after it."""
    best: Scores = np.maximum.accumulate(scores[::-1])[::-1]
    return best
