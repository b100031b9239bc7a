"""Sentences said and heard, block by block: each is made alone, so that a part can be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import repeat
from pathlib import Path

import numpy as np

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.training.examples import Example, heard, units_of
from assistant.recognizers.phones.training.places import placed
from assistant.wake.training.voices import Voices, find_voices, say
from scripts.phonetraining.texts import Texts

BLOCK_SENTENCES = 40
CHECK = 1_000_000
"""Blocks from this number on are for checking."""


def make_blocks(
    numbers: range, folder: Path, *, seed: int, copies: int, jobs: int
) -> Iterator[Path]:
    """Make those that are not in the folder yet; returns their files, in any order."""
    folder.mkdir(parents=True, exist_ok=True)
    load_bundle(folder)  # once, before there are several processes
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_make, numbers, repeat(folder), repeat(seed), repeat(copies))


def load_block(path: Path) -> list[Example]:
    """Read what ``make_blocks`` wrote."""
    with np.load(path) as file:
        frames, lengths, units, counts = (file[n] for n in ("frames", "lengths", "units", "counts"))
    ends, unit_ends = np.cumsum(lengths), np.cumsum(counts)
    return [
        Example(frames[end - length : end], tuple(map(int, units[unit_end - count : unit_end])))
        for end, length, unit_end, count in zip(ends, lengths, unit_ends, counts, strict=True)
    ]


def first_examples(folder: Path, seed: int, count: int) -> list[Example]:
    """Make the first examples of the first block; ``folder`` keeps the features."""
    return _examples(0, folder, seed, 1, count)


def _make(number: int, folder: Path, seed: int, copies: int) -> Path:
    path = folder / f"block-{seed}-{copies}-{number}.npz"
    if not path.exists():
        examples = _examples(number, folder, seed, copies)
        part = path.with_suffix(".part.npz")
        np.savez(
            part,
            frames=np.concatenate([one.frames for one in examples]),
            lengths=[len(one.frames) for one in examples],
            units=np.concatenate([one.units for one in examples]).astype(np.int16),
            counts=[len(one.units) for one in examples],
        )
        part.replace(path)
    return path


def _examples(
    number: int, folder: Path, seed: int, copies: int, most: int | None = None
) -> list[Example]:
    random = np.random.default_rng((seed, number))
    texts, lexicon, voices, stream = _parts(folder)
    sentences = [texts.sentence(random) for _ in range(BLOCK_SENTENCES)]
    phones = lexicon({word for sentence in sentences for word in sentence.split()})
    said = [say(sentence, voices, random) for sentence in sentences]
    both = list(zip(sentences, said, strict=True))[:most]
    return [
        Example(heard(placed(signal, said, random), stream), units_of(sentence.split(), phones))
        for _ in range(copies)
        for sentence, signal in both
    ]


@cache
def _parts(folder: Path) -> tuple[Texts, Lexicon, Voices, MidFrames]:
    embedding = SpeechEmbedding(load_bundle(folder))
    return Texts(), Lexicon(packaged_dictionary()), find_voices(), MidFrames(embedding)
