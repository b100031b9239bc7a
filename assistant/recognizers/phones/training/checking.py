"""How well a network understands sentences of a grammar, and how often other speech is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.recognizers.phones.confidence import AS_SHIPPED, fit
from assistant.recognizers.phones.decoder import Decoder
from assistant.recognizers.phones.network import PhoneNetwork
from assistant.recognizers.phones.training.examples import Example


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is played for a check: ``text`` is '' where it is no sentence of the grammar."""

    example: Example
    text: str


BELIEVED_SHARE = 0.05
"""Of other speech so much may be taken for a command: training moves confidences, so networks are
compared where they are as gullible, and not at one confidence."""


@dataclass(frozen=True, slots=True)
class Check:
    """Of so many sentences so many were right, and surer than nearly all of the ``others``."""

    sentences: int
    right: int
    others: int

    def better_than(self, other: Check) -> bool:
        """Whether more is understood of the same sentences."""
        return self.right > other.right


def check(network: PhoneNetwork, decoder: Decoder, sentences: Sequence[Sentence]) -> Check:
    """Hear the sentences, each by itself."""
    right, others = [], []
    for one in sentences:
        decoder.start()
        decoder.feed(network.posteriors(one.example.frames.astype(np.float32)))
        best = next(iter(decoder.finish(1)), None)
        sure = AS_SHIPPED.own(fit(best)) if best is not None else 0.0
        if not one.text:
            others.append(sure)
        elif best is not None and best.text == one.text:
            right.append(sure)
    known = sum(bool(one.text) for one in sentences)
    least = gullible(others)
    return Check(known, sum(sure > least for sure in right), len(others))


def gullible(confidences: Sequence[float]) -> float:
    """The confidence that no more than ``BELIEVED_SHARE`` of these exceed."""
    ordered = sorted(confidences, reverse=True)
    return ordered[int(BELIEVED_SHARE * len(ordered))] if ordered else 0.0
