"""Peaks in a stream of scores: a word that is said, or nearly, is one of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

AROUND_CHUNKS = 12
"""A peak is the highest score of a second before it, and of one after."""


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
        self._last: deque[float] = deque(maxlen=2 * AROUND_CHUNKS + 1)
        self._highest = 0.0
        self._chunks_ago = 0

    def step(self, score: float) -> Peak | None:
        """Take the next score; returns a peak once a second has passed without a higher score."""
        self._last.append(score)
        if score >= self._least and score > self._highest:
            self._highest, self._chunks_ago = score, 0
            return None
        if not self._highest:
            return None
        self._chunks_ago += 1
        return self.finish() if self._chunks_ago == AROUND_CHUNKS else None

    def finish(self) -> Peak | None:
        """Return the peak that is not over yet, if there is one: no score follows."""
        if not self._highest:
            return None
        last = tuple(self._last)
        begin = max(0, len(last) - 1 - self._chunks_ago - AROUND_CHUNKS)
        peak = Peak(self._highest, self._chunks_ago, last[begin:])
        self._highest, self._chunks_ago = 0.0, 0
        return peak
