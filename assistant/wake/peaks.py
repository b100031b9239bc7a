"""Peaks in a stream of scores: a word that is said, or nearly, is one of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

AROUND_CHUNKS = 12
"""A peak is told with the scores of a second before it, and of one after."""
OVER_CHUNKS = 18
"""A peak is over when there was no higher score for 1.4 s: a word's score stays high for as long as
the word is in what a network looks at, and its end is no peak of its own. The refractory time is
longer, so that each detection has a peak."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest score, how many chunks ago it was, and the scores around it, one a chunk."""

    score: float
    chunks_ago: int
    curve: tuple[float, ...]


class PeakFinder:
    """Finds the peaks of one word's scores that are ``least`` or higher."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._last: deque[float] = deque(maxlen=AROUND_CHUNKS + OVER_CHUNKS + 1)
        self._highest = 0.0
        self._chunks_ago = 0

    def step(self, score: float) -> Peak | None:
        """Take the next score; returns a peak once it is over."""
        self._last.append(score)
        if score >= self._least and score > self._highest:
            self._highest, self._chunks_ago = score, 0
            return None
        if not self._highest:
            return None
        self._chunks_ago += 1
        return self.finish() if self._chunks_ago == OVER_CHUNKS else None

    def finish(self) -> Peak | None:
        """Return the peak that is not over yet, if there is one: no score follows."""
        if not self._highest:
            return None
        last = tuple(self._last)
        at = len(last) - 1 - self._chunks_ago
        curve = last[max(0, at - AROUND_CHUNKS) : at + AROUND_CHUNKS + 1]
        peak = Peak(self._highest, self._chunks_ago, curve)
        self._highest, self._chunks_ago = 0.0, 0
        return peak
