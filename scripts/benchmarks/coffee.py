"""Picovoice's speech-to-intent set: coffee ordered by many people, and what each of them meant.

The folder holds ``coffee_maker.yaml`` (Rhino's syntax), ``labels.json``, ``clean/*.flac`` and
``kitchen.flac``; beside it ``wake-word/*/*.flac``, single words that are no command.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import numpy as np
import soundfile
import yaml

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import IntentSet, SourceFile
from assistant.measuring.noise import mix
from assistant.values import SlotValue
from scripts.benchmarks import rhino

Split: TypeAlias = Literal["dev", "test", "all"]
Item = TypeVar("Item")

RECORDINGS = Path(__file__).parents[2] / "tests" / "data" / "recordings"
NOISE_DECIBELS = (24, 21, 18, 15, 12, 9, 6)
SEED = 20_240_501
FRAME_SAMPLES = 320  # 20 ms
FADE_SAMPLES = 160
SPEECH_DECIBELS = 30.0
SINGLE_WORDS = "single words by many people"
COMMANDS = "commands"
SPOKEN = "commands, synthesised"  # which mean what their words mean
CUT_OFF = "orders cut off after half or more of their speech"
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

    ``kind`` tells what is said, in ``words`` where they are known; ``kept`` is the share of its
    speech that is left, the rest cut off.
    """

    path: Path
    label: Label | None = None
    decibels: int | None = None
    kind: str = COMMANDS
    kept: float | None = None
    words: str = ""


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


def truncated(clips: Sequence[Clip]) -> list[Clip]:
    """The same clips with 50 to 70 % of their speech."""
    return [replace(clip, kind=CUT_OFF, kept=_kept(clip.path.stem)) for clip in clips]


def _kept(name: str) -> float:
    return 0.5 + 0.2 * (zlib.crc32(name.encode()) % 1000) / 1000


def single_words(data: Path, split: Split, limit: int | None = None) -> list[Clip]:
    """The wake-word set beside it; none where there is none."""
    paths = sorted((data.parent / "wake-word").glob("*/*.flac"))
    return [Clip(path, kind=SINGLE_WORDS) for path in part_of(paths, split)[:limit]]


def recordings() -> list[Clip]:
    """The repository's own recordings: other commands, and other speech."""
    return [Clip(path, kind=OWN_RECORDINGS) for path in sorted(RECORDINGS.glob("*.flac"))]


def part_of(paths: list[Item], split: Split) -> list[Item]:
    """Every other file is for decisions ('dev'), the rest for the figures ('test')."""
    return {"dev": paths[::2], "test": paths[1::2], "all": paths}[split]


def source_file(data: Path) -> SourceFile:
    """The grammar as an intent file of ours."""
    grammar = yaml.safe_load((data / "coffee_maker.yaml").read_text(encoding="utf-8"))
    return SourceFile("coffee_maker.yaml", rhino.intent_file(grammar))


def intents(data: Path) -> IntentSet:
    """The grammar as intents of ours."""
    return load_intents([source_file(data)], BUILTIN_ACTIONS)


def understanding(data: Path) -> Understanding:
    """The grammar, compiled."""
    return make_understanding(Settings(), intents(data))


def samples_of(clip: Clip, data: Path) -> Samples:
    """What is heard: always the same piece of the noise for the same clip and decibels."""
    samples = read(clip.path)
    if clip.kept is not None:
        samples = cut_off(samples, clip.kept)
    if clip.decibels is None:
        return samples
    seed = (SEED, zlib.crc32(clip.path.stem.encode()), clip.decibels)
    return mix(samples, read(data / "kitchen.flac"), clip.decibels, np.random.default_rng(seed))


def cut_off(samples: Samples, kept: float) -> Samples:
    """Leave a share of the speech, and what was quiet before and after it."""
    begin, end = speech_of(samples)
    stop = begin + round(kept * (end - begin))
    faded = samples[:stop].astype(np.float64)
    faded[-FADE_SAMPLES:] *= np.linspace(1.0, 0.0, FADE_SAMPLES)
    quiet = samples[end:] if end < len(samples) else samples[:begin]
    left: Samples = np.concatenate((faded.astype(np.int16), quiet))
    return left


def speech_of(samples: Samples) -> tuple[int, int]:
    """From where to where a clip is loud: its loudest frame less at most ``SPEECH_DECIBELS``."""
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    energy = np.mean(np.square(frames.astype(np.float64)), axis=1)
    loud = np.flatnonzero(energy > np.max(energy) * 10 ** (-SPEECH_DECIBELS / 10))
    return int(loud[0]) * FRAME_SAMPLES, int(loud[-1] + 1) * FRAME_SAMPLES


def read(path: Path) -> Samples:
    """The samples of a recording that is as the pipeline wants it."""
    samples, rate = soundfile.read(path, dtype="int16")
    if rate != SAMPLE_RATE or samples.ndim != 1:
        raise ValueError(f"{path} is not of one channel at {SAMPLE_RATE} Hz")
    read: Samples = samples
    return read
