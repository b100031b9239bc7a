"""How live wake scores look: bars with thresholds at a terminal, else lines or JSON."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.audio.frames import CHUNK_SECONDS, SILENCE_DBFS
from assistant.measuring.proposals import Proposal, from_peaks
from assistant.wake.peaks import PeakFinder

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.text import Text

WIDTH = 30
LEVEL_RANGE_DB = 60.0
PEAK_CHUNKS = round(3.0 / CHUNK_SECONDS)
CALM_CHUNKS = 5
"""Behind a closed gate an engine gives no scores; behind an open one it may give every third."""
LEAST = 0.01
"""The lowest peak that counts."""

SAY = {1: "once", 2: "twice, two seconds apart,"}


class ScoreView:
    """What is shown of the words with these thresholds, one event after another."""

    def __init__(self, thresholds: Mapping[str, float], times: int) -> None:
        self._thresholds = dict(thresholds)
        self._times = times
        self._finders = {word: PeakFinder(LEAST) for word in thresholds}
        self._peaks: dict[str, list[float]] = {word: [] for word in thresholds}
        self._last = {word: deque([0.0], maxlen=PEAK_CHUNKS) for word in thresholds}
        self._detections = dict.fromkeys(thresholds, 0)
        self._level_dbfs = SILENCE_DBFS
        self._chunks_without_scores = CALM_CHUNKS
        self.chunks = 0

    @property
    def _gate_open(self) -> bool:
        return self._chunks_without_scores < CALM_CHUNKS

    @property
    def request(self) -> str:
        """What the person is asked to do."""
        words = ", then ".join(word.replace("_", " ") for word in self._thresholds)
        how_often = SAY.get(self._times, f"{self._times} times, two seconds apart,")
        return f"Say “{words}” {how_often} and end with Ctrl-C."

    def take(self, event: Mapping[str, Any]) -> None:
        """Take an event as it is on the wire."""
        if event["event"] == "wake-detected" and event["wake"]["name"] in self._detections:
            self._detections[event["wake"]["name"]] += 1
        elif event["event"] == "chunk-heard":
            self.chunks += 1
            self._level_dbfs = event["level_dbfs"]
            scores = event["scores"]
            self._chunks_without_scores = 0 if scores else self._chunks_without_scores + 1
            for word, finder in self._finders.items():
                known = self._last[word][-1] if self._gate_open else 0.0
                score = scores.get(word, known)
                self._last[word].append(score)
                if (peak := finder.step(score)) is not None:
                    self._peaks[word].append(peak.score)

    def proposals(self) -> list[Proposal]:
        """A threshold for each word, by all that was heard."""
        for word, finder in self._finders.items():
            if (peak := finder.finish()) is not None:
                self._peaks[word].append(peak.score)
        return [from_peaks(word, peaks, self._times) for word, peaks in self._peaks.items()]

    def plain(self) -> dict[str, Any]:
        """The last chunk, for JSON."""
        return {
            "time_seconds": round(self.chunks * CHUNK_SECONDS, 2),
            "level_dbfs": round(self._level_dbfs, 1),
            "gate_open": self._gate_open,
            "scores": {word: round(last[-1], 4) for word, last in self._last.items()},
            "peaks": {word: round(max(last), 4) for word, last in self._last.items()},
            "detections": dict(self._detections),
        }

    def line(self) -> str:
        """The same for a person without a terminal."""
        words = (
            f"{word} {last[-1]:.2f} (peak {max(last):.2f}, {self._detections[word]} detected)"
            for word, last in self._last.items()
        )
        gate = "open" if self._gate_open else "closed"
        time = self.chunks * CHUNK_SECONDS
        return f"{time:7.2f} s  {self._level_dbfs:4.0f} dBFS  gate {gate}  {'  '.join(words)}"

    def __rich__(self) -> Panel:
        """Draw it."""
        from rich.console import Group
        from rich.panel import Panel
        from rich.table import Table
        from rich.text import Text

        meters = Table.grid(padding=(0, 1))
        for _ in range(3):
            meters.add_column()
        level = max(0.0, 1.0 + self._level_dbfs / LEVEL_RANGE_DB)
        meters.add_row("level", _bar(level, "cyan"), f"{self._level_dbfs:.0f} dBFS")
        gate = Text("open", "green") if self._gate_open else Text("closed", "dim")
        meters.add_row("gate", gate, "")
        for word, last in self._last.items():
            threshold = self._thresholds[word]
            colour = "green" if last[-1] >= threshold else "blue"
            meters.add_row(
                word,
                _bar(last[-1], colour, threshold, max(last)),
                f"{last[-1]:.2f}  peak {max(last):.2f}  {self._detections[word]} detected",
            )
        return Panel(Group(meters, Text(self.request, "dim")), title="wake word")


def _bar(value: float, colour: str, threshold: float | None = None, peak: float = 0.0) -> Text:
    """A bar of 0 to 1, with a line at the threshold and a mark at the peak of the last seconds."""
    from rich.text import Text

    full = round(min(1.0, value) * WIDTH)
    cells = [("━", colour) if at < full else ("╌", "dim") for at in range(WIDTH)]
    if peak > 0.0:
        cells[min(WIDTH - 1, round(peak * WIDTH))] = ("◆", "yellow")
    if threshold is not None:
        cells[min(WIDTH - 1, round(threshold * WIDTH))] = ("│", "bold red")
    return Text.assemble(*cells)
