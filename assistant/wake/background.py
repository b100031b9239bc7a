"""How much voices differ from each other, and each from itself: the measure of "the same voice".

A voice is taken to be normally distributed among all voices, and what is heard of it to be so
around it (a two-covariance model, the plainest form of probabilistic linear discriminant analysis);
along the axes of ``projection`` its own spread is 1 and that among voices is ``between``. The score
is the log-likelihood ratio of "the enrolled voice" to "any voice".
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.wake.voice import Vector

SHIPPED = Path(__file__).with_name("voices.npz")
"""Made by ``scripts/make-voices``."""
SHRINKAGE = 0.3
"""Of the spread within a voice towards an even one: 64 synthetic voices are no people.

0.1, 0.3, 0.5 and 0.8 were tried on real voices.
"""
LEAST_BETWEEN = 0.02
"""Axes along which voices differ by less than this tell nothing."""


@dataclass(frozen=True)
class Background:
    """The measure; ``mean`` is that of all voices."""

    mean: Vector
    projection: Vector
    between: Vector

    def log_ratio(self, enrolled: Vector, heard: Vector) -> float:
        """Return how much likelier ``heard`` is of the voice of the rows of ``enrolled``."""
        voice, sound = self._project(enrolled), self._project(heard)
        among = self.between + 1.0
        spread = self.between / (1.0 + len(voice) * self.between)  # left of what is not known
        centre = len(voice) * spread * voice.mean(axis=0)
        same = np.log(1.0 + spread) + np.square(sound - centre) / (1.0 + spread)
        other = np.log(among) + np.square(sound) / among
        return float(np.sum(other - same) / 2.0)

    def score(self, enrolled: Vector, heard: Vector) -> float:
        """Return the same as a probability, with as many calls of others as of the owner's."""
        log_odds = np.clip(self.log_ratio(enrolled, heard), -50.0, 50.0)
        return float(1.0 / (1.0 + np.exp(-log_odds)))

    def _project(self, features: Vector) -> Vector:
        projected: Vector = (features - self.mean) @ self.projection
        return projected


def learn(features: Vector, voices: npt.NDArray[np.int64]) -> Background:
    """Learn the measure from recordings (rows), and which voice each of them is."""
    scale = features.std(axis=0)
    mean = features.mean(axis=0)
    scaled = (features - mean) / scale
    names, of_voice, counts = np.unique(voices, return_inverse=True, return_counts=True)
    centres = np.array([scaled[of_voice == at].mean(axis=0) for at in range(len(names))])
    rest = scaled - centres[of_voice]
    within = rest.T @ rest / (len(rest) - len(names))
    size = len(within)
    within = (1 - SHRINKAGE) * within + SHRINKAGE * np.trace(within) / size * np.eye(size)
    between = np.cov(centres.T) - within / counts.mean()
    white = np.linalg.inv(np.linalg.cholesky(within))
    spread, axes = np.linalg.eigh(white @ between @ white.T)
    kept = spread > LEAST_BETWEEN
    projection = (axes[:, kept].T @ white / scale).T
    return Background(mean, projection, spread[kept])


def save_background(background: Background, path: Path) -> None:
    """Write the file, the same bytes for the same measure."""
    with path.open("wb") as file:
        np.savez(
            file,
            mean=background.mean,
            projection=background.projection,
            between=background.between,
        )


@cache
def shipped_background() -> Background:
    """Return the measure that comes with the assistant."""
    with np.load(io.BytesIO(SHIPPED.read_bytes()), allow_pickle=False) as file:
        return Background(file["mean"], file["projection"], file["between"])
