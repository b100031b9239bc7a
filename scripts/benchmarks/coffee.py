"""Picovoice's speech-to-intent set: coffee ordered by many people, and what each of them meant.

The folder holds ``coffee_maker.yaml`` (Rhino's syntax), ``labels.json``, ``clean/*.flac`` and
``kitchen.flac``; beside it ``wake-word/*/*.flac``, single words that are no command.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import soundfile
import yaml

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.audio.resampling import ChunkBuffer
from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import IntentSet, SourceFile
from assistant.values import SlotValue
from scripts.benchmarks import rhino
from scripts.benchmarks.mixing import mix

Split: TypeAlias = Literal["dev", "test", "all"]

RECORDINGS = Path(__file__).parents[2] / "tests" / "data" / "recordings"
NOISE_DECIBELS = (24, 21, 18, 15, 12, 9, 6)
SEED = 20_240_501
SINGLE_WORDS = "single words by many people"
OWN_RECORDINGS = "this repository's recordings"


@dataclass(frozen=True)
class Label:
    """What a clip means."""

    intent: str
    slots: tuple[tuple[str, str], ...]

    def fits(self, intent: str | None, slots: dict[str, SlotValue]) -> bool:
        """Whether this was understood: the intent and every labelled slot, others ignored."""
        return intent == self.intent and all(slots.get(name) == said for name, said in self.slots)


@dataclass(frozen=True)
class Clip:
    """A recording to be heard: clean, or in noise of so many decibels. No label, no command.

    ``kind`` tells what is said; ``kept`` is the share of its speech that is left, the rest cut off.
    """

    path: Path
    label: Label | None = None
    decibels: int | None = None
    kind: str = "commands"
    kept: float | None = None


class ClipSource:
    """Samples as a source of chunks, the last one filled up with zeros."""

    def __init__(self, name: str, samples: Samples) -> None:
        self.name = name
        self._chunks = ChunkBuffer(SAMPLE_RATE)
        self._chunks.feed(samples[:, None].astype(np.float32) / np.float32(32768), last=True)

    def read(self) -> Samples | None:
        """Give the next chunk."""
        chunk = self._chunks.take()
        return self._chunks.take_rest() if chunk is None else chunk

    def close(self) -> None:
        """Nothing is open."""


def commands(data: Path, split: Split, limit: int | None = None) -> list[Clip]:
    """The clips of the set, clean, by name."""
    labels = json.loads((data / "labels.json").read_text(encoding="utf-8"))
    paths = part_of(sorted((data / "clean").glob("*.flac")), split)[:limit]
    return [Clip(path, _label(labels[path.stem])) for path in paths]


def _label(entry: dict[str, object]) -> Label:
    slots = entry["slots"]
    assert isinstance(slots, dict)  # noqa: S101 - says so to the type checker
    said = tuple((name, value.strip()) for name, value in sorted(slots.items()))
    return Label(str(entry["intent"]), said)


def single_words(data: Path, split: Split, limit: int | None = None) -> list[Clip]:
    """The wake-word set beside it; none where there is none."""
    paths = sorted((data.parent / "wake-word").glob("*/*.flac"))
    return [Clip(path, kind=SINGLE_WORDS) for path in part_of(paths, split)[:limit]]


def recordings() -> list[Clip]:
    """The repository's own recordings: other commands, and other speech."""
    return [Clip(path, kind=OWN_RECORDINGS) for path in sorted(RECORDINGS.glob("*.flac"))]


def part_of(paths: list[Path], split: Split) -> list[Path]:
    """Every other file is for decisions ('dev'), the rest for the figures ('test')."""
    return {"dev": paths[::2], "test": paths[1::2], "all": paths}[split]


def intents(data: Path) -> IntentSet:
    """The grammar as intents of ours."""
    grammar = yaml.safe_load((data / "coffee_maker.yaml").read_text(encoding="utf-8"))
    file = SourceFile("coffee_maker.yaml", rhino.intent_file(grammar))
    return load_intents([file], BUILTIN_ACTIONS)


def understanding(data: Path) -> Understanding:
    """The grammar, compiled."""
    return make_understanding(Settings(), intents(data))


def samples_of(clip: Clip, data: Path) -> Samples:
    """What is heard: always the same piece of the noise for the same clip and decibels."""
    samples = read(clip.path)
    if clip.decibels is None:
        return samples
    seed = (SEED, zlib.crc32(clip.path.stem.encode()), clip.decibels)
    return mix(samples, read(data / "kitchen.flac"), clip.decibels, np.random.default_rng(seed))


def read(path: Path) -> Samples:
    """The samples of a recording that is as the pipeline wants it."""
    samples, rate = soundfile.read(path, dtype="int16")
    if rate != SAMPLE_RATE or samples.ndim != 1:
        raise ValueError(f"{path} is not of one channel at {SAMPLE_RATE} Hz")
    read: Samples = samples
    return read
