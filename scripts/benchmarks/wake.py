"""``wake``: what a wake word costs, and how often it is missed or heard where nobody said it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.measuring.scores import Share
from assistant.wake.decision import Rule, WakeDecision
from scripts.benchmarks import wakestreams
from scripts.benchmarks.coffee import Split, part_of
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percentile
from scripts.benchmarks.wakeloops import ENGINES, Ran, run
from scripts.benchmarks.wakestreams import Stream

OURS, PACKAGE, MICRO = "ours", "openwakeword 0.4.0", "pymicro-wakeword"
UNGATED = "ours, no gate"
SOFTER_DECIBELS = -34.0
SILENCE_SECONDS = 30.0
DECIBELS = 10.0
REFRACTORY_SECONDS = 1.5
SPEECH_SECONDS = 600.0
THRESHOLDS: dict[str, tuple[float, ...]] = {
    OURS: (0.82, 0.5, 0.3),  # its own for "alexa" is 0.82
    UNGATED: (0.82,),
    PACKAGE: (0.5, 0.3, 0.2),
    MICRO: (0.9, 0.95),  # its own is 0.9 for "alexa"
}
CLEAN, NOISY = "clean", f"{DECIBELS:.0f} dB"


@dataclass(frozen=True)
class Found:
    """What one engine found at one threshold."""

    missed: Share
    seconds_after: tuple[float, ...]
    false_alarms: int
    hours: float


def measure(data: Path, split: Split = "test", word: str = "alexa") -> Report:
    """Put the streams through every engine, one after the other."""
    kitchen = wakestreams.read(data / "kitchen.flac")
    said = part_of(wakestreams.recordings(data.parent / "wake-word" / word), split)
    others = [
        clip
        for folder in sorted((data.parent / "wake-word").iterdir())
        if folder.name != word
        for clip in part_of(wakestreams.recordings(folder), split)
    ]
    commands = part_of(wakestreams.recordings(data / "clean"), split)
    streams = [
        *_both("word", said, kitchen),
        *_both("others", [*others, *commands], kitchen),
        wakestreams.at_home(said, commands, kitchen),
        wakestreams.without_pause(commands, SPEECH_SECONDS),
    ]
    rooms = _rooms(said)
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        ran = {
            engine: run(engine, word, streams, Path(folder))
            for engine in track(ENGINES, "engines", len(ENGINES))
        }
        gated = {engine: run(engine, word, rooms, Path(folder))[0] for engine in (OURS, UNGATED)}
    return _report(word, {one.name: one for one in streams}, ran, _gate(rooms, gated))


def _rooms(said: Sequence[Samples]) -> list[Stream]:
    """Rooms that are hard for the gate."""
    factor = 10.0 ** (SOFTER_DECIBELS / 20.0)
    soft = [np.rint(clip * factor).astype(np.int16) for clip in said]
    quiet = np.zeros(round(SILENCE_SECONDS * SAMPLE_RATE), dtype=np.int16)
    late = [np.concatenate((quiet, clip)) for clip in soft[:: len(soft) // 10 or 1]]
    noises = {
        "white noise": wakestreams.steady("white", 60.0),
        "pink noise": wakestreams.steady("pink", 60.0),
        "music": wakestreams.music(60.0),
    }
    return [
        wakestreams.in_a_row(f"{-SOFTER_DECIBELS:.0f} dB softer", soft),
        wakestreams.in_a_row(f"the same after {SILENCE_SECONDS:.0f} s of silence", late),
        *(
            wakestreams.in_a_row(f"{name}, {NOISY}", said, noise, DECIBELS)
            for name, noise in noises.items()
        ),
    ]


def _gate(rooms: Sequence[Stream], gated: dict[str, dict[str, Ran]]) -> Table:
    """Misses with and without the gate, and how much of the sound was looked at."""
    rows = []
    for room in rooms:
        missed = {
            engine: sum(
                ran[room.name].scores[window].max() < THRESHOLDS[OURS][0]
                for window in room.windows()
            )
            for engine, ran in gated.items()
        }
        share = gated[OURS][room.name].cpu_seconds / gated[UNGATED][room.name].cpu_seconds
        of = len(room.marks)
        rows.append(
            (room.name, f"{missed[OURS]} of {of}", f"{missed[UNGATED]} of {of}", f"{share:.2f}")
        )
    columns = ("the word", "missed", "missed without the gate", "CPU time of that without")
    return Table(columns, tuple(rows))


def _both(name: str, clips: Sequence[Samples], noise: Samples) -> list[Stream]:
    return [
        wakestreams.in_a_row(f"{name}, {CLEAN}", clips),
        wakestreams.in_a_row(f"{name}, {NOISY}", clips, noise, DECIBELS),
    ]


def _report(
    word: str,
    streams: dict[str, Stream],
    ran: dict[str, tuple[dict[str, Ran], float]],
    gate: Table,
) -> Report:
    said, others = streams[f"word, {CLEAN}"], streams[f"others, {CLEAN}"]
    introduction = (
        f'"{word}": {len(said.marks)} recordings of many people, clean and in kitchen noise with '
        f"the loudest frame of each {DECIBELS:.0f} dB above the noise's (Picovoice's mixing), and "
        f"{others.hours:.2f} hours of {len(others.marks)} other recordings, each both ways. The "
        f"household is {wakestreams.HOME_SECONDS // 60} minutes of a quiet room with kitchen "
        f"noise for {wakestreams.HOME_NOISY_SHARE:.0%} of the time and "
        f"{wakestreams.HOME_COMMANDS} commands. Every engine takes the same chunks, in a process "
        "of its own, one after the other in one run; the columns are CPU seconds an hour of sound. "
        "A false alarm is counted again after 1.5 s. Memory is what loading and running it adds to "
        "a Python that has numpy. A word ends with the last 20 ms that have a tenth of its "
        "loudest amplitude, echoes included."
    )
    cost = Table(
        ("engine", "household", "continuous speech", "memory added"),
        tuple(
            (
                engine,
                f"{_hourly(found, streams, 'household'):.1f} s/h",
                f"{_hourly(found, streams, 'continuous speech'):.1f} s/h",
                f"{megabytes:.0f} MB",
            )
            for engine, (found, megabytes) in ran.items()
        ),
    )
    rows, figures = [], []
    for engine, (found, megabytes) in ran.items():
        for threshold in THRESHOLDS[engine]:
            each = {
                condition: _found(found, streams, condition, threshold)
                for condition in (CLEAN, NOISY)
            }
            rows.append((f"{engine}, {threshold}", *_cells(each[CLEAN]), *_cells(each[NOISY])))
            figures.append(_plain(engine, threshold, each))
        figures[-1] |= {"megabytes": round(megabytes, 1)}
    columns = ("engine, threshold", "missed", "after the end", "false alarms")
    accuracy = Table((*columns, *(f"{column}, {NOISY}" for column in columns[1:])), tuple(rows))
    household = {engine: _hourly(found, streams, "household") for engine, (found, _) in ran.items()}
    speech = {
        engine: _hourly(found, streams, "continuous speech") for engine, (found, _) in ran.items()
    }
    ratios = (
        f"On the household stream ours takes 1/{household[PACKAGE] / household[OURS]:.1f} of the "
        f"package's CPU time and {household[OURS] / household[MICRO]:.2f} of pymicro-wakeword's; "
        f"in continuous speech 1/{speech[PACKAGE] / speech[OURS]:.1f} of the package's."
    )
    return Report(
        "wake",
        "The wake word",
        (introduction, cost, ratios, accuracy, "In rooms that are hard for the gate:", gate),
        {
            "word": word,
            "cpu_seconds_per_hour": {"household": household, "continuous speech": speech},
            "found": figures,
            "gate": [dict(zip(gate.columns, row, strict=True)) for row in gate.rows],
        },
    )


def _hourly(found: dict[str, Ran], streams: dict[str, Stream], name: str) -> float:
    return found[name].cpu_seconds / streams[name].hours


def _found(
    ran: dict[str, Ran], streams: dict[str, Stream], condition: str, threshold: float
) -> Found:
    word, others = streams[f"word, {condition}"], streams[f"others, {condition}"]
    clean = streams[f"word, {CLEAN}"]  # where a word ends cannot be told in noise
    alarms = detections(ran[others.name].scores, threshold)
    scores = ran[word.name].scores
    after = []
    for window, (begin, end) in zip(word.windows(), word.marks, strict=True):
        over = np.flatnonzero(scores[window] >= threshold)
        if len(over):
            heard = (window.start + int(over[0]) + 1) * CHUNK_SECONDS
            after.append(heard - _end_of_speech(clean.samples[begin:end], begin))
    missed = Share(len(word.marks) - len(after), len(word.marks))
    return Found(missed, tuple(after), len(alarms), others.hours)


def detections(scores: npt.NDArray[np.float64], threshold: float) -> list[int]:
    """The chunks at which a word is detected."""
    decision = WakeDecision({"": Rule(threshold)}, REFRACTORY_SECONDS)
    return [at for at, score in enumerate(scores) if decision.step({"": float(score)})]


def _end_of_speech(samples: Samples, begin: int) -> float:
    """When the last 20 ms with a tenth of the loudest amplitude end, in seconds of the stream."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320).astype(np.float64)
    level = np.sqrt(np.mean(np.square(frames), axis=1))
    last = int(np.flatnonzero(level > 0.1 * level.max())[-1])
    return (begin + (last + 1) * 320) / SAMPLE_RATE


def _cells(found: Found) -> tuple[str, str, str]:
    median = percentile(found.seconds_after, 50) if found.seconds_after else float("nan")
    return str(found.missed), f"{median:.2f} s", f"{found.false_alarms} in {found.hours:.2f} h"


def _plain(engine: str, threshold: float, each: dict[str, Found]) -> dict[str, Any]:
    return {
        "engine": engine,
        "threshold": threshold,
        **{
            condition: {
                "missed": found.missed.plain(),
                "median_seconds_after": percentile(found.seconds_after, 50)
                if found.seconds_after
                else None,
                "false_alarms": found.false_alarms,
                "negative_hours": found.hours,
            }
            for condition, found in each.items()
        },
    }
