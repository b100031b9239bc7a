"""Trains a wake word: sounds, embeddings, networks, a threshold, and what it is all worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.embedding.features import SpeechEmbedding
from assistant.wake.training.examples import Said
from assistant.wake.training.fitting import STEPS
from assistant.wake.training.folds import Others, fit_folds
from assistant.wake.training.judging import Trained, judged
from assistant.wake.training.material import Amounts, Track, gather, plan
from assistant.wake.training.negatives import Negatives
from assistant.wake.training.voices import Voices
from assistant.wake.training.windows import embed_in_a_row

Item = TypeVar("Item")
SEED = 1


def no_track(items: Iterable[Item], what: str, total: int) -> Iterable[Item]:  # noqa: ARG001
    """Show nothing."""
    return items


@dataclass(frozen=True, slots=True)
class Task:
    """What to train. ``room`` is sound without the word."""

    phrase: str
    recordings: Sequence[Said]
    language: str = "en"
    room: Sequence[Samples] = ()
    amounts: Amounts = field(default_factory=Amounts)
    seed: int = SEED
    steps: int = STEPS


def train(
    task: Task,
    negatives: Negatives,
    embedding: SpeechEmbedding,
    voices: Voices,
    track: Track = no_track,
) -> Trained:
    """Train a word. Raises EngineError."""
    random = np.random.default_rng(task.seed)
    material = gather(
        task.phrase,
        task.recordings,
        language=task.language,
        voices=voices,
        amounts=task.amounts,
        random=random,
        track=track,
    )
    planned = list(plan(material, task.amounts))
    order = random.permutation(len(planned)).tolist()
    embedding.reset()
    row = embed_in_a_row(
        (planned[at].make(random) for at in track(order, "listening", len(order))), embedding.feed
    )
    sources = np.array([planned[at].source for at in order])
    recorded = np.array([planned[at].recorded for at in order])
    others = [
        Others(negatives.embeddings, negatives.without(task.phrase)),
        *(_room(samples, embedding) for samples in task.room),
    ]
    networks = fit_folds(
        row, sources, recorded, others, random=random, track=track, steps=task.steps
    )
    return judged(networks, material, others, embedding, random)


def _room(samples: Samples, embedding: SpeechEmbedding) -> Others:
    embedding.reset()
    embeddings = embedding.feed(samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES])
    return Others(embeddings, np.ones(len(embeddings), bool))
