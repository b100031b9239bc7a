"""``wake-training``: what a wake word is worth that was trained on a few recordings.

The folder holds ``wake-word/NAME/*.flac`` (Picovoice's wake-word-benchmark), ``speech-to-intent``
with ``clean/*.flac`` and ``kitchen.flac``. Recordings of the half 'dev' are drawn by seed to train
on; the word is tried with those of a half that were not, clean and in the kitchen's noise, and must
not be heard in that half of the commands and of the other words.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from assistant.audio.frames import CHUNK_SECONDS
from assistant.embedding.bundle import load_bundle
from assistant.wake.training.negatives import load_negatives
from assistant.wake.training.recordings import find_recordings, read_recordings
from assistant.wake.training.trainer import Task, train
from assistant.wake.training.voices import find_voices
from scripts.benchmarks.coffee import Split, part_of
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Share, Table
from scripts.benchmarks.wakehearing import DECIBELS, Set, false_alarms, heard, others, said
from scripts.benchmarks.workers import workers

RECORDINGS = (20, 5, 0)


@dataclass(frozen=True)
class Run:
    """One training, and what came of it. Of ``recordings`` some may have been left out."""

    word: str
    recordings: int
    seed: int
    missed: Share
    missed_in_noise: Share
    false_alarms: int
    false_alarms_in_noise: int
    hours: float
    cpu_seconds: float
    told: str


def measure(
    data: Path,
    words: Sequence[str] = (),
    recordings: Sequence[int] = RECORDINGS,
    *,
    seeds: int = 5,
    jobs: int = 1,
    split: Split = "test",
) -> Report:
    """Train each word with so many recordings, drawn so many times."""
    names = [*words] or sorted(one.name for one in (data / "wake-word").iterdir() if one.is_dir())
    with tempfile.TemporaryDirectory() as folder, workers(jobs) as pool:
        load_bundle(Path(folder))
        runs = list(product(names, recordings, range(1, seeds + 1)))
        where = [Set(data, split, Path(folder))] * len(runs)
        making = pool.map(_run, *zip(*runs, strict=True), where)
        done = list(track(making, "wake words trained", len(runs)))
    negatives = load_negatives()
    hours = {run.word: run.hours for run in done}
    introduction = (
        f"Wake words trained by `assistant wake train` on recordings drawn {seeds} times from the "
        f"half 'dev' of a public set of many speakers, and tried with its half '{split}': clean, "
        f"and in kitchen noise of {DECIBELS} dB (the loudest 512 samples of each, as Picovoice "
        "mixes). False alarms are counted in the same half of the recordings of the other words "
        f"and of spoken commands, clean and in that noise, "
        + ", ".join(f"{hours[name]:.2f} h for {name}" for name in names)
        + " each way and draw. Figures are means of the draws, in brackets the lowest and the "
        "highest; so few hours show no rate of a single draw. The threshold is as trained. The "
        f"negative set has {negatives.hours:.1f} hours of synthesised speech; no recording of "
        "anybody but those of the word is learnt from."
    )
    return Report(
        "wake-training",
        "A wake word of one's own",
        (introduction, table(done)),
        {"runs": [_plain(run) for run in done]},
    )


def table(done: Sequence[Run]) -> Table:
    """A row for each word and number of recordings, all draws together."""
    columns = (
        "word", "recordings", "tried", "missed, clean", f"missed, {DECIBELS} dB",
        "false alarms an hour", f"false alarms an hour, {DECIBELS} dB", "CPU of training",
    )  # fmt: skip
    rows = []
    for word, count in dict.fromkeys((run.word, run.recordings) for run in done):
        own = [run for run in done if (run.word, run.recordings) == (word, count)]
        rows.append(
            (
                word,
                str(count),
                str(own[0].missed.total),
                _spread([100 * run.missed.value for run in own], " %"),
                _spread([100 * run.missed_in_noise.value for run in own], " %"),
                _spread([run.false_alarms / run.hours for run in own]),
                _spread([run.false_alarms_in_noise / run.hours for run in own]),
                f"{max(run.cpu_seconds for run in own):.0f} s",
            )
        )
    return Table(columns, tuple(rows))


def _spread(values: Sequence[float], unit: str = "") -> str:
    """The mean, the lowest and the highest."""
    lowest, highest = min(values), max(values)
    return f"{mean(values):.1f}{unit} ({lowest:.1f}{unit} to {highest:.1f}{unit})"


def _plain(run: Run) -> dict[str, Any]:
    return {
        "word": run.word,
        "recordings": run.recordings,
        "seed": run.seed,
        "missed": run.missed.plain(),
        "missed_in_noise": run.missed_in_noise.plain(),
        "false_alarms": run.false_alarms,
        "false_alarms_in_noise": run.false_alarms_in_noise,
        "hours": round(run.hours, 3),
        "cpu_seconds": round(run.cpu_seconds, 1),
        "told": run.told,
    }


def _run(word: str, count: int, seed: int, where: Set) -> Run:
    paths = find_recordings(where.data / "wake-word" / word)
    drawn_from = part_of(paths, "dev")
    order = np.random.default_rng(seed).permutation(len(drawn_from)).tolist()
    learnt = [drawn_from[at] for at in order[:count]]
    tried = [path for path in part_of(paths, where.split) if path not in learnt]
    before = _cpu_seconds()
    usable = read_recordings(learnt)
    task = Task(word.replace("_", " "), usable.said, seed=seed)
    trained = train(task, load_negatives(), where.embedding(), find_voices())
    cpu_seconds = _cpu_seconds() - before
    missed = [
        [path for path in tried if not heard(trained.network, embeddings[path])]
        for embeddings in said(where, word)
    ]
    clean, noisy = others(where, word)
    return Run(
        word,
        count,
        seed,
        Share(len(missed[0]), len(tried)),
        Share(len(missed[1]), len(tried)),
        sum(false_alarms(trained.network, one) for one in clean),
        sum(false_alarms(trained.network, one) for one in noisy),
        sum(map(len, clean)) * CHUNK_SECONDS / 3600,
        cpu_seconds,
        f"missed {trained.missed}, in noise {trained.missed_in_noise}",
    )


def _cpu_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
