"""One setting for all words: how many false alarms a day are put up with, whatever the scores mean.

The highest scores of speech in which a word does not occur fall off exponentially with their
log-odds, as the tails of most scores do; two numbers therefore tell how often each threshold is
reached. ``scripts/bench wake-calibration`` finds them for the words of the packages, on synthesised
speech, and training finds them for a word of the owner's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

SPEECH_HOURS = 1.0
"""A day has so much speech near the microphone that is not for it, half of it in noise."""

# A sensitivity of 0 is a false alarm in a year, 0.5 four in a week, 1 one in half a minute of
# speech. Where 0.5 lies was decided on half 'dev' of recordings of "alexa" and of others by many
# people (assistant wake test): none falsely heard, two of 80 missed in noise of 10 dB.
LEAST_A_DAY, MOST_A_DAY = 1.0 / 365.0, 120.0

LEAST_SLOPE, USUAL_SLOPE = 0.3, 1.0
"""That of the packaged words is from 0.6 to 1.6."""

LEAST_THRESHOLD, MOST_THRESHOLD = 0.3, 0.95
"""Beyond these a few hours of speech tell nothing."""

SPEAKING_LOG_ODDS = 1.2
"""While the assistant speaks itself a score has to be so much surer: of "hey jarvis" 0.92 then, at
which its own voice was never heard as one (scripts/bench self-hearing)."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """An hour of speech has exp(``intercept`` - ``slope`` * log-odds) peaks over these log-odds."""

    intercept: float
    slope: float

    def threshold(self, sensitivity: float) -> float:
        """Return the score at which there are as many false alarms as ``sensitivity`` 0..1 says."""
        hourly = false_alarms_a_day(sensitivity) / SPEECH_HOURS
        log_odds = (self.intercept - log(hourly)) / self.slope
        return min(MOST_THRESHOLD, max(LEAST_THRESHOLD, _probability(log_odds)))

    def false_alarms(self, threshold: float) -> float:
        """Return how many false alarms there are in a day at this threshold."""
        return SPEECH_HOURS * exp(self.intercept - self.slope * log_odds_of(threshold))


def through(threshold: float, slope: float = USUAL_SLOPE) -> Calibration:
    """Return a calibration that has this threshold at a sensitivity of 0.5."""
    hourly = false_alarms_a_day(0.5) / SPEECH_HOURS
    return Calibration(log(hourly) + slope * log_odds_of(threshold), slope)


def false_alarms_a_day(sensitivity: float) -> float:
    """Return what a sensitivity of 0..1 stands for."""
    return float(LEAST_A_DAY * (MOST_A_DAY / LEAST_A_DAY) ** sensitivity)


def raised(threshold: float) -> float:
    """Return the threshold while the assistant speaks."""
    return min(MOST_THRESHOLD, _probability(log_odds_of(threshold) + SPEAKING_LOG_ODDS))


def fit(peaks: Sequence[float], hours: float, count: int = 40) -> Calibration:
    """Fit the tail of the highest ``count`` of these scores, one for each stretch of speech.

    The maximum likelihood of an exponential tail over its lowest value. Raises ValueError for too
    few peaks.
    """
    if len(peaks) <= count:
        raise ValueError(f"{len(peaks)} peaks are too few to fit {count}")
    ordered = sorted((log_odds_of(peak) for peak in peaks), reverse=True)
    lowest = ordered[count]
    excess = sum(ordered[:count]) / count - lowest
    slope = 1.0 / max(excess, 1e-3)
    return Calibration(log(count / hours) + slope * lowest, slope)


def log_odds_of(probability: float) -> float:
    """Return log(p / (1 - p)), for p of exactly 0 or 1 too."""
    kept = min(1.0 - 1e-6, max(1e-6, probability))
    return log(kept / (1.0 - kept))


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-log_odds))
