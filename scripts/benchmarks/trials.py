"""Trials of a speaker verifier: scores of own calls and of others', and their equal error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from assistant.audio.frames import Samples
from assistant.wake.background import Background, learn
from assistant.wake.voice import Vector
from scripts.benchmarks.progress import track
from scripts.benchmarks.speakers import LEARNT_RECORDINGS, LEARNT_SPEAKERS, learnt

Features: TypeAlias = Callable[[Samples], Vector | None]
"""What a voice is like; None with too little of it."""

REFUSED = 0.02
"""The share of the owner's own calls that the default threshold refuses."""
RESAMPLED = 200
SEED = 3


@dataclass(frozen=True)
class Heard:
    """Recordings of an owner by which they are known, and others by which they call."""

    owner: int
    voice: Sequence[Samples]
    calls: Sequence[Samples]


@dataclass(frozen=True)
class Enrolled:
    """The same as features."""

    owner: int
    voice: Vector
    calls: Vector


@dataclass(frozen=True)
class Trials:
    """What an owner's verifier scored."""

    own: Vector
    others: Vector


def left_out(owner: int, voice: Sequence[Samples], calls: Sequence[Samples]) -> list[Heard]:
    """Each call once, its own recording left out of the voice."""
    return [
        Heard(owner, [*voice[:at], *voice[at + 1 :]], calls[at : at + 1])
        for at in range(len(voice))
    ]


def enrol(people: Sequence[Heard], features: Features) -> list[Enrolled]:
    """Take the features; who has too little of a voice on either side is left out."""
    found = (
        Enrolled(one.owner, _rows(one.voice, features), _rows(one.calls, features))
        for one in people
    )
    return [one for one in found if len(one.voice) and len(one.calls)]


def _rows(sounds: Sequence[Samples], features: Features) -> Vector:
    return np.array([row for row in map(features, sounds) if row is not None])


def learn_background(features: Features) -> Background:
    """Learn from the synthetic speakers how much voices differ, by these features."""
    rows, names = [], []
    total = LEARNT_SPEAKERS * LEARNT_RECORDINGS
    for name, samples in track(learnt(), "recordings", total):
        if (row := features(samples)) is not None:
            rows.append(row)
            names.append(name)
    return learn(np.array(rows), np.array(names))


def against_all(
    people: Sequence[Enrolled], score: Callable[[Vector, Vector], float]
) -> list[Trials]:
    """Let everybody call everybody's verifier; the trials of each owner."""
    own: dict[int, list[float]] = {}
    others: dict[int, list[float]] = {}
    for me in people:
        own.setdefault(me.owner, []).extend(score(me.voice, call) for call in me.calls)
        others.setdefault(me.owner, []).extend(
            score(me.voice, call)
            for other in people
            if other.owner != me.owner
            for call in other.calls
        )
    return [Trials(np.array(own[owner]), np.array(others[owner])) for owner in own]


def equal_error(trials: Sequence[Trials]) -> float:
    """The share of own calls refused where as large a share of others' calls is taken."""
    own = np.sort(np.concatenate([one.own for one in trials]))
    others = np.sort(np.concatenate([one.others for one in trials]))
    thresholds = np.unique(np.concatenate((own, others)))
    refused = np.searchsorted(own, thresholds, "left") / len(own)
    taken = 1.0 - np.searchsorted(others, thresholds, "left") / len(others)
    nearest = int(np.argmin(np.abs(refused - taken)))
    return float(refused[nearest] + taken[nearest]) / 2


def interval(trials: Sequence[Trials]) -> tuple[float, float]:
    """The 95 % interval of the equal error rate, by drawing owners anew (bootstrap)."""
    random = np.random.default_rng(SEED)
    rates = [
        equal_error([trials[at] for at in random.integers(len(trials), size=len(trials))])
        for _ in range(RESAMPLED)
    ]
    low, high = np.quantile(rates, (0.025, 0.975))
    return float(low), float(high)
