"""``ablation``: what each step of hearing with PocketSphinx is worth, and what it costs.

Each is left out in turn, all others staying as they are. Voice activity cuts each utterance out of
its recording once; every variant hears the same ones.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.measuring.listening import Listener
from assistant.ports import Grammar, StopListener, UnknownWord
from assistant.recognizers.pocketsphinx import (
    LIVE_BEAM,
    LIVE_DENSITIES,
    NOTHING,
    USUAL,
    PocketSphinxRecognizer,
    Tuning,
)
from assistant.turn import Transcript
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import SINGLE_WORDS, Clip, Split
from scripts.benchmarks.hearing import in_noise, spread
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percent
from scripts.benchmarks.workers import workers

DECIBELS = (18, 12, 6)
NOISES = ("clean", *(f"{noise} dB" for noise in DECIBELS))
EVERY_TIME = 2.0  # no confidence reaches it
ACT = Settings().recognizer.act_confidence

VARIANTS: dict[str, Tuning] = {
    "nothing": USUAL,
    "other lengths of vocal tract": replace(USUAL, warps=(1.0,)),
    "the usual length is enough where it is sure": replace(USUAL, sure_confidence=EVERY_TIME),
    "the noise of before the command": replace(USUAL, before=False),
    "noise taken off": replace(USUAL, suppress=False),
    "wider beams": replace(USUAL, beam=LIVE_BEAM),
    "more densities": replace(USUAL, densities=LIVE_DENSITIES),
    "all of these": Tuning(LIVE_BEAM, LIVE_DENSITIES, (1.0,), suppress=False, before=False),
}


@dataclass(frozen=True)
class Heard:
    """What became of an utterance with one variant; no noise is told of what is no command."""

    variant: str
    noise: str | None
    right: bool
    acted_on: bool
    cpu_seconds: float
    seconds: float


class Catch:
    """Keeps the utterance that it is to recognise, and what was before."""

    name = "catch"

    def __init__(self) -> None:
        self.before = self.utterance = NOTHING

    def use(self, _grammar: Grammar) -> Sequence[UnknownWord]:
        """Know every word."""
        return []

    def drop(self, _grammar: Grammar) -> None:
        """Have nothing to let go of."""

    def start(self, before: Samples | None = None) -> None:
        """Keep what was before."""
        self.before = NOTHING if before is None else before

    def feed(self, _samples: Samples) -> str:
        """Hear nothing."""
        return ""

    def prepare(self, _utterance: Samples) -> None:
        """Prepare nothing."""

    def finish(self, utterance: Samples) -> Transcript:
        """Keep it."""
        self.utterance = utterance
        return Transcript("", 0.0)

    def listen_for_stop(self, _grammar: Grammar, **_sure: bool) -> StopListener:
        """Never: nothing is said that could be cut short."""
        raise AssertionError("nobody speaks here who could be told to stop")


def measure(data: Path, *, split: Split, limit: int | None, jobs: int) -> Report:
    """Hear the same utterances with each variant."""
    clean = spread(coffee.commands(data, split), limit)
    words = spread(coffee.single_words(data, split), limit)
    clips = [*clean, *in_noise(clean, DECIBELS), *words]
    with workers(jobs) as pool:
        each = pool.map(partial(hear, data), clips, chunksize=4)
        heard = [one for group in track(each, "ablation", len(clips)) for one in group]
    introduction = (
        f"{len(clean)} of the commands of `recognizers` (the half '{split}') and {len(words)} "
        "single words, with one step left out at a time: the share that is understood rightly, "
        "whatever the confidence, the share of single words that would be acted on, and CPU of "
        "hearing a whole utterance, a second of it."
    )
    rows = {name: _row([one for one in heard if one.variant == name]) for name in VARIANTS}
    columns = ("left out", *NOISES, "all noise", "single words", "CPU a second")
    shown = tuple((name, *_cells(row)) for name, row in rows.items())
    parts = (introduction, Table(columns, shown))
    return Report("ablation", "What each step is worth", parts, {"commands": len(clean)} | rows)


def hear(data: Path, clip: Clip) -> list[Heard]:
    """Hear a clip with every variant."""
    catch, listener, understanding, recognizers = _ears(data)
    listener.hear(coffee.samples_of(clip, data))
    found = []
    for name, recognizer in recognizers.items():
        began = time.process_time()
        recognizer.start(catch.before)
        transcript = recognizer.finish(catch.utterance)
        seconds = time.process_time() - began
        match = understanding.graph.match(transcript.text) if transcript.text else None
        label = clip.label
        right = label is not None and match is not None and label.fits(match.intent, match.values())
        noise = None if clip.kind == SINGLE_WORDS else _noise(clip)
        acted_on = match is not None and transcript.confidence >= ACT
        length = len(catch.utterance) / SAMPLE_RATE
        found.append(Heard(name, noise, right, acted_on, seconds, length))
    return found


@cache  # once a process
def _ears(data: Path) -> tuple[Catch, Listener, Understanding, dict[str, PocketSphinxRecognizer]]:
    understanding = coffee.understanding(data)
    catch = Catch()
    listener = Listener(understanding, catch, Settings())
    recognizers = {n: PocketSphinxRecognizer(tuning=tuning) for n, tuning in VARIANTS.items()}
    for recognizer in recognizers.values():
        recognizer.use(listener.grammar)
    return catch, listener, understanding, recognizers


def _noise(clip: Clip) -> str:
    return "clean" if clip.decibels is None else f"{clip.decibels} dB"


def _row(heard: Sequence[Heard]) -> dict[str, Any]:
    shares = {n: float(np.mean([one.right for one in heard if one.noise == n])) for n in NOISES}
    others = [one.acted_on for one in heard if one.noise is None]
    seconds = sum(one.seconds for one in heard)
    return {
        **shares,
        "all_noise": float(np.mean([shares[noise] for noise in NOISES[1:]])),
        "single_words": float(np.mean(others)) if others else 0.0,
        "cpu_seconds_a_second": sum(one.cpu_seconds for one in heard) / seconds,
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    *shares, cpu = row.values()
    return (*(percent(share) for share in shares), f"{cpu:.3f} s")
