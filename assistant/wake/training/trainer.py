"""Trains a wake word: sounds, embeddings, networks, a threshold, and what it is all worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.embedding.features import SpeechEmbedding
from assistant.measuring.noise import mix
from assistant.measuring.scores import Share
from assistant.wake.network import Floats, Network
from assistant.wake.training import curve
from assistant.wake.training.augmentation import some_noise, to_16_bits
from assistant.wake.training.ending import Spoken
from assistant.wake.training.examples import Said
from assistant.wake.training.fitting import STEPS, average
from assistant.wake.training.folds import FOLDS, Others, fit_folds, held_out_logits
from assistant.wake.training.material import Amounts, Material, Track, gather, plan
from assistant.wake.training.negatives import Negatives
from assistant.wake.training.voices import Voices
from assistant.wake.training.windows import LENGTH, embed_in_a_row, windows_of

Item = TypeVar("Item")
SEED = 1
NOISE_DECIBELS = 10.0
"""How loud the noise is in which a word is tried, as in Picovoice's wake-word-benchmark."""
DECIDED_SECONDS = 0.8
"""A word counts as heard when the threshold is reached so soon after it."""
BEFORE_SECONDS = 0.5
FALSE_ALARMS_AN_HOUR = 8.0
"""For the threshold, in held-out speech of the negative set: it is dense, mostly in noise, and the
networks that judge it are single ones, where the trained word is the mean of all. In an hour of
real speech the word then has about one (scripts/bench wake-training)."""
SYNTHESISED_TRIED = 60
RATES = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0, 0.5)
"""False alarms an hour for which thresholds are told."""


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


@dataclass(frozen=True, slots=True)
class Trained:
    """The network, whose logit 0 is the threshold, and what was measured on what it never heard.

    ``tried`` is "recordings" or "synthesised", whichever the word was tried with.
    """

    network: Network
    tried: str
    missed: Share
    missed_in_noise: Share
    false_alarms: int
    negative_hours: float
    room_hours: float
    thresholds: list[tuple[float, float]]
    det: list[curve.Point]


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
    return _judged(networks, material, others, embedding, random)


def _room(samples: Samples, embedding: SpeechEmbedding) -> Others:
    embedding.reset()
    embeddings = embedding.feed(samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES])
    return Others(embeddings, np.ones(len(embeddings), bool))


def _judged(
    networks: Sequence[Network],
    material: Material,
    others: Sequence[Others],
    embedding: SpeechEmbedding,
    random: np.random.Generator,
) -> Trained:
    """Find the threshold, and tell what is missed at it."""
    logits = np.concatenate([held_out_logits(networks, one) for one in others])
    hours = float(np.count_nonzero(logits > -60.0)) * CHUNK_SECONDS / 3600
    alarms = curve.peaks(logits)
    at = curve.threshold_for(alarms, int(FALSE_ALARMS_AN_HOUR * hours))
    first = len(material.recorded)  # sources count on from the recordings to the synthesised
    tried = [(number, said) for number, said in enumerate(material.recorded)] or [
        (first + number, said) for number, said in enumerate(material.synthesised)
    ][:SYNTHESISED_TRIED]
    clean: list[float] = []
    noisy: list[float] = []
    for number, said in tried:
        network = networks[number % FOLDS]
        whole = _placed(said)
        noise = some_noise(len(whole), (), random)
        for found, samples in ((clean, whole), (noisy, mix(whole, noise, NOISE_DECIBELS, random))):
            found.append(highest(network, samples, embedding) - at)
    room = sum(len(one.embeddings) for one in others[1:]) * CHUNK_SECONDS / 3600
    return Trained(
        average(networks, at),
        "recordings" if material.recorded else "synthesised",
        Share(sum(one < 0.0 for one in clean), len(clean)),
        Share(sum(one < 0.0 for one in noisy), len(noisy)),
        curve.count_over(alarms, at),
        hours - room,
        room,
        [
            (rate, curve.sigmoid(curve.threshold_for(alarms - at, int(rate * hours))))
            for rate in RATES
        ],
        curve.det(alarms - at, hours, clean, noisy),
    )


def _placed(said: Said) -> Samples:
    """The word with what is before it, and time after it to be decided in."""
    word: Spoken = said.word
    begin = max(0, word.begin_samples - round(BEFORE_SECONDS * SAMPLE_RATE))
    piece = said.signal[begin : word.end_samples + round(DECIDED_SECONDS * SAMPLE_RATE)]
    missing = word.end_samples + round(DECIDED_SECONDS * SAMPLE_RATE) - begin - len(piece)
    whole = np.pad(piece, (0, missing))
    return to_16_bits(np.pad(whole, (0, -len(whole) % CHUNK_SAMPLES)))


def highest(network: Network, samples: Samples, embedding: SpeechEmbedding) -> float:
    """The highest logit while these samples, whole chunks, are heard after silence."""
    embedding.reset()
    silence: Floats = np.repeat(embedding.silence, LENGTH - 1, axis=0)
    embeddings = np.concatenate((silence, embedding.feed(samples)))
    return float(network.logits(windows_of(embeddings)).max())
