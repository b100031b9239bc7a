"""What became of recordings with a wake word, and of others: missed ones and false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from assistant.audio.frames import CHUNK_SECONDS, SILENCE_DBFS
from assistant.measuring.rates import Rate
from assistant.measuring.scores import Share
from assistant.wake.decision import Rule, WakeDecision

THRESHOLDS = tuple(tenths / 10 for tenths in range(1, 10))
"""Those of the table; the one in force is told beside it."""

FRAME_SECONDS = 0.02
PAUSE_FRAMES = 10
"""Silence within a word, as before a "k", is shorter than 0.2 s."""

# A word is where the level is at most so far below its loudest moment: its last sounds may be 20 dB
# softer than its vowels. In noise, it is above the middle between that moment and the noise.
RANGE_DB = 25.0
PADDING_FRAMES = 3
"""The last chunk is filled with so much digital silence at most, which is no sign of the noise."""
CLEAR_DB = 15.0
"""With the noise nearer than this to the loudest moment nothing is told."""


def word_end_seconds(levels: Sequence[float]) -> float | None:
    """Return when the loudest stretch of a recording ends, by its levels (dBFS) of 20 ms each.

    None where it does not stand out from the noise.
    """
    end = len(levels)
    while end > max(0, len(levels) - PADDING_FRAMES) and levels[end - 1] <= SILENCE_DBFS:
        end -= 1
    if not end:
        return None
    in_order = sorted(levels[:end])
    loudest, noise = in_order[-1], in_order[end // 10]
    if loudest - noise < CLEAR_DB:
        return None
    limit = max(loudest - RANGE_DB, (loudest + noise) / 2.0)
    end = levels.index(loudest)
    for at in range(end + 1, len(levels)):
        if at - end > PAUSE_FRAMES:
            break
        if levels[at] >= limit:
            end = at
    return (end + 1) * FRAME_SECONDS


class Tally:
    """The detections at several thresholds at once, and how many recordings had none."""

    def __init__(
        self,
        word: str,
        patience_chunks: int,
        refractory_seconds: float,
        thresholds: Sequence[float],
    ) -> None:
        self._decisions = {
            threshold: WakeDecision({word: Rule(threshold, patience_chunks)}, refractory_seconds)
            for threshold in thresholds
        }
        self._found: set[float] = set()
        self.missed = dict.fromkeys(thresholds, 0)
        self.false_alarms = dict.fromkeys(thresholds, 0)

    def open(self) -> None:
        """Begin a recording, or a stream."""
        self._found.clear()
        for decision in self._decisions.values():
            decision.open()

    def step(self, scores: Mapping[str, float]) -> set[float]:
        """Take the scores of a chunk; return the thresholds at which there is a detection."""
        found = {
            threshold
            for threshold, decision in self._decisions.items()
            if decision.step(scores) is not None
        }
        self._found |= found
        return found

    def end_positive(self) -> None:
        """End a recording with the word: where it was not detected, it was missed."""
        for threshold in self.missed:
            self.missed[threshold] += threshold not in self._found

    def note_false_alarms(self, found: set[float]) -> None:
        """Count detections in a stream without the word."""
        for threshold in found:
            self.false_alarms[threshold] += 1


@dataclass(frozen=True)
class FalseAlarm:
    """A detection where nobody said the word."""

    file: str
    time_seconds: float
    score: float

    def __str__(self) -> str:
        return f"{self.file} at {self.time_seconds:.1f} s ({self.score:.2f})"


@dataclass
class WakeResult:
    """All that a test of a wake word found, at the threshold in force and at others."""

    word: str
    rule: Rule
    refractory_seconds: float
    positives: int = 0
    negative_chunks: int = 0
    unreadable: int = 0
    missed_files: list[str] = field(default_factory=list)
    false_alarms: list[FalseAlarm] = field(default_factory=list)
    after_word_seconds: list[float] = field(default_factory=list)
    missed_at: dict[float, int] = field(default_factory=dict)
    false_alarms_at: dict[float, int] = field(default_factory=dict)

    @property
    def missed(self) -> Share:
        """How many recordings of the word were not detected."""
        return Share(len(self.missed_files), self.positives)

    @property
    def negative_hours(self) -> float:
        """How long the other recordings are."""
        return self.negative_chunks * CHUNK_SECONDS / 3600.0

    @property
    def alarms(self) -> Rate:
        """False alarms over the hours."""
        return Rate(len(self.false_alarms), self.negative_hours)

    def detection_seconds(self) -> tuple[float, float] | None:
        """How long after the word's end it is detected: the median, and what 95 % are within."""
        if not self.after_word_seconds:
            return None
        in_order = sorted(self.after_word_seconds)
        return median(in_order), in_order[-(-len(in_order) * 95 // 100) - 1]

    def plain(self) -> dict[str, Any]:
        """Everything, for JSON."""
        times, alarms = self.detection_seconds(), self.alarms.plain()
        return {
            "word": self.word,
            "threshold": self.rule.threshold,
            "patience_chunks": self.rule.patience_chunks,
            "refractory_seconds": self.refractory_seconds,
            "positives": self.positives,
            "missed": self.missed.count,
            "miss_rate": self.missed.value if self.positives else None,
            "miss_rate_interval": list(self.missed.interval()),
            "negative_hours": self.negative_hours,
            "false_alarms": len(self.false_alarms),
            "false_alarms_per_hour": alarms["per_hour"],
            "false_alarms_per_hour_interval": alarms["interval"],
            "detection_seconds": times
            and {"median": times[0], "within_95": times[1], "count": len(self.after_word_seconds)},
            "thresholds": [
                {
                    "threshold": threshold,
                    "missed": count,
                    "false_alarms": self.false_alarms_at[threshold],
                }
                for threshold, count in self.missed_at.items()
            ],
            "missed_files": self.missed_files,
            "false_alarm_times": [
                {"file": one.file, "time_seconds": one.time_seconds, "score": one.score}
                for one in self.false_alarms
            ],
            "unreadable": self.unreadable,
        }
