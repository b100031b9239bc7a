"""Examples to learn from: the mid frames of a sentence, and the phones that were said in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import Samples
from assistant.embedding.features import MID_SIZE
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.network import INVENTORY, Floats
from assistant.recognizers.pronunciation import Phones

NUMBERS = {phone: number for number, phone in enumerate(INVENTORY, start=1)}
"""Of each phone its unit; 0 is the blank."""


VALUES_SHARE = 0.4
"""Of the examples, those some of whose values are hidden."""
MOST_VALUES = MID_SIZE // 8


Labels: TypeAlias = npt.NDArray[np.int16]
"""The unit that is said in each frame."""
Spoken: TypeAlias = tuple[tuple[int, ...], ...]
"""The units of each word."""


@dataclass(frozen=True, slots=True)
class Example:
    """``frames`` x 576 mid frames in half precision, and the units said in them.

    ``labels`` are the units of each frame, where they are known.
    """

    frames: npt.NDArray[np.float16]
    units: tuple[int, ...]
    labels: Labels | None = None


def heard(samples: Samples, stream: MidFrames) -> npt.NDArray[np.float16]:
    """Return the mid frames of a whole utterance."""
    stream.start()
    return np.concatenate((stream.feed(samples), stream.rest())).astype(np.float16)


def units_of(words: Sequence[str], phones: Mapping[str, Sequence[Phones]]) -> Spoken:
    """Return how the words are usually said, as units."""
    return tuple(tuple(NUMBERS[phone] for phone in phones[word][0]) for word in words)


def joined(words: Spoken) -> tuple[int, ...]:
    """The units of all words."""
    return tuple(unit for word in words for unit in word)


def batches(examples: Sequence[Example], size: int) -> list[Sequence[Example]]:
    """Put those together that are of a length: what is filled up is computed for nothing."""
    by_length = sorted(examples, key=lambda one: len(one.frames))
    return [by_length[at : at + size] for at in range(0, len(by_length), size)]


def masked(frames: Floats, mean: Floats, random: np.random.Generator) -> Floats:
    """Hide some moments and some values, so that nothing is learnt from one of them alone."""
    hidden = frames.copy()
    for _ in range(random.integers(3)):
        length = int(random.integers(1, 5))
        start = int(random.integers(max(1, len(frames) - length)))
        hidden[start : start + length] = mean
    if random.random() < VALUES_SHARE:
        width = int(random.integers(1, MOST_VALUES))
        first = int(random.integers(MID_SIZE - width))
        hidden[:, first : first + width] = mean[first : first + width]
    return hidden
