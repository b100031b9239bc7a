"""Sentences said and heard, block by block: each is made alone, so that a part can be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.training.examples import Spoken, heard, units_of
from assistant.recognizers.phones.training.places import Placed, placed
from assistant.recognizers.phones.training.timing import in_silence
from assistant.wake.training.voices import Voices, find_voices
from scripts.phonetraining.speakers import Shares, say_all
from scripts.phonetraining.texts import Texts

BLOCK_SENTENCES = 40
CHECK = 1_000_000
"""Blocks from this number on are for checking."""

Frames: TypeAlias = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said: as it is heard in silence, and in the places it was put into."""

    words: Spoken
    in_silence: Frames
    elsewhere: tuple[tuple[Frames, Placed], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How they are made: each sentence is put into so many places (``copies``)."""

    seed: int
    copies: int
    shares: Shares

    def path(self, number: int, folder: Path) -> Path:
        """Where a block is kept."""
        by = f"-{self.shares.festival}-{self.shares.flite}" if self.shares != Shares() else ""
        return folder / f"block-{self.seed}-{self.copies}{by}-{number}.npz"


def make_blocks(numbers: range, folder: Path, plan: Plan, *, jobs: int) -> Iterator[Path]:
    """Make those that are not in the folder yet; returns their files, in any order."""
    folder.mkdir(parents=True, exist_ok=True)
    load_bundle(folder)  # once, before there are several processes
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_make, numbers, repeat(folder), repeat(plan))


def load_block(path: Path) -> list[Sentence]:
    """Read what ``make_blocks`` wrote."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    frames = iter(_split(arrays["frames"], arrays["lengths"]))
    words = iter(tuple(map(int, one)) for one in _split(arrays["units"], arrays["phones"]))
    places = iter(arrays["places"])
    nothing = np.empty(0, dtype=np.int16)
    return [
        Sentence(
            tuple(next(words) for _ in range(count)),
            next(frames),
            tuple(
                (next(frames), Placed(nothing, *map(float, next(places))))
                for _ in range(int(arrays["copies"]))
            ),
        )
        for count in arrays["words"]
    ]


def _split(array: npt.NDArray[np.generic], lengths: Sequence[int]) -> Iterable[Frames]:
    return np.split(array, np.cumsum(lengths)[:-1])


def first_sentences(folder: Path, plan: Plan, count: int) -> list[Sentence]:
    """Make the first sentences of the first block; ``folder`` keeps the features."""
    return _sentences(0, folder, plan, count)


def _make(number: int, folder: Path, plan: Plan) -> Path:
    path = plan.path(number, folder)
    if not path.exists():
        sentences = _sentences(number, folder, plan)
        frames = [
            one
            for sentence in sentences
            for one in (sentence.in_silence, *(heard for heard, _ in sentence.elsewhere))
        ]
        words = [word for sentence in sentences for word in sentence.words]
        places = [place for sentence in sentences for _, place in sentence.elsewhere]
        part = path.with_suffix(".part.npz")
        np.savez(
            part,
            frames=np.concatenate(frames),
            lengths=[len(one) for one in frames],
            words=[len(sentence.words) for sentence in sentences],
            phones=[len(word) for word in words],
            units=np.concatenate(words).astype(np.int16),
            places=[(place.begin, place.speed) for place in places],
            copies=plan.copies,
        )
        part.replace(path)
    return path


def _sentences(number: int, folder: Path, plan: Plan, most: int | None = None) -> list[Sentence]:
    random = np.random.default_rng((plan.seed, number))
    texts, lexicon, voices, stream = _parts(folder)
    sentences = [texts.sentence(random) for _ in range(BLOCK_SENTENCES)]
    phones = lexicon({word for sentence in sentences for word in sentence.split()})
    said = say_all(sentences, voices, plan.shares, random)
    made = []
    for sentence, signal in list(zip(sentences, said, strict=True))[:most]:
        places = [placed(signal, said, random) for _ in range(plan.copies)]
        made.append(
            Sentence(
                units_of(sentence.split(), phones),
                heard(in_silence(signal), stream),
                tuple((heard(place.samples, stream), place) for place in places),
            )
        )
    return made


@cache
def _parts(folder: Path) -> tuple[Texts, Lexicon, Voices, MidFrames]:
    embedding = SpeechEmbedding(load_bundle(folder))
    return Texts(), Lexicon(packaged_dictionary()), find_voices(), MidFrames(embedding)
