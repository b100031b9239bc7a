"""``wake-training``: what a wake word is worth that was trained on a few recordings.

The folder holds ``wake-word/NAME/*.flac`` (Picovoice's wake-word-benchmark), ``speech-to-intent``
with ``clean/*.flac`` and ``kitchen.flac``. Recordings are chosen by seed to train on; the word is
tried with all others, clean and in the kitchen's noise, and must not be heard in the commands and
in the other words.
"""

from __future__ import annotations

import resource
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.measuring.noise import mix
from assistant.wake.decision import Rule, WakeDecision
from assistant.wake.network import Floats, Network
from assistant.wake.training.negatives import load_negatives
from assistant.wake.training.recordings import find_recordings, read_recordings
from assistant.wake.training.trainer import DECIDED_SECONDS, Task, train
from assistant.wake.training.voices import find_voices
from assistant.wake.training.windows import windows_of
from scripts.benchmarks.coffee import read
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Share, Table

RECORDINGS = (20, 5, 0)
DECIBELS = 10
THRESHOLD = 0.5
"""A trained word's score is 0.5 at its threshold."""
REFRACTORY_SECONDS = 1.5
SEED = 20_250_302


@dataclass(frozen=True)
class Run:
    """One training, and what came of it."""

    word: str
    recordings: int
    seed: int
    missed: Share
    missed_in_noise: Share
    false_alarms: int
    hours: float
    cpu_seconds: float
    told: str


def measure(
    data: Path,
    words: Sequence[str] = (),
    recordings: Sequence[int] = RECORDINGS,
    seeds: int = 3,
    jobs: int = 1,
) -> Report:
    """Train each word with so many recordings, by so many seeds."""
    names = [*words] or sorted(one.name for one in (data / "wake-word").iterdir() if one.is_dir())
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs) as pool:
        load_bundle(Path(folder))
        runs = list(product(names, recordings, range(1, seeds + 1)))
        making = pool.map(_run, *zip(*runs, strict=True), [data] * len(runs), [folder] * len(runs))
        done = list(track(making, "wake words trained", len(runs)))
    negatives = load_negatives()
    hours = {run.word: run.hours for run in done}
    introduction = (
        f"Wake words trained by `assistant wake train` on recordings chosen by {seeds} seeds, "
        f"tried with all other recordings of the word: clean, and in kitchen noise of {DECIBELS} "
        "dB (the loudest 512 samples of each, as Picovoice mixes). False alarms are counted in the "
        "recordings of the other words and in spoken commands, "
        + ", ".join(f"{hours[name]:.2f} h for {name}" for name in names)
        + f". The threshold is as trained. The negative set has {negatives.hours:.1f} hours of "
        "synthesised speech; no recording of anybody but those of the word is learnt from."
    )
    return Report(
        "wake-training",
        "A wake word of one's own",
        (introduction, table(done)),
        {"runs": [_plain(run) for run in done]},
    )


def table(done: Sequence[Run]) -> Table:
    """A row for each word and number of recordings, all seeds together."""
    columns = (
        "word", "recordings", "missed, clean", f"missed, {DECIBELS} dB", "false alarms",
        "an hour", "CPU of training",
    )  # fmt: skip
    rows = []
    for word, count in dict.fromkeys((run.word, run.recordings) for run in done):
        own = [run for run in done if (run.word, run.recordings) == (word, count)]
        alarms, hours = sum(run.false_alarms for run in own), sum(run.hours for run in own)
        rows.append(
            (
                word,
                str(count),
                str(_sum(run.missed for run in own)),
                str(_sum(run.missed_in_noise for run in own)),
                f"{alarms} in {hours:.1f} h",
                f"{alarms / hours:.1f}",
                f"{max(run.cpu_seconds for run in own):.0f} s",
            )
        )
    return Table(columns, tuple(rows))


def _sum(shares: Iterator[Share]) -> Share:
    counts = [(share.count, share.total) for share in shares]
    return Share(sum(count for count, _ in counts), sum(total for _, total in counts))


def _plain(run: Run) -> dict[str, Any]:
    return {
        "word": run.word,
        "recordings": run.recordings,
        "seed": run.seed,
        "missed": run.missed.plain(),
        "missed_in_noise": run.missed_in_noise.plain(),
        "false_alarms": run.false_alarms,
        "hours": round(run.hours, 3),
        "cpu_seconds": round(run.cpu_seconds, 1),
        "told": run.told,
    }


def _run(word: str, count: int, seed: int, data: Path, folder: str) -> Run:
    embedding = SpeechEmbedding(load_bundle(Path(folder)))
    paths = find_recordings(data / "wake-word" / word)
    order = np.random.default_rng(seed).permutation(len(paths)).tolist()
    learnt, tried = [paths[at] for at in order[:count]], [paths[at] for at in order[count:]]
    before = _cpu_seconds()
    usable = read_recordings(learnt)
    task = Task(word.replace("_", " "), usable.said, seed=seed)
    trained = train(task, load_negatives(), embedding, find_voices())
    cpu_seconds = _cpu_seconds() - before
    missed = [
        [path for path in tried if not heard(trained.network, one[path])]
        for one in _tests(data, word, folder)
    ]
    speech = _speech(data, word, folder)
    return Run(
        word,
        len(usable.said),
        seed,
        Share(len(missed[0]), len(tried)),
        Share(len(missed[1]), len(tried)),
        sum(false_alarms(trained.network, one) for one in speech),
        sum(map(len, speech)) * CHUNK_SECONDS / 3600,
        cpu_seconds,
        f"missed {trained.missed}, in noise {trained.missed_in_noise}",
    )


def heard(network: Network, embeddings: Floats) -> bool:
    """Whether a clip is heard by the end of it, which includes the time to decide."""
    return bool(np.max(scores(network, embeddings)) >= THRESHOLD)


def false_alarms(network: Network, embeddings: Floats) -> int:
    """How often the assistant would wake."""
    decision = WakeDecision({"word": Rule(THRESHOLD)}, REFRACTORY_SECONDS)
    found = (decision.step({"word": float(one)}) for one in scores(network, embeddings))
    return sum(one is not None for one in found)


def scores(network: Network, embeddings: Floats) -> Floats:
    """The score after each chunk, once there are enough embeddings."""
    windows = windows_of(embeddings, network.length)
    logits = np.concatenate(
        [network.logits(windows[at : at + 4096]) for at in range(0, len(windows), 4096)]
    )
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
    return chances


@cache
def _tests(data: Path, word: str, folder: str) -> tuple[dict[Path, Floats], dict[Path, Floats]]:
    """The embeddings of each recording of a word, clean and in noise."""
    embedding = SpeechEmbedding(load_bundle(Path(folder)))
    noise = read(data / "speech-to-intent" / "kitchen.flac")
    clean, noisy = {}, {}
    for path in find_recordings(data / "wake-word" / word):
        samples = np.pad(read(path), (0, round(DECIDED_SECONDS * SAMPLE_RATE)))
        random = np.random.default_rng((SEED, zlib.crc32(path.stem.encode())))
        clean[path] = embedded(samples, embedding)
        noisy[path] = embedded(mix(samples, noise, DECIBELS, random), embedding)
    return clean, noisy


@cache
def _speech(data: Path, word: str, folder: str) -> list[Floats]:
    """The embeddings of what is not the word: the other words, and commands."""
    embedding = SpeechEmbedding(load_bundle(Path(folder)))
    folders = [one for one in sorted((data / "wake-word").iterdir()) if one.name != word]
    return [
        embedded(np.concatenate([read(path) for path in sorted(one.glob("*.flac"))]), embedding)
        for one in (*folders, data / "speech-to-intent" / "clean")
    ]


def embedded(samples: Samples, embedding: SpeechEmbedding) -> Floats:
    """Hear it after silence, as the assistant does after a start; the last chunk is filled up."""
    embedding.reset()
    silence: Floats = np.repeat(embedding.silence, 15, axis=0)
    whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES))
    return np.concatenate((silence, embedding.feed(whole)))


def _cpu_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
