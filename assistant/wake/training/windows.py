"""From sound to windows of embeddings: which of them end with the word, and which must not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.wake.network import Floats
from assistant.wake.training.examples import Example

LENGTH = 16
"""Embeddings that a network looks at, as openWakeWord's: two seconds with those of the first."""
LATEST_SECONDS = 0.32
"""A window has the word when it ends so long after it at the latest."""
NOT_YET = 0.35
"""A window that ends before this share of the word has been said has not got the word."""

Embed = Callable[[Samples], Floats]
"""What makes one embedding of each whole chunk, going on from the last."""


@dataclass(frozen=True, slots=True)
class Row:
    """Embeddings of examples in a row. Of each, which windows end with the word, or without it.

    ``word_ends`` and ``other_ends`` hold the last embedding of each window, ``word_examples`` and
    ``other_examples`` of which example it is, in the order in which they came.
    """

    embeddings: Floats
    word_ends: npt.NDArray[np.int64]
    word_examples: npt.NDArray[np.int64]
    other_ends: npt.NDArray[np.int64]
    other_examples: npt.NDArray[np.int64]


def embed_in_a_row(examples: Iterable[Example], embed: Embed) -> Row:
    """Embed examples as they come; each is cut to whole chunks at its beginning."""
    found: list[Floats] = []
    ends: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    at = 0
    for number, example in enumerate(examples):
        cut = len(example.samples) % CHUNK_SAMPLES
        embeddings = embed(example.samples[cut:])
        for chunk in range(len(embeddings)):
            has_word = _has_word(example, cut + (chunk + 1) * CHUNK_SAMPLES)
            if has_word is not None and at + chunk >= LENGTH - 1:
                ends[has_word].append((at + chunk, number))
        found.append(embeddings)
        at += len(embeddings)
    words, others = (np.array(ends[one], np.int64).reshape(-1, 2) for one in (True, False))
    return Row(np.concatenate(found), words[:, 0], words[:, 1], others[:, 0], others[:, 1])


def _has_word(example: Example, sample: int) -> bool | None:
    """Whether the word has just been said by this sample; None where either is right."""
    if example.word is None:
        return False
    begin, end = example.word.begin_samples, example.word.end_samples
    if end <= sample <= end + LATEST_SECONDS * SAMPLE_RATE:
        return True
    return False if sample <= begin + NOT_YET * (end - begin) else None


def windows_of(embeddings: Floats, length: int = LENGTH) -> Floats:
    """All windows of embeddings that follow each other, as a view: windows x length x values."""
    view: Floats = np.lib.stride_tricks.sliding_window_view(embeddings, length, axis=0)
    return view.transpose(0, 2, 1)
