"""What a trained word is worth, told by sound that the network which judges it has not learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from assistant.wake.training.fitting import average
from assistant.wake.training.folds import FOLDS, Others, held_out_logits
from assistant.wake.training.material import Material
from assistant.wake.training.windows import LENGTH

NOISE_DECIBELS = 10.0
"""How loud the noise is in which a word is tried, as in Picovoice's wake-word-benchmark."""
NOISES = 3
"""In so many different ones; the first is what is told, as trials of one recording are alike."""
DECIDED_SECONDS = 0.8
"""A word counts as heard when the threshold is reached so soon after it."""
BEFORE_SECONDS = 0.5
SYNTHESISED_TRIED = 60
RATES = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0, 0.5)
"""False alarms an hour for which thresholds are told."""


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


def judged(
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
    first = len(material.recorded)  # sources count on from the recordings to the synthesised
    tried = [(number, said) for number, said in enumerate(material.recorded)] or [
        (first + number, said) for number, said in enumerate(material.synthesised)
    ][:SYNTHESISED_TRIED]
    heard = np.array(
        [
            [highest(networks[number % FOLDS], one, embedding) for one in _trials(said, random)]
            for number, said in tried
        ]
    )
    at = curve.balanced(alarms, hours, heard.ravel())
    clean, noisy = (heard[:, 0] - at).tolist(), (heard[:, 1] - at).tolist()
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


def _trials(said: Said, random: np.random.Generator) -> Iterator[Samples]:
    """The word as it was recorded, and in several noises."""
    whole = _placed(said)
    yield whole
    for _ in range(NOISES):
        yield mix(whole, some_noise(len(whole), (), random), NOISE_DECIBELS, random)


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
    return float(network.logits_along(embeddings).max())
