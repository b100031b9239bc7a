"""``idle``: what waiting for the wake word costs, by the hour of audio."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, Samples
from assistant.events import WakeDetected
from assistant.measuring.listening import ClipSource
from assistant.pipeline import Pipeline
from scripts.benchmarks import coffee, start, stock
from scripts.benchmarks.coffee import RECORDINGS, Clip
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table

ROOM_DBFS = -65.0  # as in scripts/make-recordings
WITHOUT_WAKE_WORD = ("no-wake-word", "command-without-wake-word")
SEED = 1


@dataclass(frozen=True)
class Waited:
    """What a stretch of audio cost, and how often a wake word was heard in it."""

    audio_seconds: float
    cpu_seconds: float
    detections: int

    @property
    def cpu_seconds_an_hour(self) -> float:
        """CPU seconds for an hour of audio."""
        return self.cpu_seconds / self.audio_seconds * 3600

    def row(self, name: str) -> tuple[str, ...]:
        """As a line of the table."""
        hour = self.cpu_seconds_an_hour
        minutes = f"{self.audio_seconds / 60:.1f}"
        return name, minutes, f"{hour:.0f} s", f"{hour / 36:.1f} %", str(self.detections)


def wait(pipeline: Pipeline, chunks: list[Samples], what: str) -> Waited:
    """Feed a pipeline that waits for the wake word."""
    pipeline.begin()
    detections = 0
    cpu_seconds = 0.0
    for chunk in track(chunks, what, len(chunks)):
        began = time.process_time()
        events = list(pipeline.feed(chunk))
        cpu_seconds += time.process_time() - began
        if any(isinstance(event, WakeDetected) for event in events):
            detections += 1
            pipeline.begin()
    return Waited(len(chunks) * CHUNK_SECONDS, cpu_seconds, detections)


def measure(data: Path | None, *, minutes: float, with_daemon: bool) -> Report:
    """Wait in silence, in a room, and while people talk of other things."""
    pipeline, _ = stock.load()
    count = round(minutes * 60 / CHUNK_SECONDS)
    sounds = {
        "digital silence": _silence(),
        "a quiet room": _room(),
        "synthetic speech without the wake word": _looped(
            [Clip(RECORDINGS / f"{name}.flac") for name in WITHOUT_WAKE_WORD]
        ),
    }
    if data is not None:
        sounds["real speech without the wake word"] = _looped(coffee.commands(data, "all"))
    waited = {
        name: wait(pipeline, list(itertools.islice(chunks, count)), name)
        for name, chunks in sounds.items()
    }
    rows = [one.row(name) for name, one in waited.items()]
    if with_daemon:
        whole = Waited(start.IDLE_SECONDS, start.idle_cpu_seconds(), 0)
        rows.append((*whole.row("the whole core, in a silent room")[:-1], "-"))
        waited["daemon"] = whole
    columns = ("waiting for the wake word in", "minutes", "CPU an hour", "of one core")
    figures = {
        name: {
            "audio_seconds": one.audio_seconds,
            "cpu_seconds_an_hour": round(one.cpu_seconds_an_hour, 1),
            "detections": one.detections,
        }
        for name, one in waited.items()
    }
    introduction = (
        "CPU time of the pipeline for each hour that it waits for the wake word (hey_jarvis). "
        "Each detection would be a false one. It is fed as fast as it goes. The whole core, where "
        f"it is told, is `assistant run` hearing {start.IDLE_SECONDS:.0f} s of silence in real "
        "time, where each chunk finds the processor's caches cold: that is what an owner's machine "
        "spends."
    )
    table = Table((*columns, "detections"), tuple(rows))
    return Report("idle", "Waiting", (introduction, table), figures)


def _silence() -> Iterator[Samples]:
    return itertools.repeat(np.zeros(CHUNK_SAMPLES, np.int16))


def _room() -> Iterator[Samples]:
    random = np.random.default_rng(SEED)
    level = 10 ** (ROOM_DBFS / 20) * 32767
    while True:
        yield np.rint(random.standard_normal(CHUNK_SAMPLES) * level).astype(np.int16)


def _looped(clips: list[Clip]) -> Iterator[Samples]:
    for clip in itertools.cycle(clips):
        source = ClipSource(clip.path.name, coffee.read(clip.path))
        while (chunk := source.read()) is not None:
            yield chunk
