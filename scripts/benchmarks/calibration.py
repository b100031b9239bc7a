"""Whether confidence means anything: what thresholds do, ROC, and reliability."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scripts.benchmarks.hearing import Heard
from scripts.benchmarks.tables import Share

REJECTED = "rejected"
EDGES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Level:
    """What is done with a sentence from such a confidence on."""

    outcome: str
    minimum: float


def outcomes(heard: Sequence[Heard], levels: Sequence[Level]) -> dict[str, Share]:
    """How many come to each outcome; levels from the highest down, 'rejected' is below them all."""
    counts = {level.outcome: 0 for level in levels} | {REJECTED: 0}
    for one in heard:
        reached = (level.outcome for level in levels if one.accepted(level.minimum))
        counts[next(reached, REJECTED)] += 1
    return {name: Share(count, len(heard)) for name, count in counts.items()}


@dataclass(frozen=True)
class Point:
    """Of commands the share that is right and accepted, of other speech the share accepted."""

    threshold: float
    true_acceptance: float
    false_acceptance: float


def roc(commands: Sequence[Heard], others: Sequence[Heard]) -> list[Point]:
    """A point for each threshold that makes a difference, from the strictest down."""
    right = sorted(one.confidence for one in commands if one.right)
    wrong = sorted(one.confidence for one in others if one.said)
    points = [Point(math.nextafter(1.0, 2.0), 0.0, 0.0)]  # stricter than any confidence
    for threshold in sorted({*right, *wrong}, reverse=True):
        true, false = _from(right, threshold), _from(wrong, threshold)
        points.append(Point(threshold, true / len(commands), false / len(others)))
    return points


def _from(values: Sequence[float], threshold: float) -> int:
    """How many of the sorted values reach the threshold."""
    return len(values) - bisect_left(values, threshold)


def at(points: Sequence[Point], false_acceptance: float) -> Point:
    """The best point with at most so much false acceptance; of equals the strictest."""
    return max(
        (point for point in points if point.false_acceptance <= false_acceptance),
        key=lambda point: (point.true_acceptance, point.threshold),
    )


@dataclass(frozen=True)
class Bin:
    """Sentences with confidences in a range: how many, and by weight how sure and how often right.

    ``weight`` is its part of all.
    """

    low: float
    high: float
    count: int
    weight: float
    confidence: float
    right: float


def weights(groups: Mapping[str, Sequence[Heard]], parts: Mapping[str, float]) -> list[float]:
    """A weight for each clip of the groups, in order: each group has its part of all."""
    return [parts[name] / len(group) for name, group in groups.items() for _ in group]


def reliability(heard: Sequence[Heard], weighted: Sequence[float]) -> list[Bin]:
    """Bins by confidence of what gave a sentence; empty ones are left out."""
    pairs = [(one, weight) for one, weight in zip(heard, weighted, strict=True) if one.said]
    total = sum(weight for _, weight in pairs)
    found = []
    for low, high in pairwise(EDGES):
        inside = [
            (one, weight)
            for one, weight in pairs
            if low <= one.confidence < high or one.confidence == high == EDGES[-1]
        ]
        if inside:
            weight = sum(weight for _, weight in inside)
            sure = sum(one.confidence * weight for one, weight in inside) / weight
            right = sum(one.right * weight for one, weight in inside) / weight
            found.append(Bin(low, high, len(inside), weight / total, sure, right))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far confidence is from the share that is right, on average (expected calibration error).

    Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    return sum(one.weight * abs(one.confidence - one.right) for one in bins)
