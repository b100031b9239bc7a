"""From scores to detections: threshold, patience and refractory time.

openWakeWord's own ``patience`` never fires and its debounce is capped, hence this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.audio.frames import CHUNK_SECONDS


@dataclass(frozen=True, slots=True)
class Rule:
    """When one word counts as said: ``patience_chunks`` chunks in a row at or over ``threshold``.

    While the assistant speaks itself, at or over ``speaking_threshold``.
    """

    threshold: float
    patience_chunks: int = 1
    speaking_threshold: float = 1.0


class WakeDecision:
    """Decides when a word has been said; for ``refractory_seconds`` after one there is no other."""

    def __init__(self, rules: Mapping[str, Rule], refractory_seconds: float) -> None:
        self._rules = dict(rules)
        self._refractory_seconds = refractory_seconds
        self._in_a_row: dict[str, int] = {}
        self._deaf_seconds = 0.0

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The score that each word has to reach."""
        return {word: rule.threshold for word, rule in self._rules.items()}

    def step(
        self, scores: Mapping[str, float], *, speaking: bool = False
    ) -> tuple[str, float] | None:
        """Take the scores of one chunk; return (word, score) when it was said just now.

        Without any scores there is nothing new.
        """
        if self._deaf_seconds > 0.0:
            self.elapse(CHUNK_SECONDS)
            return None
        if not scores:
            return None
        ready = []
        for word, rule in self._rules.items():
            threshold = rule.speaking_threshold if speaking else rule.threshold
            over = scores.get(word, 0.0) >= threshold
            self._in_a_row[word] = self._in_a_row.get(word, 0) + 1 if over else 0
            if self._in_a_row[word] >= rule.patience_chunks:
                ready.append(word)
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
