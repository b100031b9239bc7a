"""Finds sentences of a grammar in what the network tells, both ways.

The search goes by what it tells by CTC. The best sentences that it finds, and whatever words are
asked for, are then aligned with what it tells frame by frame, and both scores are summed: a
sentence has to be right in where its phones are surest, and in how long each of them lasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.alignment import Frames, align
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import Hypothesis, Scores, Weights
from assistant.recognizers.phones.network import CTC, FRAMEWISE, INVENTORY, UNITS
from assistant.recognizers.phones.search import Search
from assistant.recognizers.pronunciation import Phones

USUAL = Weights()
FRAME_BY_FRAME = Weights(blank_bias=0.0, phone_bonus=1.0)
"""For the scores frame by frame, which have no need of a bias: silence is only told in silence."""
FEWEST = 10
"""So many sentences are looked at both ways, however few are wanted."""


class Decoder:
    """Hears utterances of one grammar; ``pronunciations`` are of its words, and of any others."""

    def __init__(
        self,
        graph: PhoneGraph,
        pronunciations: Mapping[str, Sequence[Phones]],
        weights: Weights = USUAL,
    ) -> None:
        self._pronunciations = pronunciations
        self._weights = weights
        self._search = Search(graph, weights)
        self.start()

    def start(self) -> None:
        """Begin an utterance, dropping one under way."""
        self._search.start()
        self._posteriors: list[npt.NDArray[np.floating]] = []
        self._found: list[Hypothesis] = []
        self._wanted = 0  # so many were looked for, be there as many or not

    def copy(self) -> Decoder:
        """Return one that goes on from here by itself."""
        other = copy(self)
        vars(other).update(_search=self._search.copy(), _posteriors=self._posteriors.copy())
        return other

    @property
    def has_heard(self) -> bool:
        """Whether there is something of the utterance yet."""
        return bool(self._posteriors)

    def feed(self, log_posteriors: npt.NDArray[np.floating]) -> None:
        """Take the next frames, any number of them, each with all outputs."""
        self._search.feed(log_posteriors[:, CTC])
        self._posteriors.append(log_posteriors)
        self._wanted = 0

    def partial(self) -> list[str]:
        """The words of the best token so far."""
        return self._search.partial()

    def beginning(self) -> Hypothesis | None:
        """The best words that may have ended here, by CTC alone."""
        return self._search.beginning()

    def finish(self, most: int = FEWEST) -> list[Hypothesis]:
        """The best sentences, if the utterance is over here; it may go on all the same."""
        if most > self._wanted:
            self._wanted = max(most, FEWEST)
            lasting = self._frames(FRAMEWISE, FRAME_BY_FRAME)
            found = [
                _both(one, align(lasting, one.text.split(), self._pronunciations, INVENTORY))
                for one in self._search.finish(self._wanted)
            ]
            kept = [one for one in found if one is not None]
            self._found = sorted(kept, key=lambda one: -one.score)
        return self._found[:most]

    def align(self, words: Sequence[str]) -> Hypothesis | None:
        """How well these words fit, be they a sentence or not; None where they cannot."""
        surest = align(self._frames(CTC, self._weights), words, self._pronunciations, INVENTORY)
        if surest is None:
            return None
        lasting = self._frames(FRAMEWISE, FRAME_BY_FRAME)
        return _both(surest, align(lasting, words, self._pronunciations, INVENTORY))

    def _frames(self, outputs: slice, weights: Weights) -> Frames:
        heard = [one[:, outputs] for one in self._posteriors]
        relative: Scores = weights.relative(
            np.concatenate(heard) if heard else np.empty((0, UNITS))
        )
        return Frames(relative, weights)


def _both(surest: Hypothesis, lasting: Hypothesis | None) -> Hypothesis | None:
    """The same words both ways; when each was said is told by how long its phones last."""
    if lasting is None:
        return None
    return Hypothesis(
        lasting.words,
        surest.score + lasting.score,
        surest.acoustic + lasting.acoustic,
        surest.phones,
    )
