"""How often a word is missed and how often falsely heard, by threshold, from logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SECONDS
from assistant.wake.network import Floats

REFRACTORY_SECONDS = 1.5
"""Detections nearer to each other than this are one, as with the assistant's own setting."""
POINTS = 40
JUST_ABOVE = 1e-3

# What follows was chosen on the half 'dev' of recordings of "alexa" and "snowboy", and matters
# little: values near these give much the same.
DENSE = 8.0
"""An hour of the negative set, dense speech mostly in noise, judged by single networks where the
trained word is the mean of all, has as many false alarms as so many hours of real speech."""
ALARM_COST = 0.01
"""A false alarm in an hour of real speech is as bad as a missed word in a hundred."""
STRAY = 1.75
"""By so much (a logistic's scale) another voice, or another noise, moves the logit of a word."""
RATES_BETWEEN = (12.0, 1.0)
"""The threshold has so many false alarms an hour of the negative set at most, and at least."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold (0..1) costs: false alarms an hour, and shares of words missed."""

    threshold: float
    false_alarms_an_hour: float
    missed: float
    missed_in_noise: float

    def plain(self) -> dict[str, float]:
        """For JSON."""
        return {name: round(value, 5) for name, value in asdict(self).items()}


def peaks(logits: Floats) -> npt.NDArray[np.float64]:
    """The logit of each false alarm that there would be, the highest first.

    As many of them are over a threshold as there are false alarms at it (or a few more: at a low
    threshold two may be one).
    """
    apart = round(REFRACTORY_SECONDS / CHUNK_SECONDS)
    left = logits.astype(np.float64)
    found = []
    order = np.argsort(left)[::-1]
    taken = np.zeros(len(left), bool)
    for at in order[: 50 * POINTS].tolist():
        if not taken[at]:
            found.append(left[at])
            taken[max(0, at - apart) : at + apart + 1] = True
    return np.array(found)


def count_over(peaks: npt.NDArray[np.float64], logit: float) -> int:
    """How many are at or over a threshold."""
    return int(np.count_nonzero(peaks >= logit))


def threshold_for(false_alarms: npt.NDArray[np.float64], most: int) -> float:
    """The lowest logit with at most so many false alarms; 0 where there never are more."""
    return float(false_alarms[most]) + JUST_ABOVE if len(false_alarms) > most else 0.0


def balanced(
    false_alarms: npt.NDArray[np.float64], hours: float, words: npt.NDArray[np.float64]
) -> float:
    """The logit at which missed words and false alarms together cost least.

    Where all words are far above what others say the threshold gets out of the reach of both; where
    they are mingled it lies so low that few words are missed. ``words`` are the logits of words.
    """
    lowest, highest = (threshold_for(false_alarms, int(rate * hours)) for rate in RATES_BETWEEN)
    logits = np.linspace(lowest, max(lowest, highest), POINTS)
    missed = np.mean(1.0 / (1.0 + np.exp((words - logits[:, None]) / STRAY)), axis=1)
    alarms = np.array([count_over(false_alarms, one) for one in logits]) / max(hours, 1e-9)
    return float(logits[np.argmin(missed + ALARM_COST * alarms / DENSE)])


def det(
    false_alarms: npt.NDArray[np.float64],
    hours: float,
    clean: Sequence[float],
    noisy: Sequence[float],
) -> list[Point]:
    """The trade-off: a point at each of some thresholds, from few false alarms to many."""
    words = np.array([*clean, *noisy])
    highest = float(max(false_alarms[0] if len(false_alarms) else 0.0, np.max(words, initial=0.0)))
    lowest = float(false_alarms[-1]) if len(false_alarms) else -highest
    return [
        Point(
            sigmoid(logit),
            count_over(false_alarms, logit) / hours if hours else 0.0,
            _share_below(clean, logit),
            _share_below(noisy, logit),
        )
        for logit in np.linspace(highest, lowest, POINTS).tolist()
    ]


def sigmoid(logit: float) -> float:
    """From a logit to 0..1."""
    return float(1.0 / (1.0 + np.exp(-np.clip(logit, -60.0, 60.0))))


def _share_below(logits: Sequence[float], logit: float) -> float:
    return sum(one < logit for one in logits) / len(logits) if logits else 0.0
