"""``turn``: how long after the last word the action begins, and what a turn costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from assistant.audio.files import FileSource
from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE
from assistant.dialogue.understanding import Understanding
from assistant.engines import spoken_grammar
from assistant.events import (
    Event,
    NearlyUnderstood,
    NotUnderstood,
    SpeechEnded,
    Transcribed,
    Understood,
)
from assistant.measuring.listening import ClipSource
from assistant.pipeline import Pipeline
from assistant.ports import AudioSource, Grammar
from assistant.recognizers.grammar import PrefixStatus, prefix_status
from scripts.benchmarks import coffee, spoken, stock
from scripts.benchmarks.coffee import RECORDINGS
from scripts.benchmarks.progress import track
from scripts.benchmarks.spoken import Spoken
from scripts.benchmarks.tables import Report, Share, Table, percentile
from scripts.benchmarks.voices import TAIL_SECONDS

RIGHT = "right"
SOON_SECONDS = 0.15
"""After the end is known: what the transcript may take."""


@dataclass(frozen=True)
class Meant:
    """A command: its name in the tables, where its last word ends, and what it means."""

    name: str
    end_seconds: float
    intent: str
    slots: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """What became of a command.

    ``waited_seconds`` is stream time from the last word to the decision that the command is over,
    ``behind_seconds`` how much later the transcript is there, in real time with this machine's CPU:
    what was computed while the stream went on counts for none.
    """

    name: str
    result: str
    waited_seconds: float
    behind_seconds: float
    understanding_seconds: float
    cpu_seconds: float
    audio_seconds: float

    @property
    def latency_seconds(self) -> float:
        """From the last word to the start of the action."""
        return self.waited_seconds + self.behind_seconds + self.understanding_seconds


def take(
    pipeline: Pipeline, understanding: Understanding, source: AudioSource, meant: Meant
) -> Turn | None:
    """Hear one command; None when none is heard."""
    cpu_seconds = 0.0
    chunks = 0
    idle_from = 0.0  # in real time: when all that came in so far has been heard
    while (chunk := source.read()) is not None:
        began = time.process_time()
        events = list(pipeline.feed(chunk))
        fed = time.process_time()
        chunks += 1
        cpu_seconds += fed - began
        idle_from = max(chunks * CHUNK_SECONDS, idle_from) + fed - began
        for event in events:
            if isinstance(event, SpeechEnded):
                decided_seconds = event.time_seconds
            if isinstance(event, Transcribed):
                meaning = understanding.understand(event.transcript)
                understood = time.process_time()
                source.close()
                return Turn(
                    meant.name,
                    _result(meaning, meant),
                    decided_seconds - meant.end_seconds,
                    idle_from - decided_seconds,
                    understood - fed,
                    cpu_seconds + understood - fed,
                    chunks * CHUNK_SECONDS,
                )
    return None


def take_spoken(pipeline: Pipeline, understanding: Understanding, said: Spoken) -> Turn:
    """Hear a command through an open microphone. Raises ValueError when none is heard."""
    match = understanding.graph.match(said.text)
    if match is None:
        raise ValueError(f"'{said.text}' is no shipped command")
    pipeline.begin()
    pipeline.listen()
    source = ClipSource(said.text, said.samples())
    meant = Meant(said.text, said.end_seconds, match.intent, match.plain_values())
    turn = take(pipeline, understanding, source, meant)
    if turn is None:
        raise ValueError(f"nothing is heard of {said}")
    return turn


def _take_recording(
    pipeline: Pipeline, understanding: Understanding, entry: dict[str, Any]
) -> Turn:
    path = RECORDINGS / entry["file"]
    end_seconds = len(coffee.read(path)) / SAMPLE_RATE - TAIL_SECONDS
    pipeline.begin()
    source = FileSource(path, tail_seconds=2.0)
    meant = Meant(path.stem, end_seconds, entry["intent"], entry["slots"])
    turn = take(pipeline, understanding, source, meant)
    if turn is None:
        raise ValueError(f"no command is heard in {path}")
    return turn


def _result(meaning: Event, meant: Meant) -> str:
    """Say whether it was understood as it was meant."""
    match meaning:
        case Understood(_, match):
            right = (match.intent, match.plain_values()) == (meant.intent, meant.slots)
            return RIGHT if right else "wrong"
        case NotUnderstood(_, rejected=True):
            return "rejected"
        case NearlyUnderstood():
            return "asked for"
        case _:
            return "no sentence"


def measure() -> Report:
    """Take every command that is recorded with the tests, and those spoken on the spot."""
    pipeline, understanding = stock.load()
    entries = yaml.safe_load((RECORDINGS / "recordings.yaml").read_text(encoding="utf-8"))
    acting = [entry for entry in entries if entry["wake"] and entry["intent"]]
    # What is loaded at the first time counts for none.
    _take_recording(pipeline, understanding, acting[0])
    recorded = [
        _take_recording(pipeline, understanding, one)
        for one in track(acting, "recordings", len(acting))
    ]
    saying = spoken.one_breath("test")
    said = [
        take_spoken(pipeline, understanding, one) for one in track(saying, "spoken", len(saying))
    ]
    introduction = (
        "From the end of the last word to the start of the action: 'end known after' is stream "
        "time until the command is known to be over, 'behind' is how much later its transcript is "
        "there in real time with the CPU of this machine (the final recognition begins in the "
        "first 0.1 s of silence, and counts as far as it takes longer than the silence), "
        "'understanding' is CPU time. Chunks of 80 ms are in it; the sound card and a busy machine "
        "come on top. The voices are synthetic, and a word ends where the voice's own sound falls "
        "under -40 dB of its loudest sample."
    )
    rows = [_row(turn) for turn in recorded]
    rows += [_summary("median", recorded, 50), _summary("95th percentile", recorded, 95)]
    columns = ("end known after", "behind", "understanding", "latency", "CPU of all", "audio")
    recordings = Table(("recording", "understood", *columns), tuple(rows))
    groups = grouped(said, spoken_grammar(understanding))
    of_recordings = f"The {len(recorded)} commands of `tests/data/recordings`, with the wake word:"
    right = [turn for turn in said if turn.result == RIGHT]
    soon = Share(sum(turn.behind_seconds <= SOON_SECONDS for turn in right), len(right))
    of_spoken = (
        f"{len(said)} commands in one breath through an open microphone "
        "(`scripts/benchmarks/spoken.py`, the half 'test'; clean, in hum and in pink noise of "
        "15 dB), by what they are in the grammar. Only what is understood rightly is acted on; of "
        f"these {soon} have their transcript within {SOON_SECONDS} s after the end is known:"
    )
    return Report(
        "turn",
        "A turn",
        (introduction, of_recordings, recordings, of_spoken, latencies(groups)),
        {
            "right": _right(recorded),
            "turns": len(recorded),
            "latency_seconds": _percentiles(recorded),
            "spoken": figures(groups),
        },
    )


def grouped(turns: Sequence[Turn], grammar: Grammar) -> dict[str, list[Turn]]:
    """Turns by whether something could follow the command that was meant, and then all of them.

    A turn is named by what was said.
    """
    final = [
        turn
        for turn in turns
        if prefix_status(grammar, turn.name.split()) is PrefixStatus.COMPLETE_FINAL
    ]
    open_ended = [turn for turn in turns if turn not in final]
    right = [turn for turn in turns if turn.result == RIGHT]
    return {
        "nothing can follow, right": [turn for turn in final if turn.result == RIGHT],
        "something could follow, right": [turn for turn in open_ended if turn.result == RIGHT],
        "all that are right": right,
        "nothing can follow, all": final,
        "something could follow, all": open_ended,
        "all": list(turns),
    }


def latencies(groups: dict[str, list[Turn]]) -> Table:
    """Median and 95th percentile of each group."""
    rows = []
    for name, turns in groups.items():
        row = [name, str(len(turns))]
        for rank in (50, 95):
            values = [percentile(column, rank) for column in _columns_of(turns)]
            row += [_seconds(values[0]), _seconds(values[1]), _seconds(values[3])]
        row.append(_seconds(percentile(_columns_of(turns)[4], 50)))
        rows.append(tuple(row))
    columns = ("command", "turns", "end known after, median", "behind, median", "latency, median")
    more = ("end known after, 95 %", "behind, 95 %", "latency, 95 %", "CPU of all, median")
    return Table((*columns, *more), tuple(rows))


def figures(groups: dict[str, list[Turn]]) -> dict[str, Any]:
    """The same for JSON."""
    return {
        name: {
            "turns": len(turns),
            "latency_seconds": _percentiles(turns),
            "end_known_after_seconds": {
                f"p{rank}": round(percentile([one.waited_seconds for one in turns], rank), 3)
                for rank in (50, 95)
            },
        }
        for name, turns in groups.items()
        if turns
    }


def _percentiles(turns: Sequence[Turn]) -> dict[str, float]:
    values = [turn.latency_seconds for turn in turns]
    return {f"p{rank}": round(percentile(values, rank), 3) for rank in (50, 95)}


def _right(turns: Sequence[Turn]) -> int:
    return sum(turn.result == RIGHT for turn in turns)


def _columns(turn: Turn) -> tuple[float, ...]:
    return (
        turn.waited_seconds,
        turn.behind_seconds,
        turn.understanding_seconds,
        turn.latency_seconds,
        turn.cpu_seconds,
        turn.audio_seconds,
    )


def _columns_of(turns: Sequence[Turn]) -> list[tuple[float, ...]]:
    return list(zip(*map(_columns, turns), strict=True))


def _row(turn: Turn) -> tuple[str, ...]:
    return (turn.name, turn.result, *(_seconds(value) for value in _columns(turn)))


def _summary(name: str, turns: Sequence[Turn], rank: float) -> tuple[str, ...]:
    right = f"{_right(turns)} of {len(turns)} right"
    return (name, right, *(_seconds(percentile(column, rank)) for column in _columns_of(turns)))


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if abs(value) < 0.01 else f"{value:.2f} s"
