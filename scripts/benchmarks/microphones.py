"""``microphones``: which of two that hear a call is the nearer one, told in three ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.config import load_settings
from assistant.events import WakeDetected
from assistant.floor import SAME_WORD_SECONDS
from assistant.measuring.scores import Share
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.turn import Wake
from scripts.benchmarks.coffee import Split, part_of, read
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percentile

WORD = "alexa"
SEED = 5
LOUDEST = 8_000
SOFTER_DECIBELS = (6.0, 10.0, 16.0)
"""Twice as far is 6 dB less of what comes straight from a mouth; a door takes more."""
NOISE_DBFS = (-60.0, -50.0)
SPREAD_DECIBELS = 6.0
"""So much more or less noise is in a room, and gain in a microphone."""
ECHO_SECONDS = (0.1, 0.4)
ECHO = 0.02

Signal: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as one microphone heard it; ``late_seconds`` is how late its chunks come."""

    wake: Wake
    late_seconds: float

    @property
    def detected_seconds(self) -> float:
        """When it was detected, counted from when it was said."""
        return self.wake.time_seconds + self.late_seconds


TELLS: dict[str, Callable[[Call, Call], bool]] = {
    "first": lambda near, far: near.detected_seconds < far.detected_seconds,
    "higher score": lambda near, far: near.wake.score > far.wake.score,
    "stands out more": lambda near, far: near.wake.snr_db > far.wake.snr_db,
}
"""How the nearer one may be known."""


def measure(data: Path, split: Split = "test") -> Report:
    """Have every call heard near and far."""
    calls = part_of(sorted((data.parent / "wake-word" / WORD).glob("*.flac")), split)
    settings = load_settings(f"wake: {{word: {WORD}}}", "benchmark")
    pipeline = build_pipeline(settings, PocketSphinxRecognizer())  # which is never asked
    found = {
        (softer, noise): list(_pairs(calls, pipeline, softer, noise))
        for softer in SOFTER_DECIBELS
        for noise in NOISE_DBFS
    }
    introduction = (
        f"Recordings of '{WORD}' (the half '{split}'), each by two simulated microphones: at the "
        "farther one the voice is softer; the noise is up to "
        f"{SPREAD_DECIBELS:g} dB more or less than told, and gain, echo and the time at which "
        "chunks begin are each one's own, too. Of the calls that both detect, how often the "
        "nearer one is the one that detects it first, or with the higher score, or where the word "
        "stands out more of the sound of the room, by which the turn is given. Of detections up "
        f"to {SAME_WORD_SECONDS:g} s apart the better one wins. Intervals are of 95 %."
    )
    columns = ("the farther one", "noise", "both", *TELLS, "apart, 95 %", "apart, at most")
    return Report(
        "microphones",
        "Which of two microphones is nearer",
        (introduction, Table(columns, tuple(_row(*case, both) for case, both in found.items()))),
        {f"{softer:g} dB, {noise:g} dBFS": _figures(one) for (softer, noise), one in found.items()},
    )


def _pairs(
    calls: Sequence[Path], pipeline: Pipeline, softer: float, noise: float
) -> Iterator[tuple[Call, Call]]:
    """Each call that both hear."""
    random = np.random.default_rng(SEED)
    for path in track(calls, f"{softer:g} dB softer", len(calls)):
        samples = read(path).astype(float)
        loud = samples / max(1.0, np.max(np.abs(samples))) * LOUDEST
        near = hear(pipeline, loud, noise, random)
        far = hear(pipeline, loud * 10 ** (-softer / 20), noise, random)
        if near is not None and far is not None:
            yield near, far


def hear(
    pipeline: Pipeline, voice: Signal, noise_dbfs: float, random: np.random.Generator
) -> Call | None:
    """Hear a call by a microphone in a room; None where the word is missed."""
    late = int(random.integers(CHUNK_SAMPLES))
    pipeline.begin()
    for chunk in in_a_room(voice, late, noise_dbfs, random):
        for event in pipeline.feed(chunk):
            if isinstance(event, WakeDetected):
                return Call(event.wake, -late / SAMPLE_RATE)
    return None


def in_a_room(
    voice: Signal, late_samples: int, noise_dbfs: float, random: np.random.Generator
) -> Sequence[Samples]:
    """Put a voice into a room with an echo and noise, and before a microphone with some gain."""
    decay = round(random.uniform(*ECHO_SECONDS) * SAMPLE_RATE)
    echo = random.standard_normal(decay) * np.exp(-6.9 * np.arange(decay) / decay)  # to -60 dB
    echo *= ECHO
    echo[0] += 1.0
    size = len(voice) + decay
    sound = np.fft.irfft(np.fft.rfft(voice, size) * np.fft.rfft(echo, size), size)
    sound = np.pad(sound, (3 * SAMPLE_RATE + late_samples, SAMPLE_RATE))
    more_noise, gain = random.uniform(-SPREAD_DECIBELS, SPREAD_DECIBELS, 2)
    sound += random.normal(0.0, 32_768 * 10 ** ((noise_dbfs + more_noise) / 20), len(sound))
    sound *= 10 ** (gain / 20)
    whole = len(sound) // CHUNK_SAMPLES * CHUNK_SAMPLES
    samples: Samples = np.rint(sound[:whole]).clip(-32_768, 32_767).astype(np.int16)
    return list(samples.reshape(-1, CHUNK_SAMPLES))


def _row(softer: float, noise: float, both: Sequence[tuple[Call, Call]]) -> tuple[str, ...]:
    figures = _figures(both)
    right = (str(Share(figures[name], len(both))) for name in TELLS)
    apart = (f"{figures[name]:.2f} s" for name in ("apart_95_seconds", "apart_most_seconds"))
    return (f"{softer:g} dB softer", f"{noise:g} dBFS", str(len(both)), *right, *apart)


def _figures(both: Sequence[tuple[Call, Call]]) -> dict[str, Any]:
    apart = [abs(near.detected_seconds - far.detected_seconds) for near, far in both] or [0.0]
    right = {name: sum(tells(*pair) for pair in both) for name, tells in TELLS.items()}
    return right | {
        "both": len(both),
        "apart_95_seconds": round(percentile(apart, 95), 3),
        "apart_most_seconds": round(max(apart), 3),
    }
