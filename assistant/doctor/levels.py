"""What the samples of a microphone tell about it: silence, cut tops, a clock that is wrong."""

from __future__ import annotations

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples, level_dbfs
from assistant.doctor.findings import Finding, failed, good, warning

TOO_QUIET_DBFS = -80.0
"""A room at night has some -65 dBFS at a usual gain; a microphone that is nearly off has less."""

TOO_LOUD_DBFS = -25.0
"""What speech has. A room that is always so loud drowns it."""

CUT_SHARE = 0.001
"""Of the samples at full scale. Speech that is too loud has more; a knock has fewer."""

CLOCK_TOLERANCE = 0.08
"""Of the rate. A clock that is off by more shifts speech by a semitone and a half."""

TOO_LOUD_HINT = "Turn the microphone down: alsamixer, F6 for the card, F4 for the microphone."
TOO_QUIET_HINT = (
    "Turn the microphone up: alsamixer, F6 for the card, F4 for the microphone; "
    "then sudo alsactl store."
)


def judge_samples(check: str, samples: Samples, seconds: float) -> Finding:
    """Judge what a microphone gave in so many ``seconds`` of the clock on the wall."""
    rate = len(samples) / seconds
    if abs(rate / SAMPLE_RATE - 1) > CLOCK_TOLERANCE:
        return failed(
            check,
            f"It gives {rate:.0f} samples a second instead of {SAMPLE_RATE}.",
            "Its rate is wrong, or the machine is too busy. Try another name of it in "
            "`assistant devices`, such as one that begins with 'plughw' or 'default'.",
        )
    if not samples.any():
        return failed(
            check,
            "It gives nothing but zeros.",
            "It is muted or switched off: look for a switch on it, and for MM in alsamixer (F4).",
        )
    if np.all(samples == samples[0]):
        return failed(
            check,
            "It always gives the same number.",
            "It is broken, or its cable is: try it on another machine.",
        )
    cut = float(np.mean((samples >= np.iinfo(np.int16).max) | (samples <= np.iinfo(np.int16).min)))
    level = level_dbfs(samples)
    if cut > CUT_SHARE:
        return failed(check, f"It is cut off at the top: {cut:.1%} of the samples.", TOO_LOUD_HINT)
    return judge_level(check, level)


def judge_level(check: str, level: float) -> Finding:
    """Judge the level of a room where nobody need speak, in dBFS."""
    if level < TOO_QUIET_DBFS:
        return warning(check, f"It is very quiet: {level:.0f} dBFS.", TOO_QUIET_HINT)
    if level > TOO_LOUD_DBFS:
        return warning(
            check,
            f"It is loud where it stands: {level:.0f} dBFS.",
            f"If nobody spoke: move it away from what makes the noise. {TOO_LOUD_HINT}",
        )
    return good(check, f"It hears the room, at {level:.0f} dBFS.")


def tone_gain_db(before: Samples, during: Samples, hertz: float) -> float:
    """Tell by how much more of a tone there is in one sound than in another, in dB."""

    def power(samples: Samples) -> float:
        signal = samples.astype(np.float64)
        turning = np.exp(-2j * np.pi * hertz / SAMPLE_RATE * np.arange(len(signal)))
        return float(np.abs(np.mean(signal * turning)) ** 2)

    return 10.0 * float(np.log10((power(during) + 1e-3) / (power(before) + 1e-3)))
