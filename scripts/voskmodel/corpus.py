"""Clips to train on and to measure with: made up, spoken, aligned, and changed by augmentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from scripts.benchmarks.progress import track
from scripts.voskmodel import speech
from scripts.voskmodel.alignment import Aligner, Labels
from scripts.voskmodel.features import Features, augmented
from scripts.voskmodel.sentences import Kind, Words, make_up
from scripts.voskmodel.speech import Signal, speak

# Commands are what it is for. Jumbles teach the words apart from their sentences, and other words
# teach the phones apart from the words.
SHARES: Mapping[Kind, float] = {"command": 0.62, "jumble": 0.22, "mixed": 0.09, "other": 0.07}


OTHERS = 40
"""Clips that others are mixed with."""


@dataclass(frozen=True)
class Clip:
    """Words, what was said, and which sound each frame of it is."""

    words: Words
    signal: Signal
    labels: Labels


@cache  # once a process
def _aligner() -> Aligner:
    return Aligner()


_clips: list[Clip] = []
"""Those that a process changes, given once to each."""


def _record(index: int, seed: int) -> Clip | None:
    """Make up, say and align one clip; None where the words do not fit what was said."""
    random = np.random.default_rng([seed, 0, index])
    kind: Kind = str(random.choice(list(SHARES), p=list(SHARES.values())))  # type: ignore[assignment]
    words = make_up(kind, random)
    signal = speak(" ".join(words), speech.TRAINING, random)
    labels = _aligner().align(words, signal)
    return None if labels is None else Clip(words, signal, labels)


def record(count: int, seed: int, jobs: int) -> list[Clip]:
    """So many clips of the voices to train with, less those that could not be aligned."""
    with ProcessPoolExecutor(jobs) as pool:
        made = pool.map(partial(_record, seed=seed), range(count), chunksize=8)
        return [clip for clip in track(made, "speaking", count) if clip is not None]


def _change(index: int, seed: int) -> tuple[Features, Labels]:
    clip = _clips[index % len(_clips)]
    others = [one.signal for one in _clips[:OTHERS]]
    return augmented(clip.signal, clip.labels, others, np.random.default_rng([seed, 1, index]))


def changed(
    clips: Sequence[Clip], copies: int, seed: int, jobs: int
) -> list[tuple[Features, Labels]]:
    """The features of so many copies of each clip, every one augmented in another way."""
    count = copies * len(clips)
    with ProcessPoolExecutor(jobs, initializer=_clips.extend, initargs=(clips,)) as pool:
        made = pool.map(partial(_change, seed=seed), range(count), chunksize=16)
        return list(track(made, "augmenting", count))
