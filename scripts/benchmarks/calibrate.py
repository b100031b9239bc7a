"""``calibrate``: the constants of PocketSphinx's confidence, from what a run has dumped.

From each confidence follows how well the words fitted; a logistic regression tells anew how often
words that fit so well are right. As in ``reliability``, most of the weight is with commands.
"""

from __future__ import annotations

import math
from pathlib import Path

import click
import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.recognizers.confidence import INTERCEPT, WEIGHT
from scripts.benchmarks import recognition
from scripts.benchmarks.hearing import Heard, read
from scripts.benchmarks.tables import Report

MILLI = 1_000.0
ALMOST_FREE = 100.0
"""Of regularisation: there are hundreds of clips for two constants."""


def measure(dump: Path) -> Report:
    """Fit the constants to the clips of a dump of ``recognizers --split dev``."""
    try:
        by_ears = read(dump)
    except (ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"{dump} is no dump of 'recognizers'") from error
    if "PocketSphinx" not in by_ears:
        raise click.UsageError(f"PocketSphinx heard nothing in {dump}")
    heard, at_home = by_ears["PocketSphinx"], by_ears.get("PocketSphinx, home", [])
    clips, weights = recognition.weighed(heard, at_home)
    said = [
        (fit_of(one), one.right, weight)
        for one, weight in zip(clips, weights, strict=True)
        if one.said and 0.0 < one.confidence < 1.0
    ]
    intercept, weight = constants(said)
    text = (
        f"Of {len(said)} sentences: `INTERCEPT = {intercept:.2f}`, `WEIGHT = {weight:,.0f}` "
        f"(in use: {INTERCEPT:.2f}, {WEIGHT:,.0f})."
    )
    figures = {"sentences": len(said), "intercept": intercept, "weight": weight}
    return Report("calibrate", "Confidence", (text,), figures)


def fit_of(one: Heard) -> float:
    """How well the words fitted, in nats a frame."""
    return (math.log(one.confidence / (1.0 - one.confidence)) - INTERCEPT) / WEIGHT


def constants(said: list[tuple[float, bool, float]]) -> tuple[float, float]:
    """Intercept and weight that make confidences of fits; each with its truth and its weight."""
    fits, right, weights = (np.array(column) for column in zip(*said, strict=True))
    model = LogisticRegression(C=ALMOST_FREE)
    model.fit(fits[:, None] * MILLI, right, sample_weight=weights / weights.mean())
    return float(model.intercept_[0]), float(model.coef_[0, 0]) * MILLI
