"""What of the scores is worth keeping: each minute's highest one, detections and near misses.

Takes every chunk in the audio thread, which must not wait for a disk; what it has found is fetched
by another thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.audio.frames import CHUNK_SECONDS
from assistant.wake.peaks import Peak, PeakFinder

NEAR_MISS = 0.1
"""The lowest score that is told, as a share of the threshold: it shows what is nearly the word."""

LEAST_SHOWN = 0.005
"""A minute with less is not kept: most of a day, nothing has to be written."""

MOST_WAITING = 1_000
"""Minutes, and moments, that wait to be fetched; a disk that fails must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A detection, or what was nearly one: when the score was highest, and those around it.

    ``curve`` has a score a chunk, up to 12 before the highest and 12 after it; ``threshold`` is
    the one in force.
    """

    time: float
    word: str
    score: float
    threshold: float
    detected: bool
    curve: tuple[float, ...]
    marked: bool = False
    """Whether the owner says that nobody said the word."""


@dataclass(frozen=True, slots=True)
class Minute:
    """The highest score of a minute; ``time`` is when that began."""

    time: int
    score: float


class ScoreNotes:
    """Finds what is worth keeping in the scores of words with these thresholds."""

    def __init__(self, thresholds: Mapping[str, float]) -> None:
        self._thresholds = dict(thresholds)
        self._finders = {word: PeakFinder(NEAR_MISS * at) for word, at in thresholds.items()}
        self._detected: set[str] = set()
        self._minute = Minute(0, 0.0)
        self._minutes: deque[Minute] = deque(maxlen=MOST_WAITING)
        self._moments: deque[Moment] = deque(maxlen=MOST_WAITING)

    def heard(self, scores: Mapping[str, float], now: float) -> None:
        """Take the scores of the chunk that ended at the time ``now``; nothing is 0."""
        for word, finder in self._finders.items():
            peak = finder.step(scores.get(word, 0.0))
            if peak is not None:
                self._note(word, peak, now)
        highest = max(scores.values(), default=0.0)
        if highest >= LEAST_SHOWN or now >= self._minute.time + 60.0:
            self._note_minute(highest, now)

    def detected(self, word: str) -> None:
        """Take it that the word was detected in the last chunk."""
        self._detected.add(word)

    def finish(self, now: float) -> None:
        """Take it that no chunk follows."""
        for word, finder in self._finders.items():
            if (peak := finder.finish()) is not None:
                self._note(word, peak, now)
        self._end_minute()

    def fetch(self) -> tuple[list[Minute], list[Moment]]:
        """Return what has been found since the last call; a minute once it is over."""
        # As many as there are now: the audio thread may go on adding.
        minutes = [self._minutes.popleft() for _ in range(len(self._minutes))]
        moments = [self._moments.popleft() for _ in range(len(self._moments))]
        return minutes, moments

    def _note_minute(self, score: float, now: float) -> None:
        time = int(now // 60) * 60
        if time != self._minute.time:
            self._end_minute()
            self._minute = Minute(time, 0.0)
        if score >= LEAST_SHOWN and score > self._minute.score:
            self._minute = Minute(time, score)

    def _end_minute(self) -> None:
        if self._minute.score:
            self._minutes.append(self._minute)
        self._minute = Minute(0, 0.0)

    def _note(self, word: str, peak: Peak, now: float) -> None:
        self._moments.append(
            Moment(
                now - peak.chunks_ago * CHUNK_SECONDS,
                word,
                peak.score,
                self._thresholds[word],
                word in self._detected,
                peak.curve,
            )
        )
        self._detected.discard(word)
