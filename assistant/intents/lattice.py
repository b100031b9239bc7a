"""What was heard, as a lattice: at each place the words of the graph that it may be, and the cost.

A heard word is a word of the graph, two of them run together, or half of one; or nothing at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from assistant.intents.sounds import Costs, Phones, Sounds

# Words further apart than this are no mishearing of each other: one is missing, one too much.
FURTHEST = 0.33
# Where word breaks move as well there is so much to choose from that they must be nearer.
FURTHEST_JOINED = 0.15
# A homophone, or words run together, still is a difference: what was said as it is written wins.
LEAST_COST = 0.02
# Two neighbours the other way round: a share of what one missing and one too much would cost.
EXCHANGED = 0.3
WITHIN = -1
"""A place between two halves, which gets its number later."""


class Step(NamedTuple):
    """Words heard, what each word that was meant by them costs, and the place after them."""

    heard: str
    costs: Mapping[str, float]
    target: int


@dataclass(frozen=True)
class Lattice:
    """Places 0 to ``end`` are before and between the words and at the end; others are within words.

    ``extra[place]`` is the cost of leaving out the word there. ``rest[place]`` is the least that
    everything from there on can cost, whatever the graph. ``before[place]`` is the weight of the
    words before a place.
    """

    words: tuple[str, ...]
    steps: tuple[tuple[Step, ...], ...]
    extra: tuple[float, ...]
    rest: tuple[float, ...]
    before: tuple[float, ...]

    @property
    def weight(self) -> float:
        """The weight of all words."""
        return self.before[self.end]

    @property
    def end(self) -> int:
        """The place after the last word."""
        return len(self.words)


def make_lattice(
    words: Sequence[str],
    sounds: Sounds,
    phones: Phones,
    weights: Mapping[str, float],
    skip: Collection[tuple[str, ...]],
) -> Lattice:
    """Compare heard words, single, in pairs and cut in two, with all words of a vocabulary.

    ``skip`` are word sequences that mean nothing: leaving them out costs nothing.
    """
    return _Maker(tuple(words), sounds, phones, weights).make(_skipped(words, skip))


def _skipped(words: Sequence[str], skip: Collection[tuple[str, ...]]) -> set[int]:
    return {
        within
        for index in range(len(words))
        for one in skip
        if tuple(words[index : index + len(one)]) == one
        for within in range(index, index + len(one))
    }


class _Maker:
    def __init__(
        self,
        words: tuple[str, ...],
        sounds: Sounds,
        phones: Phones,
        weights: Mapping[str, float],
    ) -> None:
        self.words, self.sounds, self.phones = words, sounds, phones
        self.known = weights
        self.heard_weights = [weights.get(word, 1.0) for word in words]
        self.weights = np.array([weights[word] for word in sounds.words], np.float32)

    def make(self, skipped: Collection[int]) -> Lattice:
        end = len(self.words)
        extra = [0.0 if n in skipped else self.heard_weights[n] for n in range(end)]
        steps: list[list[Step]] = [[] for _ in range(end + 1)]
        rest = [0.0] * (end + 1)
        before = [0.0, *accumulate(extra)]
        for place in reversed(range(end)):
            here = steps[place]
            here.append(self.step(place, place + 1))
            if place + 2 <= end:
                here.append(self.step(place, place + 2))
            for front, back in [*self.halves(place), *self.exchanged(place)]:
                here.append(front._replace(target=len(steps)))
                steps.append([back])
                rest.append(min(back.costs.values()) + rest[back.target])
                before.append(before[back.target])
            nearest = [min(s.costs.values()) + rest[s.target] for s in here if s.costs]
            rest[place] = min(extra[place] + rest[place + 1], *nearest, float("inf"))
        kept = tuple(tuple(step for step in one if step.costs) for one in steps)
        return Lattice(self.words, kept, tuple(extra), tuple(rest), tuple(before))

    def step(self, begin: int, end: int) -> Step:
        heard = self.words[begin:end]
        costs = self.sounds.costs(heard, self.phones)
        weight = sum(self.heard_weights[begin:end])
        if len(heard) == 1:
            near = self.near(costs, weight, FURTHEST)
            near |= {word: 0.0 for word in heard if word in near}
        else:
            near = self.near(costs, weight, FURTHEST_JOINED)
            near = {word: cost for word, cost in near.items() if word not in heard}
        return Step(" ".join(heard), near, end)

    def halves(self, place: int) -> Iterator[tuple[Step, Step]]:
        """The ways to cut a word: a step for each half, with a place between them."""
        word, weight = self.words[place], self.heard_weights[place]
        for share, front, back in self.sounds.halves(word, self.phones):
            in_front = self.near(front, share * weight, FURTHEST_JOINED)
            behind = self.near(back, (1.0 - share) * weight, FURTHEST_JOINED)
            if in_front and behind:
                yield Step(word, in_front, WITHIN), Step("", behind, place + 1)

    def exchanged(self, place: int) -> Iterator[tuple[Step, Step]]:
        """A word and the next one the other way round, if the graph has both."""
        pair = self.words[place : place + 2]
        if len(pair) == 2 and pair[0] != pair[1] and all(word in self.known for word in pair):
            weights = self.heard_weights[place : place + 2]
            second, first = (rounded(EXCHANGED * weight) for weight in weights)
            yield (
                Step(" ".join(pair), {pair[1]: first}, WITHIN),
                Step("", {pair[0]: second}, place + 2),
            )

    def near(self, costs: Costs, weight: float, furthest: float) -> dict[str, float]:
        """Words that are near enough, each with how far it is times the weights of both."""
        close = np.flatnonzero(costs <= furthest)
        priced = np.maximum(costs[close], LEAST_COST) * (weight + self.weights[close])
        prices = (rounded(float(price)) for price in priced)
        return {self.sounds.words[n]: price for n, price in zip(close, prices, strict=True)}


def rounded(price: float) -> float:
    """The price in 1024ths: sums of such are exact, so equal ones are equal in any order."""
    return round(price * 1024) / 1024
