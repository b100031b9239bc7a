"""Cross-validation: each fifth of all sounds is judged by a network that has not learnt from it.

The trained word is the mean of the networks, so nothing that was recorded is left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.wake.network import Floats, Network
from assistant.wake.training.fitting import STEPS, Windows, fit
from assistant.wake.training.material import Track
from assistant.wake.training.windows import LENGTH, Row

FOLDS = 5
RECORDED_WEIGHT = 5.0
"""All recordings together weigh so much more than all synthesised sayings of the word."""


@dataclass(frozen=True, slots=True)
class Others:
    """Speech without the word, in a row: the negative set or the owner's room.

    ``usable`` tells by its last embedding whether a window may be used.
    """

    embeddings: Floats
    usable: npt.NDArray[np.bool_]

    def fold(self) -> npt.NDArray[np.int64]:
        """Which fifth each embedding is in, one after the other."""
        return np.arange(len(self.embeddings)) * FOLDS // max(1, len(self.embeddings))


def fit_folds(
    row: Row,
    sources: npt.NDArray[np.int64],
    recorded: npt.NDArray[np.bool_],
    others: Sequence[Others],
    *,
    random: np.random.Generator,
    track: Track,
    steps: int = STEPS,
) -> list[Network]:
    """Fit a network without each of the fifths.

    ``sources`` and ``recorded`` tell of each example in the row what it is made of.
    """
    rows = (row.embeddings, *(one.embeddings for one in others))
    embeddings = np.ascontiguousarray(np.concatenate(rows))
    of_word, of_other = sources[row.word_examples] % FOLDS, sources[row.other_examples] % FOLDS
    real = recorded[row.word_examples]
    ticks = iter(track(range(FOLDS * steps), "learning", FOLDS * steps))
    networks = []
    for fold in range(FOLDS):
        learnt = of_word != fold
        words = Windows(
            embeddings,
            row.word_ends[learnt],
            _shared(real[learnt], RECORDED_WEIGHT) + _shared(~real[learnt], 1.0),
        )
        ends = [row.other_ends[of_other != fold]]
        at = len(row.embeddings)
        for one in others:
            usable = one.usable & (one.fold() != fold)
            usable[: LENGTH - 1] = False
            ends.append(np.flatnonzero(usable) + at)
            at += len(one.embeddings)
        weights = np.concatenate([_shared(np.ones(len(one), bool), 1.0) for one in ends])
        networks.append(
            fit(
                words,
                Windows(embeddings, np.concatenate(ends), weights),
                LENGTH,
                random,
                step_done=lambda: next(ticks, None),
                steps=steps,
            )
        )
    next(ticks, None)
    return networks


def held_out_logits(networks: Sequence[Network], others: Others) -> Floats:
    """The logit of each window by the network that has not learnt from it; unusable ones lowest."""
    logits = np.full(len(others.embeddings), -60.0, np.float32)
    folds = others.fold()
    first = LENGTH - 1
    for number, network in enumerate(networks):
        begin, end = np.searchsorted(folds, (number, number + 1))
        begin = max(int(begin), first)
        logits[begin:end] = network.logits_along(others.embeddings[begin - first : end])
    logits[~others.usable] = -60.0
    return logits


def _shared(chosen: npt.NDArray[np.bool_], total: float) -> npt.NDArray[np.float64]:
    """A weight shared out evenly among the chosen."""
    count = np.count_nonzero(chosen)
    return chosen.astype(np.float64) * (total / count if count else 0.0)
