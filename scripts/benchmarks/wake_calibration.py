"""``wake-calibration``: how often each packaged wake word is heard in speech that has none of them.

Prints the constants of ``assistant/wake/packaged.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.ports import WakeWord
from assistant.wake.activity import ActivityGate
from assistant.wake.calibration import Calibration, fit
from assistant.wake.microwakeword import MicroWakeWord
from assistant.wake.openwakeword import OpenWakeWord
from assistant.wake.words import load_word
from scripts.benchmarks import wakestreams
from scripts.benchmarks.coffee import Split, part_of
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table
from scripts.benchmarks.wakestreams import Stream

DECIBELS = 10.0
PEAK_CHUNKS = 25
"""A peak is the highest score of two seconds."""
TAIL = 20
"""So many of the highest peaks are fitted."""
OPENWAKEWORD = ("alexa", "hey_jarvis", "hey_marvin", "hey_mycroft")
MICROWAKEWORD = ("alexa", "hey_jarvis", "hey_mycroft", "okay_nabu")


def measure(data: Path, split: Split = "dev") -> Report:
    """Have every engine hear other words and commands by many people, clean and in noise."""
    features = SpeechEmbedding(load_bundle())
    engines: dict[str, WakeWord] = {
        "openwakeword": OpenWakeWord(
            {name: load_word(name) for name in OPENWAKEWORD}, features, ActivityGate()
        ),
        "microwakeword": MicroWakeWord(dict.fromkeys(MICROWAKEWORD)),
    }
    found: dict[str, dict[str, Calibration]] = {name: {} for name in engines}
    hours: dict[str, float] = {}
    for without in ("alexa", ""):  # which is a word of both engines
        streams = _streams(data, split, without)
        heard = {name: _heard(engine, streams) for name, engine in engines.items()}
        hours[without] = sum(stream.hours for stream in streams)
        for name, engine in engines.items():
            for word in engine.names:
                if (word == "alexa") == (without == "alexa"):
                    found[name][word] = fit(_peaks(heard[name], word), hours[without], TAIL)
    introduction = (
        f"{hours['']:.2f} hours of recordings by many people, single words and commands, half of "
        f'it in kitchen noise of {DECIBELS:.0f} dB (those of "alexa" left out for that word: '
        f"{hours['alexa']:.2f} hours). The tail of the {TAIL} highest peaks of two seconds is "
        "taken to fall off exponentially with the log-odds; thresholds are what `sensitivity` then "
        "stands for. So few hours show no false alarm in ten days: that is what the tail says."
    )
    rows = tuple(
        (f"{engine}, {word}", f"{one.intercept:.2f}", f"{one.slope:.2f}", *_thresholds(one))
        for engine, words in found.items()
        for word, one in words.items()
    )
    columns = ("word", "intercept", "slope", "sensitivity 0", "0.5", "1")
    return Report(
        "wake-calibration",
        "Sensitivity of the packaged wake words",
        (introduction, Table(columns, rows)),
        {"hours": hours[""], "words": {engine: _plain(words) for engine, words in found.items()}},
    )


def _streams(data: Path, split: Split, without: str) -> list[Stream]:
    clips = [
        clip
        for folder in (*sorted((data.parent / "wake-word").iterdir()), data / "clean")
        if folder.name != without
        for clip in part_of(wakestreams.recordings(folder), split)
    ]
    noise = wakestreams.read(data / "kitchen.flac")
    return [
        wakestreams.in_a_row("clean", clips),
        wakestreams.in_a_row("noisy", clips, noise, DECIBELS),
    ]


def _heard(engine: WakeWord, streams: list[Stream]) -> list[dict[str, float]]:
    chunks = [chunk for stream in streams for chunk in stream.samples.reshape(-1, CHUNK_SAMPLES)]
    return [dict(engine.scores(chunk)) for chunk in track(chunks, "chunks", len(chunks))]


def _peaks(heard: list[dict[str, float]], word: str) -> list[float]:
    each = [one.get(word, 0.0) for one in heard]
    return [max(each[at : at + PEAK_CHUNKS]) for at in range(0, len(each), PEAK_CHUNKS)]


def _thresholds(one: Calibration) -> tuple[str, ...]:
    return tuple(f"{one.threshold(sensitivity):.2f}" for sensitivity in (0.0, 0.5, 1.0))


def _plain(words: dict[str, Calibration]) -> dict[str, Any]:
    return {word: {"intercept": one.intercept, "slope": one.slope} for word, one in words.items()}
