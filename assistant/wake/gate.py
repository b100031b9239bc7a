"""From scores to detections: threshold, patience and refractory time.

openWakeWord's own ``patience`` never fires and its debounce is capped, hence this one.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.audio.frames import CHUNK_SECONDS


class WakeGate:
    """Decides when a word has been said.

    A detection is ``patience_chunks`` chunks in a row at or over ``threshold``; for
    ``refractory_seconds`` after one there is no other.
    """

    def __init__(self, threshold: float, patience_chunks: int, refractory_seconds: float) -> None:
        self._threshold = threshold
        self._patience_chunks = patience_chunks
        self._refractory_seconds = refractory_seconds
        self._in_a_row: dict[str, int] = {}
        self._deaf_seconds = 0.0

    def step(self, scores: Mapping[str, float]) -> tuple[str, float] | None:
        """Take the scores of one chunk; return (word, score) when it was said just now."""
        if self._deaf_seconds > 0.0:
            self.elapse(CHUNK_SECONDS)
            return None
        for word, score in scores.items():
            over = score >= self._threshold
            self._in_a_row[word] = self._in_a_row.get(word, 0) + 1 if over else 0
        ready = [word for word, count in self._in_a_row.items() if count >= self._patience_chunks]
        if not ready:
            return None
        best = max(ready, key=lambda word: scores[word])
        self._in_a_row.clear()
        self._deaf_seconds = self._refractory_seconds
        return best, scores[best]

    def elapse(self, seconds: float) -> None:
        """Let time pass in which nothing is scored."""
        self._deaf_seconds = max(0.0, self._deaf_seconds - seconds)

    def open(self) -> None:
        """Forget what was scored; a detection may come at once."""
        self._in_a_row.clear()
        self._deaf_seconds = 0.0
