"""What a voice is like, whatever it says: the shape of its vocal tract, and its pitch.

The cepstrum of a linear prediction says where the resonances of the throat and mouth lie; its mean
over voiced frames tells people apart better than the mean of mel frames does, which also hears the
noise between the harmonics, and far better than the wake word's speech embedding, which was trained
to hear words alike whoever says them (``scripts/bench wake-speaker``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import SAMPLE_RATE

if TYPE_CHECKING:
    from assistant.audio.frames import Samples

Vector: TypeAlias = npt.NDArray[np.float64]

STEP_SAMPLES = 160  # 10 ms
ENVELOPE_SAMPLES = 512  # 32 ms
PITCH_SAMPLES = 640  # 40 ms: more than two periods of the lowest pitch
# A resonance for each 1000 Hz takes two coefficients of prediction (Markel and Gray, "Linear
# Prediction of Speech", 1976); the cepstrum goes on a little further than the prediction.
PREDICTORS = 16
CEPSTRA = 20
LEAKAGE = 1.001  # white noise of -30 dB, so that every prediction is stable
LOWEST_HERTZ, HIGHEST_HERTZ = 60, 400
PITCH_BAND_HERTZ = 1500  # what is periodic above it is periodic below it, too
SHORTER_PERIOD = 0.0008
"""For each sample of its length: of a period and its double, which fit as well, the shorter one."""
SPEECH_DECIBELS = 30.0  # below the loudest frame
PERIODIC = 0.55  # of 1: how like the next period is to this one
LEAST_FRAMES = 10
"""Of a voice; fewer tell nothing."""
FEATURES = CEPSTRA + 1


def voice_features(samples: Samples) -> Vector | None:
    """Return the mean cepstrum and the middle pitch (octaves); None with too little of a voice."""
    if len(samples) < PITCH_SAMPLES:
        return None
    signal = samples.astype(np.float64)
    for_pitch = _frames(signal, PITCH_SAMPLES)
    frames = _frames(signal, ENVELOPE_SAMPLES)[: len(for_pitch)]
    energy = np.mean(np.square(frames), axis=1)
    speech = energy > np.max(energy) * 10 ** (-SPEECH_DECIBELS / 10)
    octaves, likeness = _pitch(for_pitch)
    voiced = speech & (likeness > PERIODIC)
    if np.count_nonzero(voiced) < LEAST_FRAMES:
        return None
    cepstra = _cepstra(frames[voiced])
    return np.append(cepstra.mean(axis=0), np.median(octaves[voiced]))


def _frames(signal: Vector, length: int) -> Vector:
    return np.lib.stride_tricks.sliding_window_view(signal, length)[::STEP_SAMPLES]


def _pitch(frames: Vector) -> tuple[Vector, Vector]:
    """Return of each frame log2 of the pitch in Hz, and how periodic it is, by autocorrelation."""
    window = np.hanning(PITCH_SAMPLES)
    size = 4 * ENVELOPE_SAMPLES
    power = _power((frames - frames.mean(axis=1, keepdims=True)) * window, size)
    power[:, np.fft.rfftfreq(size, 1 / SAMPLE_RATE) > PITCH_BAND_HERTZ] = 0.0
    of_window = np.fft.irfft(_power(window[None], size), axis=1)
    lags = np.arange(SAMPLE_RATE // HIGHEST_HERTZ, SAMPLE_RATE // LOWEST_HERTZ + 1)
    correlation = np.fft.irfft(power, axis=1)
    likeness = correlation[:, lags] / (correlation[:, :1] + 1e-9)
    likeness /= of_window[:, lags] / of_window[:, :1]
    best = np.argmax(likeness - SHORTER_PERIOD * lags, axis=1)
    return np.log2(SAMPLE_RATE / lags[best]), np.take_along_axis(likeness, best[:, None], 1)[:, 0]


def _cepstra(frames: Vector) -> Vector:
    """Return the cepstrum of each frame's linear prediction, without its level."""
    emphasised = np.diff(frames, axis=1, prepend=frames[:, :1]) * np.hanning(ENVELOPE_SAMPLES)
    correlation = np.fft.irfft(_power(emphasised, 2 * ENVELOPE_SAMPLES), axis=1)
    correlation = correlation[:, : PREDICTORS + 1] / (correlation[:, :1] + 1e-9)
    correlation[:, 0] = LEAKAGE
    lags = np.abs(np.subtract.outer(np.arange(PREDICTORS), np.arange(PREDICTORS)))
    predictor = np.linalg.solve(correlation[:, lags], correlation[:, 1:, None])[:, :, 0]
    cepstra = np.zeros((len(frames), CEPSTRA + 1))
    for n in range(1, CEPSTRA + 1):  # the recursion from prediction to cepstrum
        if n <= PREDICTORS:
            cepstra[:, n] = predictor[:, n - 1]
        for k in range(max(1, n - PREDICTORS), n):
            cepstra[:, n] += k / n * cepstra[:, k] * predictor[:, n - k - 1]
    return cepstra[:, 1:]


def _power(frames: Vector, size: int) -> Vector:
    power: Vector = np.square(np.abs(np.fft.rfft(frames, size, axis=1)))
    return power
