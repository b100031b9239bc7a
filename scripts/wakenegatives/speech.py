"""The texts as sound, block by block: each block is made alone, so that a part can be made anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.embedding.features import SpeechEmbedding
from assistant.wake.training.augmentation import Amount, in_a_place, some_noise, to_16_bits, varied
from assistant.wake.training.voices import Voices, say

SEED = 20_250_301
BLOCK_SENTENCES = 20
PLACES = (
    Amount(speed=0.12, room_share=0.3, noise_share=0.0),
    Amount(speed=0.12, room_share=0.5, noise_share=1.0, noise_db=(12.0, 30.0)),
    Amount(speed=0.12, room_share=0.5, noise_share=1.0, noise_db=(3.0, 15.0)),
)
"""A third clean, a third in some noise, a third in much."""
PAUSE_SECONDS = (0.1, 0.7)
NOISE_SECONDS = 6.0
"""At the end of each block, of noise in which nobody speaks."""


@dataclass(frozen=True, slots=True)
class Block:
    """Embeddings of some sentences; ``starts`` tells at which of them each sentence begins."""

    embeddings: npt.NDArray[np.float32]
    starts: tuple[int, ...]


def make_block(number: int, texts: list[str], voices: Voices, embedding: SpeechEmbedding) -> Block:
    """Say these texts; the same number and texts give the same sound."""
    random = np.random.default_rng((SEED, number))
    sounds: list[Samples] = []
    starts = []
    length = 0
    for text in texts:
        place = PLACES[random.integers(len(PLACES))]
        said = varied(say(text, voices, random), place, random)
        before, after = (int(s * SAMPLE_RATE) for s in random.uniform(*PAUSE_SECONDS, size=2))
        heard = in_a_place(np.pad(said, (before, after)), place, sounds[-6:], random)
        starts.append(length // CHUNK_SAMPLES)
        sounds.append(heard)
        length += len(heard)
    noise = some_noise(round(NOISE_SECONDS * SAMPLE_RATE), sounds[:6], random)
    sounds.append(to_16_bits(noise * 32767 * 10 ** random.uniform(-2.0, 0.0)))
    samples = np.concatenate(sounds)
    embedding.reset()
    whole = embedding.feed(samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES])
    return Block(whole, tuple(starts))
