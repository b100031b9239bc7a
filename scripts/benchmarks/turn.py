"""``turn``: how long after the last word the action begins, and what a turn costs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import yaml

from assistant.audio.files import FileSource
from assistant.audio.frames import SAMPLE_RATE
from assistant.dialogue.understanding import Understanding
from assistant.events import Event, NotUnderstood, SpeechEnded, Transcribed, Understood
from assistant.pipeline import Pipeline
from scripts.benchmarks import coffee, stock
from scripts.benchmarks.coffee import RECORDINGS
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percentile

RIGHT = "right"
TAIL_SECONDS = 0.6
"""What scripts/make-recordings leaves after the last word."""


@dataclass(frozen=True)
class Turn:
    """One command. ``waited_seconds`` is stream time from the last word to the decision that the
    command is over; the others are CPU time.
    """

    name: str
    result: str
    waited_seconds: float
    recognition_seconds: float
    understanding_seconds: float
    cpu_seconds: float
    audio_seconds: float

    @property
    def latency_seconds(self) -> float:
        """From the last word to the start of the action."""
        return self.waited_seconds + self.recognition_seconds + self.understanding_seconds


def take(pipeline: Pipeline, understanding: Understanding, entry: dict[str, Any]) -> Turn:
    """Hear one recording with its wake word. Raises ValueError when no command is heard in it."""
    path = RECORDINGS / entry["file"]
    audio_seconds = len(coffee.read(path)) / SAMPLE_RATE
    source = FileSource(path, tail_seconds=2.0)
    pipeline.begin()
    cpu_seconds = 0.0
    while (chunk := source.read()) is not None:
        began = time.process_time()
        events = list(pipeline.feed(chunk))
        fed = time.process_time()
        cpu_seconds += fed - began
        for event in events:
            if isinstance(event, SpeechEnded):
                waited_seconds = event.time_seconds - (audio_seconds - TAIL_SECONDS)
            if isinstance(event, Transcribed):
                meaning = understanding.understand(event.transcript)
                understood = time.process_time()
                source.close()
                return Turn(
                    path.stem,
                    _result(meaning, entry),
                    waited_seconds,
                    fed - began,
                    understood - fed,
                    cpu_seconds + understood - fed,
                    audio_seconds,
                )
    raise ValueError(f"no command is heard in {path}")


def _result(meaning: Event, entry: dict[str, Any]) -> str:
    """Say whether it was understood as it was meant."""
    match meaning:
        case Understood(_, match):
            right = (match.intent, match.plain_values()) == (entry["intent"], entry["slots"])
            return RIGHT if right else "wrong"
        case NotUnderstood(_, rejected=True):
            return "rejected"
        case _:
            return "no sentence"


def measure() -> Report:
    """Take every command that is recorded with the tests."""
    pipeline, understanding = stock.load()
    entries = yaml.safe_load((RECORDINGS / "recordings.yaml").read_text(encoding="utf-8"))
    acting = [entry for entry in entries if entry["wake"] and entry["intent"]]
    take(pipeline, understanding, acting[0])  # what is loaded at the first time counts for none
    turns = [take(pipeline, understanding, one) for one in track(acting, "turns", len(acting))]
    introduction = (
        f"{len(turns)} recorded commands (synthetic voices, `tests/data/recordings`), from the end "
        "of the last word to the start of the action: stream time until the command is known to be "
        "over, plus the CPU time of the final recognition and of understanding on this machine. "
        "It is not a stopwatch: queues, the sound card and a busy machine come on top."
    )
    rows = [_row(turn) for turn in turns]
    rows += [_summary("median", turns, 50), _summary("95th percentile", turns, 95)]
    columns = (
        "recording",
        "understood",
        "end known after",
        "recognition",
        "understanding",
        "latency",
    )
    table = Table((*columns, "CPU of all", "audio"), tuple(rows))
    figures = {
        "right": _right(turns),
        "turns": len(turns),
        "latency_seconds": {
            f"p{rank}": round(percentile([one.latency_seconds for one in turns], rank), 3)
            for rank in (50, 95)
        },
    }
    return Report("turn", "A turn", (introduction, table), figures)


def _right(turns: list[Turn]) -> int:
    return sum(turn.result == RIGHT for turn in turns)


def _columns(turn: Turn) -> tuple[float, ...]:
    return (
        turn.waited_seconds,
        turn.recognition_seconds,
        turn.understanding_seconds,
        turn.latency_seconds,
        turn.cpu_seconds,
        turn.audio_seconds,
    )


def _row(turn: Turn) -> tuple[str, ...]:
    return (turn.name, turn.result, *(_seconds(value) for value in _columns(turn)))


def _summary(name: str, turns: list[Turn], rank: float) -> tuple[str, ...]:
    columns = zip(*(_columns(turn) for turn in turns), strict=True)
    right = f"{_right(turns)} of {len(turns)} right"
    return (name, right, *(_seconds(percentile(values, rank)) for values in columns))


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 0.01 else f"{value:.2f} s"
