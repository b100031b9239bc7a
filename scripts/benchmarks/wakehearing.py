"""What a trained wake word hears: recordings of it, and the others that it must not take for it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.measuring.noise import mix
from assistant.wake.decision import Rule, WakeDecision
from assistant.wake.network import Floats, Network
from assistant.wake.training.judging import DECIDED_SECONDS
from assistant.wake.training.recordings import find_recordings
from scripts.benchmarks.coffee import Split, part_of, read

DECIBELS = 10
THRESHOLD = 0.5
"""A trained word's score is 0.5 at its threshold."""
REFRACTORY_SECONDS = 1.5
SEED = 20_250_302


@dataclass(frozen=True)
class Set:
    """Where the recordings are, which half of them is tried, and where the embedding is kept."""

    data: Path
    split: Split
    cache: Path

    def embedding(self) -> SpeechEmbedding:
        """One that has heard nothing."""
        return SpeechEmbedding(load_bundle(self.cache))


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
    logits = network.logits_along(embeddings)
    chances = 1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
    return chances.astype(np.float32)


@cache
def said(where: Set, word: str) -> tuple[dict[Path, Floats], dict[Path, Floats]]:
    """The embeddings of each recording of a word, clean and in noise."""
    embedding = where.embedding()
    clean, noisy = {}, {}
    for path in part_of(find_recordings(where.data / "wake-word" / word), where.split):
        samples = np.pad(read(path), (0, round(DECIDED_SECONDS * SAMPLE_RATE)))
        clean[path] = embedded(samples, embedding)
        noisy[path] = embedded(_in_noise(samples, path, where.data), embedding)
    return clean, noisy


def _in_noise(samples: Samples, path: Path, data: Path) -> Samples:
    """Always the same piece of the kitchen for the same recording."""
    random = np.random.default_rng((SEED, zlib.crc32(path.stem.encode())))
    return mix(samples, read(data / "speech-to-intent" / "kitchen.flac"), DECIBELS, random)


@cache
def others(where: Set, word: str) -> tuple[list[Floats], list[Floats]]:
    """The embeddings of what is not the word, clean and in noise: the other words, and commands."""
    embedding = where.embedding()
    folders = [one for one in sorted((where.data / "wake-word").iterdir()) if one.name != word]
    clean, noisy = [], []
    for one in (*folders, where.data / "speech-to-intent" / "clean"):
        clips = {path: read(path) for path in part_of(sorted(one.glob("*.flac")), where.split)}
        in_noise = [_in_noise(samples, path, where.data) for path, samples in clips.items()]
        clean.append(embedded(np.concatenate(list(clips.values())), embedding))
        noisy.append(embedded(np.concatenate(in_noise), embedding))
    return clean, noisy


def embedded(samples: Samples, embedding: SpeechEmbedding) -> Floats:
    """Hear it after silence, as the assistant does after a start; the last chunk is filled up."""
    embedding.reset()
    silence: Floats = np.repeat(embedding.silence, 15, axis=0)
    whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES))
    return np.concatenate((silence, embedding.feed(whole)))
