"""Streams recordings through a wake word's engine and decision, as the running assistant does.

One chunk at a time: what is in memory does not grow with the recordings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.files import chunks_of
from assistant.audio.frames import (
    CHUNK_SAMPLES,
    CHUNK_SECONDS,
    Samples,
    level_dbfs,
    seconds_to_samples,
)
from assistant.errors import DeviceError, EngineError
from assistant.measuring.wakecounts import (
    FRAME_SECONDS,
    THRESHOLDS,
    FalseAlarm,
    Tally,
    WakeResult,
    word_end_seconds,
)

if TYPE_CHECKING:
    from assistant.ports import WakeWord
    from assistant.wake.decision import Rule

# What libsndfile reads and people have; another file in a folder is no recording.
SUFFIXES = {
    ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".caf", ".w64",
}  # fmt: skip

TAIL_SECONDS = 0.8
"""A word at a recording's very end is detected at most so long after it."""

_SILENCE = np.zeros(CHUNK_SAMPLES, dtype=np.int16)


def recordings(places: Sequence[Path]) -> Iterator[Path]:
    """The recordings in these folders, and below them, in order; a file is itself.

    Raises EngineError where there is no such folder.
    """
    for place in places:
        if place.is_file():
            yield place
        elif not place.is_dir():
            raise EngineError(f"There is no folder {place}.", "Name a folder with recordings.")
        for folder, below, names in os.walk(place):
            below.sort()
            for name in sorted(names):
                if Path(name).suffix.lower() in SUFFIXES:
                    yield Path(folder, name)


def count_recordings(places: Sequence[Path]) -> int:
    """How many there are. Raises EngineError where there is none in one of the places."""
    counts = [sum(1 for _ in recordings([place])) for place in places]
    for place, count in zip(places, counts, strict=True):
        if not count:
            raise EngineError(
                f"There are no recordings in {place}.", "Put WAV, FLAC or OGG files there."
            )
    return sum(counts)


class WakeTester:
    """Puts recordings through an engine; ``result`` is what was found so far."""

    def __init__(
        self,
        engine: WakeWord,
        word: str,
        rule: Rule,
        refractory_seconds: float,
        unreadable: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._word = word
        self._threshold = rule.threshold
        self._unreadable = unreadable
        # One that is nearly another would be told as the same.
        others = (one for one in THRESHOLDS if f"{one:.3g}" != f"{rule.threshold:.3g}")
        thresholds = sorted({*others, rule.threshold})
        self._tally = Tally(word, rule.patience_chunks, refractory_seconds, thresholds)
        self.result = WakeResult(word, rule, refractory_seconds)
        self.result.missed_at = self._tally.missed
        self.result.false_alarms_at = self._tally.false_alarms

    def hear_positives(self, paths: Iterator[Path]) -> Iterator[Path]:
        """Take recordings of the word, each by itself; yields each one that has been heard."""
        for path in paths:
            try:
                self._hear_positive(path)
            except DeviceError as error:
                self._note(error)
            yield path

    def hear_negatives(self, paths: Iterator[Path]) -> Iterator[Path]:
        """Take recordings without the word as one stream; yields each one that has been heard."""
        self._engine.reset()
        self._tally.open()
        for path in paths:
            try:
                for number, chunk in enumerate(chunks_of(path), start=1):
                    self.result.negative_chunks += 1
                    self._hear_negative(chunk, str(path), number * CHUNK_SECONDS)
            except DeviceError as error:
                self._note(error)
            yield path

    def _hear_positive(self, path: Path) -> None:
        self._engine.reset()
        self._tally.open()
        levels: list[float] = []
        detected: float | None = None
        chunks = 0

        def hear(chunk: Samples) -> None:
            nonlocal chunks, detected
            chunks += 1
            found = self._tally.step(self._engine.scores(chunk))
            if self._threshold in found and detected is None:
                detected = chunks * CHUNK_SECONDS

        for chunk in chunks_of(path):
            levels += _levels(chunk)
            hear(chunk)
        for _ in range(round(TAIL_SECONDS / CHUNK_SECONDS)):
            hear(_SILENCE)
        self.result.positives += 1
        self._tally.end_positive()
        if detected is None:
            self.result.missed_files.append(str(path))
        elif (end := word_end_seconds(levels)) is not None:
            self.result.after_word_seconds.append(detected - end)

    def _hear_negative(self, chunk: Samples, file: str, time_seconds: float) -> None:
        scores = self._engine.scores(chunk)
        found = self._tally.step(scores)
        self._tally.note_false_alarms(found)
        if self._threshold in found:
            alarm = FalseAlarm(file, round(time_seconds, 2), scores[self._word])
            self.result.false_alarms.append(alarm)

    def _note(self, error: DeviceError) -> None:
        self.result.unreadable += 1
        self._unreadable(str(error))


def _levels(chunk: Samples) -> list[float]:
    return [level_dbfs(frame) for frame in chunk.reshape(-1, seconds_to_samples(FRAME_SECONDS))]
